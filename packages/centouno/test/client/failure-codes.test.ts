import { describe, expect, test } from 'vitest'
import { connectFailure, isReset, resolveFailure, systemCode } from '../../src/client/failure-codes.ts'
import { isCode } from '../../src/report/codes.ts'

function systemError(code: string, message = `syscall ${code}`): Error {
  return Object.assign(new Error(message), { code })
}

describe('what Node says of a failed look-up', () => {
  test.each([
    ['ENOTFOUND', 'RESOLVE_NOT_FOUND'],
    ['ENODATA', 'RESOLVE_NOT_FOUND'],
    ['EAI_AGAIN', 'RESOLVE_TEMPORARY'],
    ['ESERVFAIL', 'RESOLVE_TEMPORARY'],
    ['EINVAL', 'RESOLVE_FAILED'],
  ])('%s is %s', (system, code) => {
    const error = systemError(system)
    const failure = resolveFailure(error)
    expect(failure.code).toBe(code)
    expect(failure.cause).toBe(error)
    expect(isCode(failure.code)).toBe(true)
  })
})

describe('what Node says of a failed TCP connection', () => {
  test.each([
    ['ECONNREFUSED', 'CONNECT_REFUSED'],
    ['ECONNRESET', 'CONNECT_RESET'],
    ['ETIMEDOUT', 'CONNECT_TIMEOUT'],
    ['EHOSTUNREACH', 'CONNECT_UNREACHABLE'],
    ['ENETUNREACH', 'CONNECT_UNREACHABLE'],
    ['EACCES', 'CONNECT_DENIED'],
    ['EPERM', 'CONNECT_DENIED'],
    ['EMFILE', 'CONNECT_EXHAUSTED'],
    ['EADDRNOTAVAIL', 'CONNECT_EXHAUSTED'],
    ['EBADF', 'CONNECT_FAILED'],
  ])('%s is %s', (system, code) => {
    const failure = connectFailure(systemError(system))
    expect(failure.code).toBe(code)
    expect(isCode(failure.code)).toBe(true)
  })

  test('of several addresses, the one that answered says more than those nobody can reach', () => {
    const errors = [systemError('ENETUNREACH'), systemError('ECONNREFUSED')]
    expect(connectFailure(new AggregateError(errors)).code).toBe('CONNECT_REFUSED')
    expect(connectFailure(new AggregateError(errors.slice(0, 1))).code).toBe('CONNECT_UNREACHABLE')
  })

  test('an error without a code, or none at all, still makes a failure', () => {
    expect(connectFailure(new AggregateError([])).code).toBe('CONNECT_FAILED')
    expect(connectFailure('odd').details).toEqual({ reason: 'odd' })
    expect(systemCode({ code: 'ECONNRESET' })).toBe('')
  })
})

test.each([
  ['ECONNRESET', true],
  ['EPIPE', true],
  ['ECONNREFUSED', false],
])('%s is a reset: %s', (system, expected) => {
  expect(isReset(systemError(system))).toBe(expected)
})
