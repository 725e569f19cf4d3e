import { describe, expect, test } from 'vitest'
import type { Field } from '../../src/protocol/http/head.ts'
import { replyCode } from '../../src/report/reply-code.ts'
import type { AskedFor } from '../../src/report/reply-code.ts'
import type { CodeDetails } from '../../src/report/codes.ts'

const asked: AskedFor = {
  target: '/feed?room=1',
  secure: false,
  fields: [
    { name: 'Host', value: 'chat.example' },
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Connection', value: 'Upgrade' },
  ],
}
const nginx: Field = { name: 'Server', value: 'nginx' }
const html: Field = { name: 'Content-Type', value: 'text/html' }

function detailsOf(status: number, fields: readonly Field[], body = '', request = asked): CodeDetails {
  return replyCode({ head: { status, reason: '', fields }, body }, request).details
}

function nginxPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<hr><center>nginx</center>\r\n</html>\r\n`
}

function refusedWith(code: string): string {
  return `400 Bad Request\ncode: ${code}\n\n`
}

function to(location: string): Field[] {
  return [{ name: 'Location', value: location }]
}

describe('what a server of ours names is certain, whoever is between', () => {
  test.each([
    ['SERVER_UPGRADE_STRIPPED', 'upgrade-lost'],
    ['H-REQ-06', 'upgrade-lost'],
    ['H-REQ-07', 'upgrade-lost'],
    ['H-REQ-03', 'http-1.0'],
    ['SERVER_PROXY_PROTOCOL', 'proxy-protocol'],
  ])('%s: %s', (code, trouble) => {
    expect(detailsOf(400, [], refusedWith(code))).toMatchObject({ trouble })
    expect(detailsOf(400, [], refusedWith(code))).not.toHaveProperty('by')
    expect(detailsOf(400, [nginx], refusedWith(code))).toMatchObject({ trouble, by: 'nginx' })
  })

  test('a request that did not ask for an upgrade has not lost it on the way', () => {
    const plain = { ...asked, fields: asked.fields.slice(0, 1) }
    expect(detailsOf(426, [nginx], refusedWith('H-REQ-06'), plain)).not.toHaveProperty('trouble')
  })

  test.each(['SERVER_FULL', 'H-SRV-06'])('%s is the server alone', (code) => {
    expect(detailsOf(503, [nginx], refusedWith(code))).not.toHaveProperty('trouble')
  })
})

describe('a page of its own tells that the proxy answered', () => {
  test.each([
    [400, 'unreadable'],
    [403, 'denied'],
    [404, 'no-place'],
    [429, 'limited'],
    [502, 'upstream-failed'],
    [503, 'limited'],
    [504, 'upstream-silent'],
  ])('%i by nginx: %s', (status, trouble) => {
    expect(detailsOf(status, [nginx, html], nginxPage(String(status)))).toMatchObject({ by: 'nginx', trouble })
  })

  test('503 by HAProxy: no server; nginx would have said 502', () => {
    const page =
      '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n'
    expect(detailsOf(503, [html], page)).toMatchObject({ by: 'HAProxy', trouble: 'no-server' })
  })

  test('in the words of others the same statuses say nothing of a proxy', () => {
    for (const status of [403, 429, 502, 503, 504]) expect(detailsOf(status, [])).not.toHaveProperty('trouble')
    for (const status of [401, 403, 429, 500, 503]) expect(detailsOf(status, [nginx])).not.toHaveProperty('trouble')
  })
})

describe('a reply that was passed on', () => {
  test.each([200, 400, 404, 426])('%i: perhaps the upgrade was lost', (status) => {
    expect(detailsOf(status, [nginx])).toMatchObject({ by: 'nginx', trouble: 'upgrade-perhaps-lost' })
  })

  test('by one that passes the upgrade on by itself, it was not', () => {
    expect(detailsOf(404, [{ name: 'Server', value: 'Caddy' }])).toMatchObject({ by: 'Caddy' })
    expect(detailsOf(404, [{ name: 'Server', value: 'Caddy' }])).not.toHaveProperty('trouble')
  })
})

describe('a page instead of a WebSocket', () => {
  test('is told with its title', () => {
    const body = '<!doctype html><html><head><title lang="en">\n Sign in \u0007</title>'
    expect(detailsOf(200, [html], body)).toMatchObject({ trouble: 'page', page: String.raw`Sign in \x07` })
  })

  test.each([
    ['', ''],
    ['<html><body>', ''],
    ['<html><title>never ends', 'never ends'],
    [`<html><title>${'long '.repeat(100)}</title>`, `${'long '.repeat(12)}…`],
  ])('titles: %j', (body, title) => {
    const { page } = detailsOf(200, [html], body)
    expect(page ?? '').toBe(title)
  })

  test('is none when it is JSON', () => {
    expect(detailsOf(200, [{ name: 'Content-Type', value: 'application/json' }], '{}')).not.toHaveProperty('trouble')
  })
})

describe('a redirect', () => {
  test.each([
    ['http://portal.example/login?from=chat.example', { trouble: 'led-away', destination: 'portal.example' }],
    ['https://chat.example/feed?room=1', { trouble: 'to-https' }],
  ])('to %s: %j', (location, expected) => {
    expect(detailsOf(302, to(location))).toMatchObject(expected)
  })

  test.each([
    'https://chat2.example/feed?room=1',
    'wss://chat2.example/other',
    '/feed/',
    'http://chat.example/login',
    'http://[',
    '',
  ])('to %s: nobody signs in there', (location) => {
    expect(detailsOf(302, to(location))).not.toHaveProperty('trouble')
    expect(detailsOf(302, to(location))).not.toHaveProperty('destination')
  })

  test('without a place, or without a Host to compare it with, tells nothing', () => {
    expect(detailsOf(302, [])).not.toHaveProperty('trouble')
    expect(detailsOf(302, to('http://portal.example/'), '', { ...asked, fields: [] })).not.toHaveProperty('trouble')
  })

  test('over TLS there is no more TLS to lead to', () => {
    const secure = { ...asked, secure: true }
    expect(detailsOf(301, to('https://chat.example/feed/'), '', secure)).not.toHaveProperty('trouble')
  })
})

test('a reply in HTTP/1.0 says that there is no upgrade to be had', () => {
  const head = { status: 400, reason: 'Bad Request', fields: [] }
  expect(replyCode({ head: { ...head, version: '1.0' }, body: '' }, asked).details).toMatchObject({
    trouble: 'answers-in-1.0',
  })
  expect(replyCode({ head: { ...head, version: '1.1' }, body: '' }, asked).details).not.toHaveProperty('trouble')
})

test('a port of nginx that expects TLS', () => {
  const body = '<center>The plain HTTP request was sent to HTTPS port</center>\r\n<hr><center>nginx</center>'
  expect(replyCode({ head: { status: 400, reason: '', fields: [nginx] }, body }, asked)).toMatchObject({
    code: 'UPGRADE_TLS_EXPECTED',
    details: { by: 'nginx', trouble: 'tls-expected' },
  })
})
