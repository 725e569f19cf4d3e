import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'
import type { RequestParts } from '../../../src/protocol/handshake/build-request.ts'
import { buildRequest } from '../../../src/protocol/handshake/build-request.ts'
import { HandshakeInputError } from '../../../src/protocol/handshake/handshake-input-error.ts'
import { defaultRequestPolicy, judgeRequest } from '../../../src/protocol/handshake/judge-request.ts'
import { readWebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'
import { parseRequestHead } from '../../../src/protocol/http/request-head.ts'
import { sampleKey } from '../../opening-handshake/messages.ts'

function parts(changes: Partial<RequestParts> & { url?: string } = {}): RequestParts {
  const { url = 'ws://example.com:8080/chat?a=b', ...rest } = changes
  const reading = readWebSocketUri(url)
  if (!reading.ok) throw new Error(reading.found)
  return { uri: reading.uri, key: sampleKey, subprotocols: [], extensions: [], fields: [], ...rest }
}

function refusedFor(changes: Partial<RequestParts>): { rule: string; field: string } {
  try {
    buildRequest(parts(changes))
  } catch (error) {
    if (error instanceof HandshakeInputError) return { rule: error.rule, field: error.field }
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the request', () => {
  test('has its parts in their order, the caller’s fields last', () => {
    const text = buildRequest(
      parts({
        origin: 'http://example.com',
        subprotocols: ['b', 'a'],
        extensions: [
          { name: 'permessage-deflate', parameters: [{ name: 'client_max_window_bits', value: undefined }] },
        ],
        fields: [
          { name: 'Cookie', value: 'a=1' },
          { name: 'Authorization', value: 'Bearer caf\xe9' },
        ],
      }),
    )
    expect(text.split('\r\n')).toEqual([
      'GET /chat?a=b HTTP/1.1',
      'Host: example.com:8080',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${sampleKey}`,
      'Sec-WebSocket-Version: 13',
      'Origin: http://example.com',
      'Sec-WebSocket-Protocol: b, a',
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
      'Cookie: a=1',
      'Authorization: Bearer caf\xe9',
      '',
      '',
    ])
  })

  test('names IPv6 hosts in brackets, and no default port', () => {
    expect(buildRequest(parts({ url: 'ws://[::1]:8080/' }))).toContain('\r\nHost: [::1]:8080\r\n')
    expect(buildRequest(parts({ url: 'wss://h:443/' }))).toContain('\r\nHost: h\r\n')
  })

  test('is accepted by the judge of requests, whatever it is made of', () => {
    const token = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,12}$/)
    const extension = fc.record({
      name: token,
      parameters: fc.array(fc.record({ name: token, value: fc.option(token, { nil: undefined }) }), { maxLength: 3 }),
    })
    const changes = fc.record({
      subprotocols: fc.uniqueArray(token, { maxLength: 4 }),
      extensions: fc.array(extension, { maxLength: 3 }),
      fields: fc.array(fc.record({ name: token.map((name) => `X-${name}`), value: token }), { maxLength: 4 }),
    })
    fc.assert(
      fc.property(changes, (changed) => {
        const head = parseRequestHead(encodeLatin1(buildRequest(parts(changed))))
        const { subprotocols, extensions } = changed
        expect(judgeRequest(head, defaultRequestPolicy)).toMatchObject({
          ok: true,
          accepted: { subprotocols, extensions },
        })
      }),
    )
  })
})

describe('what cannot be sent is told before anything is', () => {
  test.each([
    'Host',
    'upgrade',
    'CONNECTION',
    'Sec-WebSocket-Key',
    'sec-websocket-version',
    'Sec-WebSocket-Protocol',
    'Sec-WebSocket-Extensions',
    'Sec-WebSocket-Accept',
    'Sec-WebSocket-Anything',
    'Content-Length',
    'Transfer-Encoding',
    'Expect',
  ])('H-REQ-16: %s is not the caller’s to set', (name) => {
    expect(refusedFor({ fields: [{ name, value: 'a' }] })).toEqual({ rule: 'H-REQ-16', field: name })
  })

  test.each(['a\r\nX: b', 'a\nb', 'a\rb', 'a\0b', '\u20ac', ' a', 'a\t'])('H-H1-06: the value %j', (value) => {
    expect(refusedFor({ fields: [{ name: 'X-Foo', value }] })).toEqual({ rule: 'H-H1-06', field: 'X-Foo' })
  })

  test.each(['', 'a b', 'a:', 'a\r\n', 'caf\xe9'])('H-H1-09: the name %j', (name) => {
    expect(refusedFor({ fields: [{ name, value: 'a' }] }).rule).toBe('H-H1-09')
  })

  test('H-REQ-14: subprotocols that are no tokens, empty, or there twice', () => {
    for (const subprotocols of [['cha t'], ['a/b'], [''], ['a', 'a'], ['a,b'], ['a\r\nX: b']]) {
      expect(refusedFor({ subprotocols }).rule).toBe('H-REQ-14')
    }
  })

  test('H-REQ-15: extensions that leave the grammar', () => {
    expect(refusedFor({ extensions: [{ name: 'a b', parameters: [] }] }).rule).toBe('H-REQ-15')
    expect(refusedFor({ extensions: [{ name: 'a', parameters: [{ name: 'b', value: '\r\n' }] }] }).rule).toBe(
      'H-REQ-15',
    )
  })

  test('H-URI-04: a resource that cannot be a target', () => {
    const { uri } = parts({})
    expect(refusedFor({ uri: { ...uri, resource: '/a b' } })).toEqual({ rule: 'H-URI-04', field: 'resource' })
  })

  test('H-REQ-08: a key of another shape', () => {
    expect(refusedFor({ key: 'short' }).rule).toBe('H-REQ-08')
  })

  test('H-REQ-11: an origin given twice, or with a line break', () => {
    expect(refusedFor({ origin: 'http://a', fields: [{ name: 'origin', value: 'http://b' }] }).rule).toBe('H-REQ-11')
    expect(refusedFor({ origin: 'http://a\r\nX: b' })).toEqual({ rule: 'H-H1-06', field: 'Origin' })
  })

  test('the error has a code, and says what to do', () => {
    expect(() => buildRequest(parts({ fields: [{ name: 'Host', value: 'h' }] }))).toThrow(
      expect.objectContaining({
        code: 'HANDSHAKE_INPUT',
        message: 'The field Host belongs to the handshake itself. Leave it out (H-REQ-16)',
      }),
    )
  })
})
