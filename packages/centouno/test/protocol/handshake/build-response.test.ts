import { describe, expect, test } from 'vitest'
import { encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'
import { buildRefusal, buildSwitch } from '../../../src/protocol/handshake/build-response.ts'
import { HandshakeInputError } from '../../../src/protocol/handshake/handshake-input-error.ts'
import type { Refusal } from '../../../src/protocol/handshake/judgement.ts'
import { fieldValues } from '../../../src/protocol/http/field-lookup.ts'
import { parseResponseHead } from '../../../src/protocol/http/response-head.ts'
import { judgedSwitch, judgedWith, sampleAccept, sampleKey } from '../../opening-handshake/messages.ts'

describe('buildSwitch', () => {
  test('H-SRV-11 to H-SRV-14: the 101 of RFC 6455 §1.3', () => {
    const text = buildSwitch({
      key: sampleKey,
      subprotocol: 'chat',
      extensions: [],
      fields: [{ name: 'Set-Cookie', value: 'a=1' }],
    })
    expect(text.split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${sampleAccept}`,
      'Sec-WebSocket-Protocol: chat',
      'Set-Cookie: a=1',
      '',
      '',
    ])
    expect(judgedSwitch(text, { subprotocols: ['chat'] }).ok).toBe(true)
  })

  test('H-SRV-15: the agreed extensions stand on one line', () => {
    const extensions = [
      { name: 'permessage-deflate', parameters: [{ name: 'server_max_window_bits', value: '10' }] },
      { name: 'foo', parameters: [] },
    ]
    expect(buildSwitch({ key: sampleKey, subprotocol: '', extensions, fields: [] }).split('\r\n')).toContain(
      'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10, foo',
    )
  })

  test('H-SRV-09, H-SRV-10: what was not agreed is not mentioned', () => {
    const text = buildSwitch({ key: sampleKey, subprotocol: '', extensions: [], fields: [] })
    expect(text).not.toMatch(/Protocol:|Extensions:/)
  })

  test('H-SRV-18: no field may announce a body, nor change the handshake', () => {
    for (const name of ['Content-Length', 'Transfer-Encoding', 'Connection', 'Sec-WebSocket-Accept']) {
      const fields = [{ name, value: '0' }]
      expect(() => buildSwitch({ key: sampleKey, subprotocol: '', extensions: [], fields })).toThrow(
        HandshakeInputError,
      )
    }
  })
})

function refusalOf(changes: Parameters<typeof judgedWith>[0]): Refusal {
  const judgement = judgedWith(changes)
  if (judgement.ok) throw new Error('the request was accepted')
  return judgement.refusal
}

function split(response: string): { head: ReturnType<typeof parseResponseHead>; body: string } {
  const end = response.indexOf('\r\n\r\n') + 4
  return { head: parseResponseHead(encodeLatin1(response.slice(0, end))), body: response.slice(end) }
}

describe('buildRefusal', () => {
  test('a person with curl reads which rule was broken, by what, and what to do', () => {
    const { head, body } = split(buildRefusal(refusalOf({ fields: { Connection: 'keep-alive' } })))
    expect(head).toMatchObject({ status: 400, reason: 'Bad Request', faults: [] })
    const [status, english, chinese] = body.split('\n\n')
    expect(status).toBe('400 Bad Request\ncode: H-REQ-07')
    expect(english?.split('\n')).toEqual([
      'H-REQ-07 (RFC 6455 §4.1(6), §4.2.1(4)): `Connection` lists the option `Upgrade`, in upper or lower case.',
      '`Connection` is `keep-alive`: the option `Upgrade` is not among them. A proxy may have removed it.',
      expect.stringContaining('proxy_set_header Upgrade $http_upgrade'),
    ])
    expect(chinese).toContain('H-REQ-07')
    expect(chinese).toContain('`Connection` 是 `keep-alive`')
  })

  test('Content-Length counts the bytes of UTF-8', () => {
    const { head, body } = split(buildRefusal(refusalOf({ fields: { Host: undefined } })))
    expect(fieldValues(head.fields, 'content-length')).toEqual([String(Buffer.byteLength(body, 'utf8'))])
    expect(fieldValues(head.fields, 'content-type')).toEqual(['text/plain; charset=utf-8'])
    expect(fieldValues(head.fields, 'connection')).toEqual(['close'])
    expect(head.fields.filter(({ name }) => /^x-/i.test(name))).toEqual([])
  })

  test('H-SRV-19, H-SRV-07: a 426 names the protocol, lists it in Connection, and gives the version', () => {
    const { head } = split(buildRefusal(refusalOf({ fields: { Upgrade: undefined } })))
    expect(head).toMatchObject({ status: 426, reason: 'Upgrade Required' })
    expect(fieldValues(head.fields, 'upgrade')).toEqual(['websocket'])
    expect(fieldValues(head.fields, 'connection')).toEqual(['Upgrade, close'])
    expect(fieldValues(head.fields, 'sec-websocket-version')).toEqual(['13'])
  })

  test('HEAD gets the head alone, with the length the body would have had', () => {
    const refusal = refusalOf({ startLine: 'HEAD / HTTP/1.1' })
    const whole = split(buildRefusal(refusal))
    const alone = split(buildRefusal(refusal, 'HEAD'))
    expect(alone.body).toBe('')
    expect(alone.head.text).toBe(whole.head.text)
  })

  test('what an application says stands by itself, once', () => {
    const said = 'the token has expired'
    const refusal = { status: 401, fields: [], code: 'SERVER_REFUSED', sentence: { en: said, zh: said } }
    const { body } = split(buildRefusal(refusal))
    expect(body).toBe('401 Unauthorized\ncode: SERVER_REFUSED\n\nthe token has expired\n')
  })

  test('a status without a known phrase has none, and its space', () => {
    const refusal: Refusal = { status: 499, fields: [], code: 'SERVER_REFUSED', sentence: { en: 'a', zh: 'a' } }
    expect(buildRefusal(refusal).startsWith('HTTP/1.1 499 \r\n')).toBe(true)
  })

  test('fields that would break the response are not sent', () => {
    const parts = { status: 400, code: 'SERVER_REFUSED', sentence: { en: 'a', zh: 'a' } }
    for (const value of ['a\r\nX: b', 'caf\xe9', ' a']) {
      expect(() => buildRefusal({ ...parts, fields: [{ name: 'X-Foo', value }] })).toThrow(HandshakeInputError)
    }
    const own = buildRefusal({ ...parts, fields: [{ name: 'Content-Length', value: '0' }] })
    expect(own.match(/content-length/gi)).toHaveLength(1)
  })
})
