import type { Language } from 'centouno/telling'
import { describe, expect, test } from 'vitest'
import { dialogue } from '../../src/telling/dialogue.ts'
import type { DialogueLine, ToldClosing } from '../../src/telling/dialogue.ts'
import { connected, openReport, refusedReport, resolved, stage, verdict } from '../support/sample-report.ts'

const cleanEnd: ToldClosing = {
  code: 1000,
  reason: 'done',
  clean: true,
  cause: 'closing-handshake',
  initiator: 'local',
  sent: { code: 1000, reason: 'done' },
  received: { code: 1000, reason: 'done' },
  violation: undefined,
}

function lineQuoting(lines: readonly DialogueLine[], quote: string): DialogueLine {
  const line = lines.find((candidate) => candidate.quote === quote)
  if (line === undefined) throw new Error(`No line quotes ${quote}: ${lines.map((each) => each.quote).join(' | ')}`)
  return line
}

function textOf(lines: readonly DialogueLine[], language: Language): string {
  return lines.map(({ text }) => text[language]).join('\n')
}

describe('a handshake that went well', () => {
  const lines = dialogue(openReport)

  test('begins with the name, asked by the client and answered by the network', () => {
    expect(lines[0]).toMatchObject({ who: 'client', stage: 'resolve', quote: 'chat.example' })
    expect(lines[1]).toMatchObject({ who: 'network', stage: 'resolve', quote: '192.0.2.7' })
  })

  test('an address needs no asking', () => {
    const literal = stage('resolve', 0, 1, true, { literal: true, addresses: ['192.0.2.7'] })
    expect(dialogue({ ...openReport, stages: [literal] })).toEqual([])
  })

  test('TCP is told in three lines, and says that it is inferred', () => {
    const tcp = lines.filter((line) => line.stage === 'connect')
    expect(tcp.map(({ who, quote, inferred }) => [who, quote, inferred])).toEqual([
      ['client', 'SYN', true],
      ['server', 'SYN-ACK', true],
      ['client', 'ACK', true],
    ])
    for (const { text } of tcp) {
      expect(text.en).toContain('(inferred)')
      expect(text.zh).toContain('（推断）')
    }
    expect(tcp[0]?.text.en).toContain('192.0.2.7, door 8080')
  })

  test('the request line becomes a greeting with the real host and path', () => {
    const line = lineQuoting(lines, 'GET /room?x=1 HTTP/1.1')
    expect(line.who).toBe('client')
    expect(line.text.en).toBe('Hello chat.example, I would like to talk to you at /room?x=1.')
    expect(line.text.zh).toContain('chat.example')
  })

  test.each([
    ['Upgrade: websocket', /switch from HTTP to WebSocket/],
    ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', /random number/],
    ['Sec-WebSocket-Version: 13', /version 13/],
    ['Origin: https://page.example', /https:\/\/page\.example/],
    ['Sec-WebSocket-Protocol: chat.v1, echo.v1', /chat\.v1, echo\.v1/],
  ])('%s is explained by the client', (quote, words) => {
    const line = lineQuoting(lines, quote)
    expect(line).toMatchObject({ who: 'client', stage: 'upgrade' })
    expect(line.text.en).toMatch(words)
  })

  test('every field of the request and of the reply has its line, in order', () => {
    const quoted = lines.filter((line) => line.stage === 'upgrade').map(({ quote }) => quote?.split(':', 1)[0])
    expect(quoted).toEqual([
      'GET /room?x=1 HTTP/1.1',
      ...(openReport.request?.fields ?? []).map(({ name }) => name),
      'HTTP/1.1 101 Switching Protocols',
      ...(openReport.response?.fields ?? []).map(({ name }) => name),
    ])
  })

  test('the server agrees and proves itself', () => {
    expect(lineQuoting(lines, 'HTTP/1.1 101 Switching Protocols')).toMatchObject({
      who: 'server',
      text: { en: 'Agreed, let us switch.', zh: '同意，我们切换吧。' },
    })
    expect(lineQuoting(lines, 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=').text.en).toMatch(/SHA-1/)
    expect(lines.at(-1)).toMatchObject({ who: 'client', stage: 'open' })
  })

  test('a cookie is mentioned and not shown', () => {
    const cookie = lines.find(({ quote }) => quote?.startsWith('Cookie:') === true)
    expect(cookie?.text.en).toMatch(/cookies/)
    expect(JSON.stringify(lines)).not.toContain('top-secret')
  })

  test('every line has both languages', () => {
    for (const { text } of [...lines, ...dialogue(refusedReport, cleanEnd)]) {
      expect(text.en).not.toBe('')
      expect(text.zh).toMatch(/\p{Script=Han}/u)
    }
  })
})

describe('a refusal', () => {
  test('is told by the server, with its status and the rule it names', () => {
    const lines = dialogue(refusedReport)
    expect(lineQuoting(lines, 'HTTP/1.1 426 Upgrade Required').text.en).toMatch(/^No\. .*\(426 Upgrade Required\)\.$/)
    expect(lineQuoting(lines, 'H-REQ-12: the version is not 13.').text.en).toMatch(
      /The rule you did not keep is H-REQ-12/,
    )
    const spoken = lines.filter(({ who }) => who === 'server')
    expect(lineQuoting(spoken, 'Sec-WebSocket-Version: 13').text.en).toMatch(/versions of WebSocket I speak: 13/)
  })

  test('a rule that is the server’s own is not held against the client; the line that names it is quoted', () => {
    const response = refusedReport.response && {
      ...refusedReport.response,
      body: '404 Not Found\r\n\r\nH-SRV-08: gone.',
    }
    const line = lineQuoting(dialogue({ ...refusedReport, response }), 'H-SRV-08: gone.')
    expect(line.text.en).toMatch(/^I go by H-SRV-08 /)
  })

  test('a rule nobody knows is not made up', () => {
    const response = refusedReport.response && { ...refusedReport.response, body: 'H-XX-99: no' }
    expect(textOf(dialogue({ ...refusedReport, response }), 'en')).not.toContain('H-XX-99')
  })

  test.each([
    [200, /ordinary web request/],
    [302, /go to another place/],
    [418, /answer with 418/],
    [404, /nobody at that path/],
  ])('status %i', (status, words) => {
    const response = refusedReport.response && { ...refusedReport.response, status, reason: '' }
    expect(textOf(dialogue({ ...refusedReport, response }), 'en')).toMatch(words)
  })

  test('a 101 the client cannot accept is objected to with the rule', () => {
    const lines = dialogue({
      ...openReport,
      verdict: verdict('UPGRADE_ACCEPT_WRONG', 'upgrade', { received: 'x', expected: 'y', rule: 'H-RES-05' }),
      rules: [{ id: 'H-RES-05', ok: false, outcome: 'broken', found: { en: 'It is x.', zh: '它是 x。' } }],
    })
    const objection = lines.findLast(({ stage: name }) => name === 'upgrade')
    expect(objection?.who).toBe('client')
    expect(objection?.text.en).toMatch(/I cannot accept that, by H-RES-05 .*It is x\.$/)
  })

  test('what breaks the server’s rule and the client’s is objected to once', () => {
    const found = { en: 'It is x.', zh: '它是 x。' }
    const lines = dialogue({
      ...openReport,
      verdict: verdict('UPGRADE_ACCEPT_WRONG', 'upgrade'),
      rules: [
        { id: 'H-SRV-14', ok: false, outcome: 'broken', found },
        { id: 'H-RES-05', ok: false, outcome: 'broken', found },
      ],
    })
    const objections = lines.filter(({ text }) => text.en.startsWith('I cannot accept that'))
    expect(objections.map(({ text }) => /H-\w+-\d+/.exec(text.en)?.[0])).toEqual(['H-RES-05'])
  })
})

describe('failures are told by the network, or by who decided on them', () => {
  test('nobody at home', () => {
    const lines = dialogue({
      ...openReport,
      verdict: verdict('CONNECT_REFUSED', 'connect', { address: '192.0.2.7:8080' }),
      stages: [resolved, { ...connected, ok: false }],
      request: null,
      response: null,
    })
    expect(lines.at(-1)).toMatchObject({ who: 'network', stage: 'connect', quote: 'CONNECT_REFUSED' })
    expect(lines.at(-1)?.text.en).toMatch(/^Nobody is at home there\. .*192\.0\.2\.7:8080/)
    expect(lines.some(({ quote }) => quote === 'SYN-ACK')).toBe(false)
  })

  test('a name nobody knows', () => {
    const lines = dialogue({
      ...openReport,
      verdict: verdict('RESOLVE_NOT_FOUND', 'resolve', { host: 'chat.example' }),
      stages: [stage('resolve', 0, 3, false, { host: 'chat.example' })],
      request: null,
      response: null,
    })
    expect(lines.map(({ who }) => who)).toEqual(['client', 'network'])
    expect(lines[1]?.text.en).toMatch(/^I know nobody of that name\. /)
  })

  test('a certificate nobody vouches for', () => {
    const facts = { servername: 'chat.example', subject: 'localhost', issuer: 'localhost', authorized: false }
    const lines = dialogue({
      ...openReport,
      verdict: verdict('SECURE_SELF_SIGNED', 'secure', { host: 'chat.example' }),
      stages: [resolved, connected, stage('secure', 4, 9, false, facts)],
      request: null,
      response: null,
    })
    expect(lines.filter(({ stage: name }) => name === 'secure').map(({ who, quote }) => [who, quote])).toEqual([
      ['client', 'ClientHello'],
      ['server', 'Certificate'],
      ['client', 'SECURE_SELF_SIGNED'],
    ])
    expect(lines.at(-1)?.text.en).toMatch(/^I do not trust that paper\. /)
  })

  test('a proxy that opens no tunnel', () => {
    const facts = { proxy: 'http://proxy.example:3128', target: 'chat.example:80' }
    const report = { ...openReport, request: null, response: null }
    const tell = (ok: boolean) =>
      dialogue({
        ...report,
        verdict: verdict('PROXY_ENDED', 'proxy', { proxy: 'http://proxy.example:3128', target: 'chat.example:80' }),
        stages: [stage('proxy', 4, 9, ok, facts)],
      })
    expect(tell(false).map(({ who, quote }) => [who, quote])).toEqual([
      ['client', 'http://proxy.example:3128'],
      ['network', 'PROXY_ENDED'],
    ])
    expect(tell(true).at(-1)?.text.en).toMatch(/^You are through\. /)
  })

  test('silence after the request', () => {
    const lines = dialogue({
      ...openReport,
      verdict: verdict('UPGRADE_TIMEOUT', 'upgrade', { address: '192.0.2.7:8080', timeout: 100 }),
      stages: [resolved, connected, stage('upgrade', 4, 104, false)],
      response: null,
    })
    expect(lines.at(-1)).toMatchObject({ who: 'network', stage: 'upgrade' })
    expect(lines.at(-1)?.text.en).toMatch(/nobody speaks\. .*100 ms/)
  })
})

describe('TLS that was not verified', () => {
  test('says that it was told not to mind', () => {
    const facts = { subject: 'localhost', protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', authorized: false }
    const lines = dialogue({ ...openReport, stages: [stage('secure', 0, 9, true, facts)] })
    expect(lines.at(-1)?.text.en).toMatch(/told not to mind/)
    expect(lines.at(-1)?.quote).toBe('TLSv1.3, TLS_AES_256_GCM_SHA384')
  })
})

describe('the goodbye', () => {
  test('is told in the order in which it was said, and by whom', () => {
    const lines = dialogue({ ...openReport, stages: [] }, cleanEnd)
    expect(lines.map(({ who, stage: name, quote }) => [who, name, quote])).toEqual([
      ['client', 'close', 'Close 1000 "done"'],
      ['server', 'close', 'Close 1000 "done"'],
      ['network', 'disconnect', 'FIN'],
    ])
    const remoteFirst = dialogue({ ...openReport, stages: [] }, { ...cleanEnd, initiator: 'remote' })
    expect(remoteFirst.map(({ who }) => who)).toEqual(['server', 'client', 'network'])
  })

  test('who hung up first is a fact of the last stage', () => {
    const disconnect = stage('disconnect', 20, 21, true, { firstFin: 'remote' })
    const lines = dialogue({ ...openReport, stages: [disconnect] }, cleanEnd)
    expect(lines.at(-1)?.text.en).toMatch(/server hung up first/)
  })

  test('a Close without a code is just a goodbye', () => {
    const frame = { code: 1005, reason: '' }
    const lines = dialogue({ ...openReport, stages: [] }, { ...cleanEnd, code: 1005, sent: frame, received: frame })
    expect(lines[0]).toMatchObject({ quote: 'Close', text: { en: 'Goodbye.' } })
  })

  test.each(['peer-fin', 'peer-reset'] as const)('%s after a silence was perhaps a proxy', (cause) => {
    const end = { ...cleanEnd, cause, clean: false, sent: undefined, received: undefined, silence: 60_012 }
    const [line] = dialogue({ ...openReport, stages: [] }, end)
    expect(line?.text.en).toMatch(/for 60 s, .* perhaps a proxy in between/)
    expect(line?.text.zh).toMatch(/60 秒.*也许是中间的代理/)
  })

  test.each([
    ['peer-fin', 'network', /without a goodbye/],
    ['peer-reset', 'network', /cut/],
    ['transport-error', 'network', /broke down/],
    ['protocol-violation', 'client', /FRAME_MASKED/],
    ['over-limit', 'client', /more than I can take/],
    ['close-timeout', 'client', /no answer/],
    ['local-abort', 'client', /at once/],
  ] as const)('%s', (cause, who, words) => {
    const end = { ...cleanEnd, cause, clean: false, sent: undefined, received: undefined, violation: 'FRAME_MASKED' }
    const lines = dialogue({ ...openReport, stages: [] }, end)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.who).toBe(who)
    expect(lines[0]?.text.en).toMatch(words)
  })
})

test('a report that is still being written can be told', () => {
  const pending = { ...verdict('OPEN', 'open'), ok: false }
  const lines = dialogue({
    ...openReport,
    verdict: pending,
    stages: [resolved, stage('connect', 2, null)],
    request: null,
    response: null,
  })
  expect(lines.at(-1)?.quote).toBe('SYN')
})
