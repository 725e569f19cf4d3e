import { describe, expect, test } from 'vitest'
import { completeLimits, defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'

describe('completeLimits', () => {
  test('nothing given: the defaults, in an object of its own', () => {
    const complete = completeLimits(defaultConnectionLimits, {})
    expect(complete).toEqual(defaultConnectionLimits)
    expect(complete).not.toBe(defaultConnectionLimits)
  })

  test('what is given stands; undefined stands for the default', () => {
    const given: object = { messageBytes: 5, idleTimeout: 1, heartbeatInterval: false, messageFrames: undefined }
    expect(completeLimits(defaultConnectionLimits, given)).toEqual({
      ...defaultConnectionLimits,
      messageBytes: 5,
      idleTimeout: 1,
      heartbeatInterval: false,
    })
  })

  test.each(['heartbeatInterval', 'heartbeatTimeout', 'idleTimeout', 'maxLifetime', 'writeTimeout'])(
    '%s can be switched off',
    (name) => {
      expect(completeLimits(defaultConnectionLimits, { [name]: false })).toMatchObject({ [name]: false })
    },
  )

  test.each([
    [{ messageBytes: 0 }, 'The limit messageBytes must be a number above zero, not 0.'],
    [{ messageBytes: false }, 'The limit messageBytes must be a number above zero, not false.'],
    [{ closeTimeout: false }, 'The limit closeTimeout must be a number above zero, not false.'],
    [{ closeTimeout: Number.NaN }, 'The limit closeTimeout must be a number above zero, not NaN.'],
    [{ controlFramesPerSecond: '5' }, 'The limit controlFramesPerSecond must be a number above zero, not a string.'],
    [{ idleTimeout: 0 }, 'The limit idleTimeout must be a number above zero, or false to switch it off, not 0.'],
    [{ idleTimeout: true }, 'The limit idleTimeout must be a number above zero, or false to switch it off, not true.'],
  ])('%j is told what is wrong with it', (given: object, sentence) => {
    expect(completeLimits(defaultConnectionLimits, given)).toBe(sentence)
  })

  test.each(['mesageBytes', '__proto__', 'constructor'])('%s is no limit', (name) => {
    const given: object = JSON.parse(`{ "${name}": 5 }`)
    expect(completeLimits({ messageBytes: 1, messageFrames: 2 }, given)).toBe(
      `There is no limit ${name}. Give one of these: messageBytes, messageFrames.`,
    )
  })
})
