import { describe, expect, test } from 'vitest'
import { bypasses } from '../../../src/client/proxy/no-proxy.ts'

describe('NO_PROXY has', () => {
  test.each([
    ['*', 'any.example', 443],
    ['example.com', 'example.com', 443],
    ['example.com', 'chat.example.com', 80],
    ['.example.com', 'example.com', 80],
    ['.example.com', 'a.b.example.com', 80],
    ['*.example.com', 'a.example.com', 80],
    ['EXAMPLE.com', 'Example.COM', 80],
    ['example.com.', 'example.com', 80],
    ['example.com', 'example.com.', 80],
    ['other, example.com', 'example.com', 80],
    ['other example.com', 'example.com', 80],
    [',,example.com,', 'example.com', 80],
    ['example.com:8080', 'chat.example.com', 8080],
    ['192.0.2.7', '192.0.2.7', 80],
    ['192.0.2.7:8080', '192.0.2.7', 8080],
    ['10.0.0.0/8', '10.255.0.1', 80],
    ['0.0.0.0/0', '192.0.2.7', 80],
    ['2001:db8::1', '2001:db8::1', 80],
    ['2001:db8:0::1', '2001:db8::1', 80],
    ['[2001:db8::1]', '2001:db8::1', 80],
    ['[2001:db8::1]:8080', '2001:db8::1', 8080],
    ['2001:db8::/32', '2001:db8:ffff::1', 80],
    ['[2001:db8::]/32', '2001:db8:ffff::1', 80],
  ])('%s: %s port %i is reached directly', (list, host, port) => {
    expect(bypasses(list, host, port)).toBe(true)
  })

  test.each([
    ['', 'example.com', 80],
    [' , ', 'example.com', 80],
    ['example.com', 'badexample.com', 80],
    ['example.com', 'example.com.evil.example', 80],
    ['chat.example.com', 'example.com', 80],
    ['example.com:8080', 'example.com', 80],
    ['*:8080', 'example.com', 80],
    ['.', 'example.com', 80],
    ['10.0.0.0/8', '11.0.0.1', 80],
    ['10.0.0.0/33', '10.0.0.0', 80],
    ['10.0.0.0/x', '10.0.0.0', 80],
    ['10.0.0.0/', '10.0.0.0', 80],
    ['10.0.0.0/8', 'ten.example', 80],
    ['0.0.2.7', '192.0.2.7', 80],
    ['2.7', '192.0.2.7', 80],
    ['192.0.2.7', '2001:db8::1', 80],
    ['[2001:db8::1]:8080', '2001:db8::1', 80],
    ['::/0', '192.0.2.7', 80],
  ])('%s: %s port %i is not', (list, host, port) => {
    expect(bypasses(list, host, port)).toBe(false)
  })
})
