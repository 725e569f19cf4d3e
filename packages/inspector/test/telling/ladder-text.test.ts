import { expect, test } from 'vitest'
import { columnsOf } from '../../src/telling/columns.ts'
import { ladderText } from '../../src/telling/ladder-text.ts'
import { plainText } from '../../src/telling/styled-line.ts'
import type { Party, Rung } from '../../src/wire/rung.ts'

function rung(from: Party, to: Party, label: string, more: Partial<Rung> = {}): Rung {
  return {
    id: 0,
    layer: 'http',
    from,
    to,
    atMs: 1.5,
    label: { en: label, zh: `“${label}”` },
    sentence: { en: 'It says.', zh: '它说。' },
    clause: 'RFC 9112 §3',
    inferred: false,
    decrypted: false,
    alarming: false,
    bytes: '',
    byteCount: 0,
    fields: [],
    ...more,
  }
}

test('a proxy stands between: each arrow reaches from who sends to who receives', () => {
  const rungs = [
    rung('client', 'proxy', 'CONNECT a:80'),
    rung('proxy', 'client', '200 OK'),
    rung('client', 'server', 'GET /'),
  ]
  const [head = '', toProxy = '', fromProxy = '', through = ''] = ladderText(rungs, { language: 'en' }).map(plainText)
  expect(head).toMatch(/Client +Proxy +Server$/)
  expect(toProxy).toMatch(/│── CONNECT a:80 ─+▶│ +│$/)
  expect(fromProxy).toMatch(/│◀─ 200 OK ─+│ +│$/)
  expect(through).toMatch(/│── GET \/ ─+▶│$/)
  expect(new Set([toProxy, fromProxy, through].map((line) => line.lastIndexOf('│'))).size).toBe(1)
  expect(toProxy.indexOf('│', toProxy.indexOf('│') + 1)).toBe(fromProxy.indexOf('│', fromProxy.indexOf('│') + 1))
})

test('labels that are too long, or wide, keep the columns', () => {
  const rungs = [
    rung('client', 'server', 'x'.repeat(200)),
    rung('server', 'client', '服务器的一条很长的消息'.repeat(9)),
    rung('server', 'client', 'short'),
  ]
  const lines = ladderText(rungs, { language: 'zh' }).slice(1).map(plainText)
  expect(new Set(lines.map(columnsOf)).size).toBe(1)
  expect(lines[0]).toContain('…')
})

test('what is wrong stands out, what is inferred is a broken line, and what was left out is counted', () => {
  const rungs = [
    rung('server', 'client', '404', { alarming: true }),
    rung('client', 'server', 'SYN', { inferred: true }),
  ]
  const lines = ladderText(rungs, { language: 'en', omitted: 7 })
  expect(lines[1]?.find(({ text }) => text.includes('404'))?.style).toBe('bad')
  expect(plainText(lines[2] ?? [])).toMatch(/╌╌ SYN ╌+▶│ inferred$/)
  expect(plainText(lines[3] ?? [])).toContain('not kept: 7.')
})

test('with bytes: the sentence, sixteen bytes a line, the fields with their places, and how much was cut', () => {
  const bytes = Buffer.from('GET / HTTP/1.1\r\n\r\n')
  const fields = [
    {
      name: 'request-line',
      value: 'GET / HTTP/1.1',
      start: 0,
      end: 14,
      fields: [{ name: 'method', value: 'GET', start: 0, end: 3 }],
    },
    { name: 'FIN', value: '1', start: 14, end: 15, bits: [0, 0] as const },
  ]
  const derived = [{ kind: 'payload' as const, bytes: bytes.toString('base64'), byteCount: 18, text: 'as text' }]
  const told = { bytes: bytes.toString('base64'), byteCount: 30, fields, derived, redacted: true as const }
  const lines = ladderText([rung('client', 'server', 'GET /', told)], { language: 'en', withBytes: true }).map(
    plainText,
  )
  expect(lines.slice(2, 11)).toEqual([
    '      It says.  RFC 9112 §3',
    '      0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1··',
    expect.stringMatching(/^ {6}0010 {2}0d 0a +··$/),
    '      The first 18 of 30 bytes.',
    '      Secrets are replaced by ***.',
    '      request-line: GET / HTTP/1.1  [0–13]',
    '        method: GET  [0–2]',
    '      FIN: 1  [14.0–0]',
    '      Payload, as the receiver reads it',
  ])
  expect(lines).toContain('      as text')
})

test('without rungs it says that nothing crossed', () => {
  expect(ladderText([], { language: 'zh' }).map(plainText)).toEqual(['  没有任何往来：尝试在 TCP 开始之前就结束了。'])
})
