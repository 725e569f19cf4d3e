import { describe, expect, test } from 'vitest'
import { destinationOf } from '../../src/client/unix-url.ts'

describe('a URL for a Unix socket', () => {
  test.each([
    ['ws+unix:/run/chat.sock:/rooms/1?nick=ada', '/run/chat.sock', 'ws://localhost/rooms/1?nick=ada'],
    ['WS+UNIX:/run/chat.sock', '/run/chat.sock', 'ws://localhost/'],
    ['ws+unix:///run/chat.sock:/a:b', '/run/chat.sock', 'ws://localhost/a:b'],
    ['wss+unix:/run/chat.sock:/', '/run/chat.sock', 'wss://localhost/'],
    ['ws+unix:/run/a%3Ab%20c.sock:/', '/run/a:b c.sock', 'ws://localhost/'],
    ['ws+unix:/run/100%.sock:/', '/run/100%.sock', 'ws://localhost/'],
  ])('%s', (text, socketPath, url) => {
    expect(destinationOf(text, undefined)).toEqual({ url, socketPath })
  })

  test.each([
    ['ws+unix:'],
    ['ws+unix:chat.sock:/'],
    ['ws+unix://chat.sock:/'],
    ['ws+unix:/run/chat.sock:rooms'],
    ['ws+unix:/run/chat.sock://evil.example/'],
    ['ws+unix:/run/%00.sock:/'],
  ])('%s is refused', (text) => {
    expect(() => destinationOf(text, undefined)).toThrow('URI_INVALID')
  })

  test('any other URL is left alone', () => {
    expect(destinationOf('ws://h/', undefined)).toEqual({ url: 'ws://h/', socketPath: undefined })
    expect(destinationOf('ws://h/', '/run/x')).toEqual({ url: 'ws://h/', socketPath: '/run/x' })
  })
})
