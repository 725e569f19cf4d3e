import { expect, test } from 'vitest'
import { SendError } from '../../../src/protocol/connection/send-error.ts'

test('it says what happened and what to do, and can be told by its code', () => {
  const error = new SendError('CONNECTION_NOT_OPEN')
  expect(error).toBeInstanceOf(Error)
  expect(error.name).toBe('SendError')
  expect(error.code).toBe('CONNECTION_NOT_OPEN')
  expect(error.message.split('. ')).toHaveLength(2)
})
