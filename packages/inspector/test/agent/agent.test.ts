import { connect } from 'centouno'
import type { Message } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAgent } from '../../src/agent/agent.ts'
import type { Agent } from '../../src/agent/agent.ts'
import { nextMessage } from '../support/messages.ts'
import { askRaw, askRawHead } from '../support/raw-http.ts'

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content)
const files = new Map([
  ['/index.html', { bytes: bytes('<p>page</p>'), type: 'text/html; charset=utf-8' }],
  ['/assets/a.js', { bytes: bytes('export {}'), type: 'text/javascript; charset=utf-8' }],
])
const demo = { echo: 'ws://e', chat: 'ws://c', time: 'ws://t' }

let agent: Agent
let token: string
let host: string

beforeAll(async () => {
  agent = await startAgent({ port: 0, files, hello: { demo, version: '1.2.3' } })
  token = new URL(agent.address).searchParams.get('token') ?? ''
  host = `127.0.0.1:${agent.port}`
})

afterAll(() => agent.close())

function withToken(): string {
  return `?token=${token}`
}

function get(target: string, ...fields: string[]): Promise<string> {
  const all = fields.some((field) => field.startsWith('Host:')) ? fields : [`Host: ${host}`, ...fields]
  return askRaw(agent.port, [`GET ${target} HTTP/1.1`, ...all, 'Connection: close'])
}

/** An opening handshake that keeps every rule of the standard. */
function upgrade(target: string, ...fields: string[]): Promise<string> {
  const all = fields.some((field) => field.startsWith('Host:')) ? fields : [`Host: ${host}`, ...fields]
  const handshake = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13']
  return askRawHead(agent.port, [
    `GET ${target} HTTP/1.1`,
    ...all,
    'Upgrade: websocket',
    'Connection: Upgrade',
    ...handshake,
  ])
}

describe('the page', () => {
  test('its address has the token, 128 bits', () => {
    expect(agent.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[A-Za-z0-9_-]{22}$/)
  })

  test('is served with the token, with its security fields', async () => {
    const reply = await get(`/?token=${token}`)
    expect(reply).toMatch(/^HTTP\/1\.1 200 /)
    expect(reply).toMatch(/\r\nContent-Security-Policy: default-src 'self'/)
    expect(reply).toMatch(/\r\nReferrer-Policy: no-referrer\r\n/)
    expect(reply).toMatch(/<p>page<\/p>$/)
  })

  test('its scripts need no token: they hold no secret', async () => {
    expect(await get('/assets/a.js')).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('HEAD has no body, other methods are told what is answered', async () => {
    const head = await askRaw(agent.port, [`HEAD /?token=${token} HTTP/1.1`, `Host: ${host}`, 'Connection: close'])
    expect(head).toMatch(/^HTTP\/1\.1 200 [\s\S]*Content-Length: 11\r\n[\s\S]*\r\n\r\n$/)
    const post = await askRaw(agent.port, [`POST /?token=${token} HTTP/1.1`, `Host: ${host}`, 'Connection: close'])
    expect(post).toMatch(/^HTTP\/1\.1 405 [\s\S]*\r\nAllow: GET, HEAD\r\n/)
  })

  test.each(['/nothing', '/../package.json', '/%2e%2e/package.json', '/assets', '//', '/assets/..%2f..%2fa', '*'])(
    '%s is not there',
    async (target) => {
      expect(await get(target)).toMatch(/^HTTP\/1\.1 40[04] /)
    },
  )
})

describe('who is refused, over HTTP and as a WebSocket', () => {
  const cases = [
    { what: 'no token', query: () => '', fields: [] },
    { what: 'an empty token', query: () => '?token=', fields: [] },
    { what: 'a wrong token', query: () => `?token=${'A'.repeat(22)}`, fields: [] },
    { what: 'a token that is too long', query: () => `?token=${token}A`, fields: [] },
    { what: 'a foreign Host, as after DNS rebinding', query: withToken, fields: ['Host: evil.example'] },
    { what: 'our address with another port', query: withToken, fields: ['Host: 127.0.0.1:1'] },
    { what: 'a foreign Origin', query: withToken, fields: ['Origin: https://evil.example'] },
    { what: 'an Origin of null', query: withToken, fields: ['Origin: null'] },
  ]

  test.each(cases)('$what: the page', async ({ query, fields }) => {
    const reply = await get(`/${query()}`, ...fields)
    expect(reply).toMatch(/^HTTP\/1\.1 403 [\s\S]*\r\n\r\nRefused: .*\n已拒绝：.*\n$/)
    expect(reply).not.toContain('<p>page</p>')
  })

  test.each(cases)('$what: the WebSocket', async ({ query, fields }) => {
    const reply = await upgrade(`/agent${query()}`, ...fields)
    expect(reply).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('a foreign Host that agrees with its Origin is refused all the same', async () => {
    const reply = await upgrade(`/agent?token=${token}`, 'Host: evil.example', 'Origin: http://evil.example')
    expect(reply).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('scripts are refused to strangers too', async () => {
    expect(await get('/assets/a.js', 'Host: evil.example')).toMatch(/^HTTP\/1\.1 403 /)
    expect(await get('/assets/a.js', 'Origin: https://evil.example')).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('a WebSocket on another path', async () => {
    expect(await upgrade(`/elsewhere?token=${token}`)).toMatch(/^HTTP\/1\.1 404 /)
  })

  test('our own origin with the token is let in', async () => {
    expect(await upgrade(`/agent?token=${token}`, `Origin: http://${host}`)).toMatch(/^HTTP\/1\.1 101 /)
  })
})

test('the page is greeted with the demo addresses and the version', async () => {
  await using page = await connect(`ws://${host}/agent?token=${token}`)
  expect(JSON.parse(textOf(await nextMessage(page)))).toEqual({ news: 'hello', demo, version: '1.2.3' })
})

test('when it ends, pages are told 1001', async () => {
  const other = await startAgent({ port: 0, files: new Map(), hello: { demo, version: '' } })
  const page = await connect(other.address.replace('http:', 'ws:').replace('/?', '/agent?'))
  await other.close()
  expect(await page.closed).toMatchObject({ code: 1001, clean: true })
})

test('a page that was not built is said to be so', async () => {
  const other = await startAgent({ port: 0, files: new Map(), hello: { demo, version: '' } })
  const { search } = new URL(other.address)
  const reply = await askRaw(other.port, [
    `GET /${search} HTTP/1.1`,
    `Host: 127.0.0.1:${other.port}`,
    'Connection: close',
  ])
  expect(reply).toMatch(/^HTTP\/1\.1 503 [\s\S]*npm run build/)
  await other.close()
})

function textOf(message: Message): string {
  if (typeof message !== 'string') throw new Error('The message is binary.')
  return message
}
