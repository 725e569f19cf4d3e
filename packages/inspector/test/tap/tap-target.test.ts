import { describe, expect, test } from 'vitest'
import { readTapTarget, TapTargetError } from '../../src/tap/tap-target.ts'

describe('a target', () => {
  test.each([
    ['ws://localhost:3000', 'ws://localhost:3000', 'localhost:3000', 'http://localhost:3000', '/', false],
    ['wss://Example.com:443/chat?x=1#y', 'wss://example.com', 'example.com', 'https://example.com', '/chat?x=1', false],
    ['http://[::1]:80', 'ws://[::1]', '[::1]', 'http://[::1]', '/', true],
    [
      'https://bücher.example:80/',
      'wss://xn--bcher-kva.example:80',
      'xn--bcher-kva.example:80',
      'https://xn--bcher-kva.example:80',
      '/',
      true,
    ],
  ])('%s', (given, server, authority, origin, resource, isPage) => {
    expect(readTapTarget(given)).toEqual({ server, authority, origin, resource, isPage })
  })

  test.each(['', 'localhost:3000', 'example.com', 'ftp://example.com', 'file:///x', 'ws://', 'wss://user@example.com'])(
    'none: %s',
    (given) => {
      expect(() => readTapTarget(given)).toThrow(TapTargetError)
    },
  )
})
