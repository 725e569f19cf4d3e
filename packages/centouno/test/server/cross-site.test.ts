import { afterEach, describe, expect, test, vi } from 'vitest'
import { endpoint } from '../../src/server/endpoint.ts'
import type { ListenOptions } from '../../src/server/listen.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

/*
 * Browsers send a site's cookies with every WebSocket to it, whichever page opens it, and no rule of theirs keeps that
 * page from reading the replies. What keeps it out is that the server looks at `Origin` (H-SEC-01).
 */

afterEach(stopServing)

/** The status for a page of that origin whose browser has a session with us, and whether the application was asked. */
async function visit(
  origin: string | undefined,
  options: Partial<ListenOptions> = {},
): Promise<{ readonly status: number; readonly asked: boolean }> {
  const authorize = vi.fn((request: { readonly cookies: { readonly session: string } }) => request.cookies.session)
  const server = await serve(endpoint('/', { cookies: { session: 'string' }, authorize }), options)
  const fields = ['Cookie: session=abc', ...(origin === undefined ? [] : [`Origin: ${origin}`])]
  const peer = await ask(server, '/', ...fields)
  return { status: await peer.status(), asked: authorize.mock.calls.length > 0 }
}

const open = { status: 101, asked: true }
const refused = { status: 403, asked: false }

describe('by default a request with cookies is let in', () => {
  // `Host` is server.example.
  test.each(['http://server.example', 'HTTP://SERVER.EXAMPLE:80'])(
    'from the server’s own origin, %s',
    async (origin) => {
      expect(await visit(origin)).toEqual(open)
    },
  )

  test('from what is no browser and has no origin', async () => {
    expect(await visit(undefined)).toEqual(open)
  })
})

describe('by default a request with cookies is kept out, before the application is asked', () => {
  test.each([
    ['Storybook CVE-2026-27148: a foreign page', 'http://evil.example'],
    ['Next.js CVE-2026-27977: a page in a sandbox', 'null'],
    ['webpack-dev-server CVE-2026-14631: a malformed origin', 'http://[::'],
    ['a page of another scheme', 'https://server.example'],
    ['a page of another port', 'http://server.example:8080'],
    ['a page of a subdomain', 'http://www.server.example'],
    ['a page of a name that ends alike', 'http://evilserver.example'],
    ['a page of a name that begins alike', 'http://server.example.evil.example'],
    ['an origin with user information', 'http://server.example@evil.example'],
    ['an origin with a path', 'http://server.example/'],
    ['a page on disk', 'file://'],
    ['an empty origin', ''],
  ])('%s', async (_who, origin) => {
    expect(await visit(origin)).toEqual(refused)
  })

  test('the refusal says what to do, and for which deployments', async () => {
    const server = await serve(endpoint('/', {}))
    const answer = await (await ask(server, '/', 'Origin: https://server.example', 'Cookie: session=abc')).all()
    expect(answer).toContain('code: H-SRV-06')
    expect(answer).toContain('https://server.example')
    expect(answer).toContain('ownOrigin')
    expect(answer).not.toContain('abc')
  })
})

describe('origins', () => {
  test.each([
    ['https://app.example', open],
    ['https://app.example:443', open],
    ['http://server.example', open],
    ['https://other.example', refused],
    ['null', refused],
  ])('lets the listed in, besides the own: %s', async (origin, expected) => {
    expect(await visit(origin, { origins: ['https://app.example'] })).toEqual(expected)
  })

  test('null only when listed', async () => {
    expect(await visit('null', { origins: ['null'] })).toEqual(open)
  })

  test("'any' turns the check off", async () => {
    expect(await visit('http://evil.example', { origins: 'any' })).toEqual(open)
  })
})

describe('requireOrigin', () => {
  test('keeps out what has no origin', async () => {
    expect((await visit(undefined, { requireOrigin: true })).asked).toBe(false)
    expect(await visit('http://server.example', { requireOrigin: true })).toEqual(open)
  })
})

describe('ownOrigin', () => {
  const options = { ownOrigin: 'https://server.example' }

  test('is the public one, behind a proxy that ends TLS', async () => {
    expect(await visit('https://server.example', options)).toEqual(open)
  })

  test('counts instead of Host, whose name may have been made to lead here (DNS rebinding)', async () => {
    expect(await visit('http://server.example', options)).toEqual(refused)
    expect(await visit('https://app.example', { ...options, origins: ['https://app.example'] })).toEqual(open)
  })
})

test.each([
  { ownOrigin: 'https://server.example/' },
  { ownOrigin: 'null' },
  { ownOrigin: 'server.example' },
  { origins: ['https://app.example/chat'] },
  { origins: ['*'] },
  { origins: ['https://*.example'] },
])('%o would never fit, and is refused at once', async (options) => {
  const starting = serve(endpoint('/', {}), options)
  await expect(starting).rejects.toMatchObject({ code: 'ORIGIN' })
})
