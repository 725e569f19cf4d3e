import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { harOf } from '../../src/har/har-export.ts'
import { connectionsOfHar } from '../../src/har/har-import.ts'
import type { HarEntry } from '../../src/har/har.ts'
import { RecordedFileError } from '../../src/session-file/recorded-file-error.ts'
import { plainRequest, seen, wholeTalk } from '../support/recorded.ts'
import { TcpTalk } from '../support/tcp-talk.ts'

const heading = { name: 'centouno', version: '0', withSecrets: false }

function entryOf(recorded = seen(wholeTalk())): HarEntry {
  const [entry] = harOf([recorded], heading).log.entries
  if (entry === undefined) throw new Error('the HAR has no entry')
  return entry
}

function of(...entries: unknown[]): unknown {
  return { log: { entries } }
}

/** What is wrong with a HAR, as the code of the error and what it says. */
function refusal(value: unknown): [code: string, sentence: string] {
  try {
    connectionsOfHar(value, false)
  } catch (error) {
    if (error instanceof RecordedFileError) return [error.code, error.text.en]
    throw error
  }
  throw new Error('it was read')
}

function outcome(value: unknown): string {
  try {
    return connectionsOfHar(value, false).length === 1 ? 'read' : 'lost'
  } catch (error) {
    return error instanceof RecordedFileError ? error.code : String(error)
  }
}

describe('a HAR that is written', () => {
  test('has what HAR 1.2 requires, and messages as DevTools write them', () => {
    const { log } = harOf([seen(wholeTalk())], heading)
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'centouno', version: '0' }, pages: [] })
    const entry = entryOf()
    expect(entry).toMatchObject({
      startedDateTime: '2023-11-14T22:13:20.001Z',
      // connect 2, wait 1, receive 10: from the 101 to the end.
      time: 13,
      timings: { blocked: -1, dns: -1, connect: 2, ssl: -1, send: 0, wait: 1, receive: 10 },
      cache: {},
      serverIPAddress: '192.0.2.2',
      connection: '40000',
      _resourceType: 'websocket',
    })
    expect(entry.request).toMatchObject({
      method: 'GET',
      url: 'ws://chat.example/chat?room=7&token=•••',
      httpVersion: 'HTTP/1.1',
      queryString: [
        { name: 'room', value: '7' },
        { name: 'token', value: '•••' },
      ],
      bodySize: 0,
    })
    expect(entry.response).toMatchObject({
      status: 101,
      statusText: 'Switching Protocols',
      redirectURL: '',
      _error: null,
    })
    const start = Date.parse('2023-11-14T22:13:20.001Z') / 1000
    expect(entry._webSocketMessages.slice(0, 2)).toEqual([
      { type: 'send', time: start + 0.005, opcode: 1, data: 'hello ü' },
      { type: 'receive', time: start + 0.006, opcode: 2, data: 'AQL/' },
    ])
    expect(entry._webSocketMessages.map(({ opcode }) => opcode)).toEqual([1, 2, 9, 10, 8, 8])
  })

  test('holds secrets only when asked', () => {
    const recorded = seen(wholeTalk(), true)
    expect(JSON.stringify(harOf([recorded], heading))).not.toContain('s3cret')
    const [kept] = harOf([recorded], { ...heading, withSecrets: true }).log.entries
    expect(kept?.request.cookies).toEqual([{ name: 'sid', value: 's3cret-cookie' }])
    expect(kept?.response.cookies).toEqual([{ name: 'id', value: 's3cret-set' }])
  })

  test('of one that did not open says why', () => {
    const talk = new TcpTalk().open().say('sent', plainRequest)
    const head = 'HTTP/1.1 302 Found\r\nLocation: /in\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno'
    expect(entryOf(seen(talk.say('received', head)))).toMatchObject({
      response: {
        status: 302,
        redirectURL: '/in',
        _error: 'UPGRADE_REDIRECT',
        content: { size: 2, mimeType: 'text/plain', text: 'no' },
      },
      comment: expect.stringMatching(/^UPGRADE_REDIRECT: /) as string,
    })
    const silent = entryOf(seen(new TcpTalk().raw('sent', { flags: 2 }).raw('received', { flags: 4 | 16 })))
    expect(silent).toMatchObject({ request: { method: 'GET' }, response: { status: 0, _error: 'CONNECT_REFUSED' } })
  })
})

