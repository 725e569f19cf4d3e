import { describe, expect, test } from 'vitest'
import { columnsOf } from '../../src/telling/columns.ts'
import { reportJson } from '../../src/telling/report-json.ts'
import { reportText } from '../../src/telling/report-text.ts'
import { plainText } from '../../src/telling/styled-line.ts'
import { connected, openReport, refusedReport, resolved, stage, verdict } from '../support/sample-report.ts'

function lines(...[report, options]: Parameters<typeof reportText>): string[] {
  return reportText(report, options).map(plainText)
}

const english = lines(openReport, { language: 'en' })
const chinese = lines(openReport, { language: 'zh' })

describe('the stages', () => {
  test('each has its beginning, its end and how long it took, in aligned columns', () => {
    const rows = english.filter((line) => /^ {2}[✓…✗] (resolve|connect|upgrade|open)/.test(line))
    expect(rows.map((row) => row.replace(/\s+/g, ' ').replace(/ █+.*/, '').trimEnd())).toEqual([
      ' ✓ resolve (DNS) 0.0 1.5 1.5',
      ' ✓ connect (TCP) 1.5 4.0 2.5',
      ' ✓ upgrade (HTTP) 4.0 10.0 6.0',
      ' … open 10.0 …',
    ])
    const ends = rows.slice(0, 3).map((row) => /^.*\d\.\d(?= )/.exec(row)?.[0].length)
    expect(new Set(ends).size).toBe(1)
  })

  test('columns align in Chinese too, where characters are twice as wide', () => {
    const rows = chinese.filter((line) => /^ {2}✓ \S+ \((DNS|TCP|HTTP)\)/.test(line))
    expect(rows).toHaveLength(3)
    expect(new Set(rows.map((row) => columnsOf(/^.*\d\.\d(?= )/.exec(row)?.[0] ?? ''))).size).toBe(1)
  })

  test('bars stand where the stage was, and even a quick one is seen', () => {
    const quick = {
      ...openReport,
      stages: [stage('resolve', 0, 0), stage('connect', 0, 100), stage('upgrade', 100, 100)],
    }
    const bars = lines(quick, { language: 'en' }).flatMap((line) => /█+/.exec(line)?.[0] ?? [])
    expect(bars.map((bar) => bar.length)).toEqual([1, 24, 1])
  })

  test('facts stand below', () => {
    expect(english).toContain('      address: 192.0.2.7 · port: 8080')
    expect(chinese).toContain('      地址: 192.0.2.7 · 端口: 8080')
  })

  test('what is a word of the engine’s is told in words of people’s', () => {
    const facts = { literal: true, authorized: false, initiator: 'local', firstFin: 'remote', host: 'local' }
    const report = { ...openReport, stages: [stage('secure', 0, 1, true, facts)] }
    expect(lines(report, { language: 'en' })).toContain(
      '      given as an address: yes · certificate verified: no · begun by: the client · first FIN from: the server · host: local',
    )
    expect(lines(report, { language: 'zh' }).join()).toContain('证书已通过验证: 否 · 发起方: 客户端')
  })

  test('a stage that failed is marked', () => {
    const failed = { ...openReport, stages: [resolved, { ...connected, ok: false }] }
    expect(lines(failed, { language: 'en' }).some((line) => line.startsWith('  ✗ connect (TCP)'))).toBe(true)
  })
})

