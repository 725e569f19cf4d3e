import { describe, expect, test } from 'vitest'
import { Guard } from '../../src/agent/guard.ts'

const guard = new Guard(10_101)
const own = { host: '127.0.0.1:10101', origin: undefined, token: guard.token }

describe('the token', () => {
  test('has 128 random bits, safe in a URL, and is new for each guard', () => {
    expect(guard.token).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(new Guard(10_101).token).not.toBe(guard.token)
  })

  test('lets in with it, and with nothing else', () => {
    expect(guard.deny(own)).toBeUndefined()
    for (const token of [null, '', 'x', guard.token.slice(1), `${guard.token}x`, guard.token.toLowerCase() + 'é']) {
      expect(guard.deny({ ...own, token })?.en).toMatch(/token/)
    }
  })
})

describe('the Host field keeps out names pointed at loopback', () => {
  test.each(['127.0.0.1:10101', 'localhost:10101', 'LOCALHOST:10101', '[::1]:10101'])('%s is ours', (host) => {
    expect(guard.deny({ ...own, host })).toBeUndefined()
  })

  test.each([undefined, '', 'evil.example:10101', '127.0.0.1', '127.0.0.1:10102', '127.0.0.1:10101.evil.example'])(
    '%s is not',
    (host) => {
      expect(guard.deny({ ...own, host })?.en).toMatch(/Host/)
    },
  )

  test('on port 80 browsers leave the port out', () => {
    const onDefaultPort = new Guard(80)
    const token = onDefaultPort.token
    expect(onDefaultPort.deny({ host: 'localhost', origin: 'http://localhost', token })).toBeUndefined()
  })
})

describe('the Origin field keeps out pages of other sites', () => {
  test('the page’s own origin, or none', () => {
    expect(guard.deny({ ...own, origin: 'http://127.0.0.1:10101' })).toBeUndefined()
    expect(guard.deny({ ...own, host: '[::1]:10101', origin: 'http://[::1]:10101' })).toBeUndefined()
  })

  test.each([
    'https://evil.example',
    'null',
    '',
    'http://127.0.0.1',
    'http://127.0.0.1:10102',
    'https://127.0.0.1:10101',
  ])('%j is refused, even with the token', (origin) => {
    expect(guard.deny({ ...own, origin })?.en).toMatch(/another page/)
  })

  test('the origin must be that of the Host it came to', () => {
    expect(guard.deny({ ...own, origin: 'http://localhost:10101' })?.en).toMatch(/another page/)
  })
})
