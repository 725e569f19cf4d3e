import { afterEach, describe, expect, test } from 'vitest'
import type { RefusedRequest } from '../../src/server/service-options.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { isProxyProtocol } from '../../src/server/proxy-protocol.ts'
import { hex, utf8 } from '../protocol/wire.ts'
import { openingRequest, RawPeer } from '../support/raw-peer.ts'
import { serve, stopServing } from '../support/serving.ts'

afterEach(stopServing)

// The signature, then: version 2, PROXY; TCP over IPv4; 12 bytes; from 192.0.2.7 to 192.0.2.1, port 50000 to 80.
const version2 = hex('0d0a0d0a000d0a515549540a 21 11 000c c0000207 c0000201 c350 0050')

describe('isProxyProtocol', () => {
  test.each([
    ['version 1', utf8('PROXY TCP4 192.0.2.7 192.0.2.1 50000 80\r\n'), true],
    ['version 1, of nobody it knows', utf8('PROXY UNKNOWN\r\n'), true],
    ['version 2', version2, true],
    ['a request', utf8('GET / HTTP/1.1\r\n'), false],
    ['empty lines before a request', utf8('\r\n\r\nGET / HTTP/1.1\r\n'), false],
    ['a method that begins like it', utf8('PROXYGET / HTTP/1.1\r\n'), false],
    ['less than its beginning', utf8('PROXY'), false],
    ['nothing', utf8(''), false],
  ])('%s', (_what, bytes, expected) => {
    expect(isProxyProtocol(bytes)).toBe(expected)
  })
})

/*
 * HAProxy with `send-proxy` on its server line, or nginx with `proxy_protocol on`, to a server that does not expect it: it
 * was told as an HTTP request that is not valid, and nobody thought of the proxy.
 */
test.each([
  ['version 1', utf8('PROXY TCP4 192.0.2.7 192.0.2.1 50000 80\r\n')],
  ['version 2', version2],
])('%s before a request is refused by its name, on both sides', async (_what, start) => {
  const told: RefusedRequest[] = []
  const server = await serve(endpoint('/', {}), { onRefused: (refused) => void told.push(refused) })
  const peer = await RawPeer.connect(server.port)
  await peer.send(Buffer.concat([start, Buffer.from(openingRequest('/'))]))
  expect(await peer.all()).toMatch(/^HTTP\/1\.1 400 .*\r\n\r\n400 Bad Request\ncode: SERVER_PROXY_PROTOCOL\n/s)
  expect(told).toMatchObject([{ refusal: { code: 'SERVER_PROXY_PROTOCOL' }, answered: true }])
  expect(told[0]?.refusal.hint?.en).toContain('send-proxy')
})
