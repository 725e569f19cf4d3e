import { describe, expect, test } from 'vitest'
import { environmentProxy, type Environment } from '../../../src/client/proxy/environment-proxy.ts'
import { routeTo } from '../../../src/client/route.ts'
import { readWebSocketUri, type WebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'

function uri(text: string): WebSocketUri {
  const reading = readWebSocketUri(text)
  if (!reading.ok) throw new Error(`not a URI: ${text}`)
  return reading.uri
}

const all: Environment = {
  HTTP_PROXY: 'http://plain:1',
  HTTPS_PROXY: 'http://secure:2',
  ALL_PROXY: 'socks5://socks:3',
}

describe('H-CON-05: of the proxies the environment names,', () => {
  test.each<[what: string, url: string, environment: Environment, variable: string | undefined]>([
    ['SOCKS comes first for ws:', 'ws://h.example/', all, 'ALL_PROXY'],
    ['SOCKS comes first for wss:', 'wss://h.example/', all, 'ALL_PROXY'],
    ['the one for HTTPS comes next for ws:', 'ws://h.example/', { ...all, ALL_PROXY: 'http://all:3' }, 'HTTPS_PROXY'],
    ['the one for HTTPS comes next for wss:', 'wss://h.example/', { ...all, ALL_PROXY: 'http://all:3' }, 'HTTPS_PROXY'],
    ['the one for HTTP is good for ws:', 'ws://h.example/', { HTTP_PROXY: 'x', ALL_PROXY: 'y' }, 'HTTP_PROXY'],
    ['the one for HTTP is not for wss:', 'wss://h.example/', { HTTP_PROXY: 'x' }, undefined],
    ['the one for all comes last', 'wss://h.example/', { HTTP_PROXY: 'x', ALL_PROXY: 'y' }, 'ALL_PROXY'],
    ['the one for ws: comes before all', 'ws://h.example/', { ...all, WS_PROXY: 'x' }, 'WS_PROXY'],
    ['the one for wss: comes before all', 'wss://h.example/', { ...all, WSS_PROXY: 'x', WS_PROXY: 'y' }, 'WSS_PROXY'],
    ['lower case comes first', 'wss://h.example/', { HTTPS_PROXY: 'x', https_proxy: 'y' }, 'https_proxy'],
    ['an empty one is none', 'wss://h.example/', { https_proxy: ' ', HTTPS_PROXY: 'x' }, 'HTTPS_PROXY'],
    ['none is taken for what NO_PROXY lists', 'ws://h.example/', { ...all, NO_PROXY: 'example' }, undefined],
    ['none is taken for a port NO_PROXY lists', 'wss://h.example/', { ...all, no_proxy: 'h.example:443' }, undefined],
    ['none is taken with no_proxy *', 'ws://h.example/', { ...all, no_proxy: '*' }, undefined],
    ['none is taken for localhost', 'ws://localhost:80/', all, undefined],
    ['none is taken for names below localhost', 'ws://a.localhost./', all, undefined],
    ['none is taken for 127.0.0.0/8', 'ws://127.9.9.9/', all, undefined],
    ['none is taken for ::1', 'ws://[::1]/', all, undefined],
    ['one is taken for a name like a loopback address', 'ws://127.example/', all, 'ALL_PROXY'],
    // CVE-2016-5385: what a client of a CGI program sends as `Proxy:` arrives as HTTP_PROXY.
    ['HTTP_PROXY is not believed in CGI', 'ws://h.example/', { HTTP_PROXY: 'x', REQUEST_METHOD: 'GET' }, undefined],
    ['http_proxy is', 'ws://h.example/', { http_proxy: 'x', REQUEST_METHOD: 'GET' }, 'http_proxy'],
    ['there may be none', 'ws://h.example/', {}, undefined],
  ])('%s', (_what, url, environment, variable) => {
    const found = environmentProxy(uri(url), environment)
    expect(found).toEqual(variable === undefined ? undefined : { variable, value: environment[variable] })
  })
})

describe('the way to a server', () => {
  const server = uri('wss://h.example/')

  test('is the proxy of the environment, credentials and all', () => {
    const environment = { https_proxy: 'user:p%40ss@proxy.example:3128' }
    expect(routeTo(server, {}, undefined, environment)).toMatchObject({
      kind: 'proxy',
      proxy: {
        protocol: 'http',
        host: 'proxy.example',
        port: 3128,
        name: 'http://proxy.example:3128',
        credentials: { username: 'user', password: 'p@ss' },
        namedBy: 'https_proxy',
      },
    })
  })

  test.each([
    ['the proxy of the call before that of the environment', { proxy: 'socks5://[2001:db8::1]' }, undefined, 'proxy'],
    ['direct, when the call wants none', { proxy: false as const }, undefined, 'direct'],
    ['a Unix socket before any proxy', { proxy: 'socks5://s' }, '/run/x', 'unix'],
  ])('is %s', (_what, options, socketPath, kind) => {
    expect(routeTo(server, options, socketPath, all).kind).toBe(kind)
  })

  test.each([
    ['http://p', 80],
    ['https://p', 443],
    ['socks5://p', 1080],
    ['socks5h://p', 1080],
    ['socks://p', 1080],
    ['p', 80],
  ])('through %s uses port %i', (proxy, port) => {
    expect(routeTo(server, { proxy }, undefined, {})).toMatchObject({ proxy: { host: 'p', port } })
  })

  test('a broken proxy of the environment names its variable', () => {
    expect(() => routeTo(server, {}, undefined, { HTTPS_PROXY: 'quic://p' })).toThrow(
      expect.objectContaining({ code: 'PROXY_INVALID', details: expect.objectContaining({ variable: 'HTTPS_PROXY' }) }),
    )
  })
})
