import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HttpReader } from '../../src/http/http-reader.ts'
import type { Agreement } from '../../src/http/upgrade-request.ts'
import type { LayerReader, RungDraft } from '../../src/wire/layer-reader.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { field, fieldBytes, piece, shown, toldOf } from '../support/tape.ts'

/** The opening handshake and everything around it, as rungs. */

const request = [
  'GET /chat?access_token=s3cret HTTP/1.1',
  'Host: example.org',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  'Cookie: sid=31337abcdef',
  '',
  '',
].join('\r\n')

const response = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'Sec-WebSocket-Extensions: permessage-deflate',
  '',
  '',
].join('\r\n')

interface Passed {
  readonly agreements: Agreement[]
  readonly pieces: TapePiece[]
  tunnels: number
}

function read(pieces: readonly TapePiece[], ends = true): { rungs: RungDraft[] } & Passed {
  const passed: Passed = { agreements: [], pieces: [], tunnels: 0 }
  const above: LayerReader = { receive: (one) => passed.pieces.push(one), end: () => {} }
  const rungs = toldOf(
    (tell) =>
      new HttpReader('server', tell, {
        websocket: (agreement) => {
          passed.agreements.push(agreement)
          return above
        },
        tunnel: () => {
          passed.tunnels += 1
          return above
        },
      }),
    pieces,
    ends,
  )
  return { rungs, ...passed, tunnels: passed.tunnels }
}

function labels(rungs: readonly RungDraft[]): string[] {
  return rungs.map(({ label }) => label.en)
}

describe('the opening handshake', () => {
  test('is a request and a 101, each line a field over its bytes', () => {
    const { rungs, agreements } = read([piece('sent', request), piece('received', response)])
    expect(labels(rungs)).toEqual(['GET /chat?access_token=•••', '101 Switching Protocols'])
    const [sent, received] = rungs as [RungDraft, RungDraft]
    expect(sent).toMatchObject({
      from: 'client',
      to: 'server',
      layer: 'http',
      alarming: false,
      clause: 'RFC 6455 §4.1',
    })
    expect(received).toMatchObject({ from: 'server', to: 'client', alarming: false })
    expect(fieldBytes(sent, 'Sec-WebSocket-Key').toString()).toBe('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==')
    expect(fieldBytes(sent, 'method').toString()).toBe('GET')
    expect(fieldBytes(sent, 'HTTP-version').toString()).toBe('HTTP/1.1')
    expect(fieldBytes(received, 'status-code').toString()).toBe('101')
    expect(fieldBytes(received, 'reason-phrase').toString()).toBe('Switching Protocols')
    expect(fieldBytes(received, 'CRLF').toString()).toBe('\r\n')
    expect(field(sent, 'Sec-WebSocket-Key').rules).toContain('H-REQ-08')
    expect(field(received, 'Sec-WebSocket-Accept').rules).toContain('H-RES-05')
    expect(agreements).toMatchObject([{ extensions: [{ name: 'permessage-deflate' }] }])
  })

  test('hides cookies and tokens in words, fields and bytes', () => {
    const { rungs } = read([piece('sent', request)], false)
    const [sent] = rungs as [RungDraft]
    expect(JSON.stringify(sent)).not.toMatch(/s3cret|31337/)
    expect(shown(sent).toString('latin1')).not.toMatch(/s3cret|31337/)
    expect(fieldBytes(sent, 'Cookie').toString()).toBe('Cookie: ***')
    expect(field(sent, 'Cookie').value).toBe('•••')
    expect(sent).toMatchObject({ redacted: true, byteCount: request.length })
  })

  test('a head without secrets is shown as it crossed, and is not called redacted', () => {
    const [, received] = read([piece('sent', request), piece('received', response)]).rungs as [RungDraft, RungDraft]
    expect(shown(received).toString('latin1')).toBe(response)
    expect(received).not.toHaveProperty('redacted')
  })

  test('frames glued to the 101, and sent before it, go to the layer above in order', () => {
    const { pieces } = read([
      piece('sent', `${request}early`),
      piece('received', `${response}glued`),
      piece('sent', 'more'),
    ])
    expect(pieces.map(({ direction, bytes }) => `${direction} ${Buffer.from(bytes).toString()}`)).toEqual([
      'sent early',
      'received glued',
      'sent more',
    ])
  })

  test('H-RES-02: an interim response is told, and does not end the handshake', () => {
    const { rungs, agreements } = read([
      piece('sent', request),
      piece('received', `HTTP/1.1 103 Early Hints\r\n\r\n${response}`),
    ])
    expect(labels(rungs).slice(1)).toEqual(['103 Early Hints', '101 Switching Protocols'])
    expect(agreements).toHaveLength(1)
  })

  test('H-RES-05: a wrong Sec-WebSocket-Accept is alarming, and the sentence names the rule', () => {
    const wrong = response.replace('s3pPLM', 'AAAAAA')
    const [, received] = read([piece('sent', request), piece('received', wrong)]).rungs as [RungDraft, RungDraft]
    expect(received.alarming).toBe(true)
    expect(received.sentence.en).toContain('H-RES-05')
    expect(received.sentence.zh).toContain('H-RES-05')
  })

  test('however the bytes are cut, the same is told', () => {
    const whole = read([piece('sent', request), piece('received', `${response}xyz`)])
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 60 }), (sizes) => {
        const parts = (direction: 'sent' | 'received', text: string): TapePiece[] => {
          const cut: TapePiece[] = []
          let at = 0
          for (let index = 0; at < text.length; index++) {
            const size = 1 + (sizes[index % sizes.length] ?? 0)
            cut.push(piece(direction, text.slice(at, at + size)))
            at += size
          }
          return cut
        }
        const cut = read([...parts('sent', request), ...parts('received', `${response}xyz`)])
        expect(cut.rungs).toEqual(whole.rungs)
        expect(Buffer.concat(cut.pieces.map(({ bytes }) => bytes)).toString()).toBe('xyz')
      }),
      { numRuns: 50 },
    )
  })
})