describe('the heads', () => {
  test('stand line by line as sent, the empty line included', () => {
    const from = english.indexOf('  > GET /room?x=1 HTTP/1.1')
    expect(english.slice(from, from + 3)).toEqual([
      '  > GET /room?x=1 HTTP/1.1',
      '  > Host: chat.example:8080',
      '  > Upgrade: websocket',
    ])
    expect(english).toContain('  > ')
    expect(english).toContain('  < HTTP/1.1 101 Switching Protocols')
    expect(english).toContain('  < Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  })

  test('show no secret', () => {
    expect(english).toContain('  > Cookie: •••')
    expect(english.join('\n')).not.toContain('top-secret')
  })

  test('the body of a refusal is shown, and that it was cut', () => {
    const response = refusedReport.response && { ...refusedReport.response, bodyCut: true }
    const told = lines({ ...refusedReport, response }, { language: 'en' })
    expect(told).toContain('  < H-REQ-12: the version is not 13.')
    expect(told).toContain('    … and more that was not read')
  })
})

describe('the rules', () => {
  test('the seven format rules come first, as a group', () => {
    const format = english.flatMap((line, index) => (/^ {2}. F[1-7] /.test(line) ? [index] : []))
    expect(format).toHaveLength(7)
    expect(format).toEqual(format.map((_, index) => (format[0] ?? 0) + index))
    const firstRule = english.findIndex((line) => line.startsWith('  ✓ H-REQ-02'))
    expect(firstRule).toBeGreaterThan(format.at(-1) ?? Infinity)
  })

  test('each judged rule has its mark, and what was found', () => {
    const noted = english.findIndex((line) => line.startsWith('  • H-REQ-11'))
    expect(english[noted + 1]?.trim()).toBe('A note.')
    expect(english.some((line) => line.includes('H-REQ-15 ') && !/^ {2}. F/.test(line))).toBe(false)
    expect(english).toContain('All rules (1 kept, 0 broken, 1 noted)')
  })

  test('a format rule takes the worst outcome of its rows', () => {
    const rules = [
      { id: 'H-REQ-02', ok: true, outcome: 'kept' },
      { id: 'H-REQ-03', ok: false, outcome: 'broken' },
    ] as const
    const told = lines({ ...openReport, rules }, { language: 'en' })
    expect(told.find((line) => / F2 /.test(line))).toMatch(/^ {2}✗ F2/)
    expect(told.find((line) => / F3 /.test(line))).toMatch(/^ {2}– F3/)
  })

  test('before there is a request, nothing is said about its format', () => {
    const told = lines({ ...openReport, request: null, response: null }, { language: 'en' })
    expect(told.some((line) => / F1 /.test(line))).toBe(false)
  })

  test('a rule of another version is told by its id alone', () => {
    const told = lines({ ...openReport, rules: [{ id: 'H-NEW-99', ok: true, outcome: 'kept' }] }, { language: 'en' })
    expect(told.some((line) => line.startsWith('  ✓ H-NEW-99'))).toBe(true)
  })
})

describe('the verdict', () => {
  test('comes last, with its code, its sentence and its hint', () => {
    expect(english.at(-1)).toMatch(/^✓ OPEN \(open\) {2}The connection is open/)
    const refused = lines(refusedReport, { language: 'en' })
    expect(refused.at(-2)).toMatch(/^✗ UPGRADE_UPGRADE_REQUIRED \(upgrade\) {2}The server answered 426/)
    expect(refused.at(-1)).toMatch(/^ {2}Hint: ./)
  })

  test('is told in Chinese when asked', () => {
    expect(chinese.at(-1)).toMatch(/^✓ OPEN \(open\) {2}连接已打开/)
  })
})

test('the conversation is told when asked', () => {
  expect(english).not.toContain('As a conversation')
  const told = lines(openReport, { language: 'en', withDialogue: true })
  expect(told).toContain('As a conversation')
  expect(told.some((line) => /^ {2}Client +Hello chat\.example, .*\[GET \/room\?x=1 HTTP\/1\.1\]$/.test(line))).toBe(
    true,
  )
})

describe('reportJson', () => {
  test('is the report with the sentences of one language, and survives JSON', () => {
    const json = reportJson(openReport, 'zh')
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
    expect(json.verdict).toMatchObject({ ok: true, stage: 'open', code: 'OPEN', hint: '' })
    expect(json.verdict.sentence).toMatch(/连接已打开/)
    expect(json.rules[1]).toMatchObject({ id: 'H-REQ-11', ok: true, outcome: 'noted', found: '一条说明。' })
    expect(json.rules[1]?.sentence).toMatch(/\p{Script=Han}/u)
    expect(json.closing).toBeNull()
  })

  test('holds no secret', () => {
    expect(JSON.stringify(reportJson(openReport, 'en'))).not.toContain('top-secret')
  })

  test('a rule of another version has no clause', () => {
    const json = reportJson({ ...openReport, rules: [{ id: 'H-NEW-99', ok: true, outcome: 'kept' }] }, 'en')
    expect(json.rules).toEqual([
      { id: 'H-NEW-99', ok: true, outcome: 'kept', clause: null, level: null, sentence: '', found: '' },
    ])
  })
})

test('a certificate that is not believed: the option that lets one look nevertheless stands last', () => {
  const report = { ...openReport, verdict: verdict('SECURE_SELF_SIGNED', 'secure', { host: 'chat.example' }) }
  expect(lines(report, { language: 'en' }).at(-1)).toBe('  To look nevertheless, add --insecure.')
  expect(lines(openReport, { language: 'en' }).join()).not.toContain('--insecure')
})

describe('the end', () => {
  const cut = {
    code: 1006,
    reason: '',
    clean: false,
    cause: 'peer-fin',
    initiator: 'remote',
    sent: undefined,
    received: undefined,
    violation: undefined,
  } as const
  const close = { code: 1000, reason: '' }
  const clean = { ...cut, ...close, clean: true, cause: 'closing-handshake', sent: close, received: close } as const

  test('one that was not clean stands out by its code, with what to do', () => {
    const [sentence, hint] = lines(openReport, { language: 'en', closing: cut }).slice(-2)
    expect(sentence).toBe('✗ END_PEER_FIN  The other side ended the TCP connection (FIN) without a Close frame.')
    expect(hint).toMatch(/^ {2}Hint: Its process may have ended/)
    expect(lines(openReport, { language: 'zh', closing: cut }).at(-2)).toContain('对方没有发送 Close 帧')
  })

  test('one in good order takes a line', () => {
    const [opening, end] = lines(openReport, { language: 'en', closing: clean }).slice(-2)
    expect(opening).toMatch(/^✓ OPEN/)
    expect(end).toMatch(/^ {2}END_CLOSED {2}The other side closed/)
  })

  test('is in the JSON with its code and its words', () => {
    expect(reportJson(openReport, 'zh', cut).closing).toMatchObject({
      cause: 'peer-fin',
      end: { code: 'END_PEER_FIN', sentence: expect.stringContaining('对方') as string },
    })
  })
})
