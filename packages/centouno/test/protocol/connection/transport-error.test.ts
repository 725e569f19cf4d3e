import { expect, test } from 'vitest'
import { causeOf } from '../../../src/protocol/connection/transport-error.ts'

test.each([
  ['ECONNRESET', 'peer-reset'],
  ['EPIPE', 'peer-reset'],
  ['ETIMEDOUT', 'transport-error'],
  [undefined, 'transport-error'],
])('%s is told as %s', (code, cause) => {
  expect(causeOf(Object.assign(new Error('x'), { code }))).toBe(cause)
})

test('an error without a code is one of the transport', () => {
  expect(causeOf(new Error('x'))).toBe('transport-error')
})
