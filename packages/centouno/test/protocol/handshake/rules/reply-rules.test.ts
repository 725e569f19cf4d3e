import { describe, expect, test } from 'vitest'
import { inRequest } from './found.ts'

describe('H-SRV-06: whose page it is', () => {
  test.each([
    ['http://example.com', 'kept'],
    [
      'http://evil.example',
      "broken: `Origin` is `http://evil.example`: neither the server's own, `http://example.com`, nor in the list.",
    ],
    [['http://a', 'http://b'], 'broken: `Origin` is there twice: `http://a`, `http://b`.'],
  ])('%j: %s', (origin, told) => {
    expect(inRequest('H-SRV-06', { fields: { Origin: origin } })).toBe(told)
  })

  test('the policy may let in any, or some', () => {
    const fields = { Origin: 'http://evil.example' }
    expect(inRequest('H-SRV-06', { fields }, { origins: 'any' })).toBe('idle')
    expect(inRequest('H-SRV-06', { fields }, { origins: ['http://evil.example'] })).toBe('kept')
  })

  test('without a host there is no origin of one’s own', () => {
    expect(inRequest('H-SRV-06', { fields: { Host: undefined, Origin: 'http://a' } })).toBe(
      'broken: `Origin` is `http://a`, which is not in the list.',
    )
  })

  test('there is nothing to judge when it is not sent', () => {
    expect(inRequest('H-SRV-06', {})).toBe('idle')
  })
})

describe('H-SRV-23: a body', () => {
  test.each([
    [{ 'Content-Length': '0' }, 'kept'],
    [{ 'Content-Length': '5' }, 'broken: `Content-Length` is `5`.'],
    [{ 'Content-Length': ['0', '0'] }, 'broken: `Content-Length` is `0`, `0`.'],
    [{ 'Transfer-Encoding': 'chunked' }, 'broken: `Transfer-Encoding` is `chunked`.'],
  ])('%j: %s', (fields, told) => {
    expect(inRequest('H-SRV-23', { fields })).toBe(told)
  })
})

test('H-SRV-24: an expectation', () => {
  expect(inRequest('H-SRV-24', {})).toBe('kept')
  expect(inRequest('H-SRV-24', { fields: { Expect: '100-continue' } })).toBe('broken: `Expect` is `100-continue`.')
})
