import { describe, expect, test } from 'vitest'
import { ownAuthorities, rewriteHead } from '../../src/tap/head-rewriting.ts'
import type { Rewriting } from '../../src/tap/head-rewriting.ts'
import { readTapTarget } from '../../src/tap/tap-target.ts'

const target = readTapTarget('wss://example.com:8443/chat')
const asUsual: Rewriting = { keepHost: false, origin: undefined }

function rewritten(
  lines: readonly string[],
  rewriting: Rewriting = asUsual,
): { text: string; changes: readonly string[] } {
  const { bytes, changes } = rewriteHead(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), target, 8101, rewriting)
  return { text: Buffer.from(bytes).toString('latin1'), changes }
}

const request = ['GET /chat HTTP/1.1', 'Host: localhost:8101', 'Origin: http://localhost:8101', 'Cookie: a=b']

describe('Host and Origin are written anew', () => {
  test('so that the target takes the request for its own', () => {
    expect(rewritten(request)).toEqual({
      text: 'GET /chat HTTP/1.1\r\nHost: example.com:8443\r\nOrigin: https://example.com:8443\r\nCookie: a=b\r\n\r\n',
      changes: ['Host: localhost:8101 → example.com:8443', 'Origin: http://localhost:8101 → https://example.com:8443'],
    })
  })

  test('an origin of another site stays: the target is to judge it', () => {
    const { text } = rewritten(request.with(2, 'Origin: http://localhost:9999'))
    expect(text).toContain('\r\nOrigin: http://localhost:9999\r\n')
  })

  test('--keep-host leaves Host, --origin replaces any origin and adds one that is missing', () => {
    const rewriting = { keepHost: true, origin: 'https://app.example' }
    expect(rewritten(request, rewriting).text).toContain(
      'Host: localhost:8101\r\nOrigin: https://app.example\r\nCookie',
    )
    const { text, changes } = rewritten(request.toSpliced(2, 1), rewriting)
    expect(text).toBe(
      'GET /chat HTTP/1.1\r\nOrigin: https://app.example\r\nHost: localhost:8101\r\nCookie: a=b\r\n\r\n',
    )
    expect(changes).toEqual(['Origin: https://app.example'])
  })
})

test('nothing else is touched: targets, other fields, a Host that is none', () => {
  const odd = [
    'GET Host:x HTTP/1.1',
    'X-Host: localhost:8101',
    'Host localhost:8101',
    'Referer: http://localhost:8101/',
  ]
  expect(rewritten(odd)).toEqual({ text: `${odd.join('\r\n')}\r\n\r\n`, changes: [] })
})

test('a host that is right already is no change', () => {
  expect(rewritten(['GET / HTTP/1.1', 'Host: example.com:8443']).changes).toEqual([])
})

test('on port 80 clients leave the port out', () => {
  expect(ownAuthorities(80)).toEqual(expect.arrayContaining(['localhost', 'localhost:80']))
  expect(ownAuthorities(81)).not.toContain('localhost')
})