describe('a refusal', () => {
  const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nnot today'

  test('is alarming, and its body is a rung of its own', () => {
    const { rungs } = read([piece('sent', request), piece('received', refusal)])
    expect(labels(rungs).slice(1)).toEqual(['403 Forbidden', 'Body, 9 bytes'])
    expect(rungs[1]?.alarming).toBe(true)
    expect(shown(rungs[2] as RungDraft).toString()).toBe('not today')
  })

  test('an echo of the request’s secrets in the body is hidden', () => {
    const echo = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nyou sent sid=31337abcdef'
    const body = read([piece('sent', request), piece('received', echo)]).rungs[2] as RungDraft
    expect(shown(body).toString()).not.toContain('31337')
    expect(body.redacted).toBe(true)
  })

  test('a body that ends with the connection is told when it ends', () => {
    const pieces = [piece('sent', request), piece('received', 'HTTP/1.1 502 Bad Gateway\r\n\r\n<html>')]
    expect(labels(read(pieces, false).rungs)).toHaveLength(2)
    expect(labels(read(pieces, true).rungs)[2]).toBe('Body, 6 bytes')
  })

  test('after a chunked body the next request on this connection is read', () => {
    const chunked = 'HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n0\r\n\r\n'
    const { rungs } = read([
      piece('sent', request),
      piece('received', chunked),
      piece('sent', request),
      piece('received', response),
    ])
    expect(labels(rungs)).toEqual([
      'GET /chat?access_token=•••',
      '401 Unauthorized',
      'Body, 14 bytes',
      'GET /chat?access_token=•••',
      '101 Switching Protocols',
    ])
  })

  test('an interrupted head is told at the end', () => {
    const { rungs } = read([piece('sent', request), piece('received', 'HTTP/1.1 101 Swit')])
    expect(rungs[1]).toMatchObject({ alarming: true, byteCount: 17 })
  })

  test('a head larger than any is told once, and the rest is let be', () => {
    const { rungs } = read([
      piece('sent', request),
      piece('received', `HTTP/1.1 200 ${'x'.repeat(20_000)}`),
      piece('received', 'y'.repeat(9)),
    ])
    expect(rungs).toHaveLength(2)
    expect(rungs[1]?.alarming).toBe(true)
  })
})

describe('a proxy that speaks HTTP', () => {
  const ask =
    'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nProxy-Authorization: Basic c2VjcmV0OnRvbw==\r\n\r\n'

  test('its dialogue stands between client and proxy, then the tunnel begins', () => {
    const { rungs, tunnels, pieces } = read([
      piece('sent', ask),
      piece('received', 'HTTP/1.1 200 Connection established\r\n\r\n'),
      piece('sent', 'hello'),
    ])
    expect(rungs).toMatchObject([
      { layer: 'proxy', from: 'client', to: 'proxy', label: { en: 'CONNECT example.org:443' }, alarming: false },
      { layer: 'proxy', from: 'proxy', to: 'client', label: { en: '200 Connection established' }, alarming: false },
    ])
    expect(tunnels).toBe(1)
    expect(pieces).toHaveLength(1)
    expect(shown(rungs[0] as RungDraft).toString()).not.toContain('c2VjcmV0')
  })

  test('407 opens none', () => {
    const { rungs, tunnels } = read([
      piece('sent', ask),
      piece('received', 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
    ])
    expect(rungs[1]).toMatchObject({ layer: 'proxy', alarming: true })
    expect(tunnels).toBe(0)
  })
})