describe('a HAR that is read', () => {
  test('round trip: heads, rules, messages and end are the same', () => {
    const recorded = seen(wholeTalk(), true)
    const har: unknown = JSON.parse(JSON.stringify(harOf([recorded], { ...heading, withSecrets: true })))
    const [read] = connectionsOfHar(har, true)
    expect(read?.messages).toEqual(recorded.messages)
    expect(read?.closing).toEqual(recorded.closing)
    expect(read?.report.request).toEqual(recorded.report.request)
    expect(read?.report.response).toEqual(recorded.report.response)
    expect(read?.report.verdict).toEqual(recorded.report.verdict)
    expect(read?.report.rules).toEqual(recorded.report.rules)
    expect(read?.rungs.every(({ inferred }) => inferred)).toBe(true)
    expect(read?.rungs.map(({ label }) => label.en)).toEqual([
      'GET /chat?room=7&token=•••',
      '101 Switching Protocols',
      'Text, 8 bytes',
      'Binary, 3 bytes',
      'Ping, 1 byte',
      'Pong, 1 byte',
      'Close 1000',
      'Close 1000',
    ])
    expect(JSON.stringify(connectionsOfHar(har, false))).not.toContain('s3cret')
  })

  test('what Chromium 156 wrote from its network panel', () => {
    const file = readFileSync(new URL('chromium-devtools.har', import.meta.url), 'utf8')
    const connections = connectionsOfHar(JSON.parse(file), false)
    expect(connections).toHaveLength(1)
    const [{ report, messages, closing } = seen(wholeTalk())] = connections
    expect(report.verdict).toMatchObject({ code: 'OPEN', details: { subprotocol: 'chat.v1' } })
    expect(report.rules.filter(({ ok }) => !ok)).toEqual([])
    expect(report.request?.fields).toContainEqual({ name: 'Origin', value: 'http://127.0.0.1:37979' })
    expect(messages.map(({ direction, kind, bytes }) => [direction, kind, bytes])).toEqual([
      ['sent', 'text', 10],
      ['sent', 'binary', 3],
      ['received', 'text', 10],
      ['received', 'binary', 3],
    ])
    // DevTools count into the time of waiting what came after the 101.
    expect(report.stages.find(({ name }) => name === 'upgrade')?.endMs).toBe(messages[0]?.atMs)
    expect(closing).toBeNull()
    expect(JSON.stringify(report)).not.toContain('s3cret')
  })

  test('one over HTTP/2 is open with 200, and not judged by the rules of HTTP/1.1', () => {
    const entry = entryOf()
    const request = {
      ...entry.request,
      method: 'CONNECT',
      httpVersion: 'h2',
      headers: [{ name: ':protocol', value: 'websocket' }],
    }
    const har = { log: { entries: [{ ...entry, request, response: { ...entry.response, status: 200 } }] } }
    const [read] = connectionsOfHar(har, false)
    expect(read?.report.verdict.code).toBe('OPEN')
    expect(read?.report.rules.some(({ id }) => id === 'H-REQ-02')).toBe(false)
  })

  test('what is wrong with it is told with its place', () => {
    const entry = entryOf()
    expect(refusal({ log: {} })).toEqual([
      'HAR_SHAPE',
      'The HAR is damaged: har.log.entries should be a list. Export it anew.',
    ])
    expect(refusal(of(3))[1]).toContain('har.log.entries[0] should be an object')
    expect(refusal(of({ ...entry, request: { ...entry.request, url: 'ws:' } }))[1]).toContain(
      'request.url should be a URL',
    )
    expect(refusal(of({ ...entry, startedDateTime: 'soon' }))[1]).toContain('startedDateTime should be a time')
    const messages = [{ type: 'send', time: 1, opcode: 2, data: 'no base64!' }]
    expect(refusal(of({ ...entry, _webSocketMessages: messages }))[1]).toContain(
      '_webSocketMessages[0].data should be base64',
    )
    expect(refusal(of({ request: { url: 'http://a/' } }))).toEqual([
      'HAR_WITHOUT_WEBSOCKET',
      expect.stringContaining('1 entries'),
    ])
  })

  test('what DevTools note of errors, and opcodes without a meaning, are no messages', () => {
    const messages = [{ type: 'error' }, { type: 'receive', time: 1, opcode: 3, data: 'eA==' }]
    const [read] = connectionsOfHar(of({ ...entryOf(), _webSocketMessages: messages }), false)
    expect(read?.messages).toEqual([])
  })

  test('property: any change to a HAR leaves it readable, or is refused with a code', () => {
    const entry = JSON.parse(JSON.stringify(entryOf())) as Record<string, unknown>
    const names = fc.constantFrom(
      'request',
      'response',
      'timings',
      'startedDateTime',
      '_webSocketMessages',
      'serverIPAddress',
    )
    fc.assert(
      fc.property(names, fc.anything(), (name, value) => {
        expect(outcome(of({ ...entry, [name]: value }))).toMatch(/^read$|^HAR_/)
      }),
    )
  })
})

test('a Close without a code has no payload', () => {
  const messages = [{ direction: 'received', kind: 'close', data: '', bytes: 0, atMs: 1 }] as const
  expect(entryOf({ ...seen(wholeTalk()), messages })._webSocketMessages).toEqual([
    expect.objectContaining({ opcode: 8, data: '' }),
  ])
})
