import { expect, test } from 'vitest'
import { defaultTiming } from '../../../src/protocol/connection/timing.ts'

test('what protects is on by default; what only the application can know is off', () => {
  expect(defaultTiming).toEqual({
    heartbeatInterval: 30_000,
    heartbeatTimeout: 10_000,
    idleTimeout: false,
    maxLifetime: false,
    writeTimeout: 30_000,
    closeTimeout: 5_000,
  })
})
