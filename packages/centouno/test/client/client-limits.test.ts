import { expect, test } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import { clientLimits } from '../../src/client/client-limits.ts'
import { defaultConnectionLimits } from '../../src/protocol/connection/limits.ts'

test('the defaults, and what is given instead', () => {
  expect(clientLimits()).toEqual(defaultConnectionLimits)
  expect(clientLimits({ heartbeatInterval: false })).toMatchObject({
    heartbeatInterval: false,
    messageBytes: 1024 * 1024,
  })
})

test.each([
  [{ messageBytes: -1 }, /messageBytes must be a number above zero/],
  [{ mesageBytes: 1 }, /There is no limit mesageBytes/],
])('%j fails the attempt before a packet is sent', async (given: object, words) => {
  // Nothing listens there: had it been tried, that would be told.
  await expect(connect('ws://127.0.0.1:1', { limits: given })).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringMatching(words),
  })
})
