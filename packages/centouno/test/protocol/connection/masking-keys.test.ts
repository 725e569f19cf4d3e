import { expect, test } from 'vitest'
import { MaskingKeys } from '../../../src/protocol/connection/masking-keys.ts'
import { hex } from '../wire.ts'

test('H-SEC-06: the source is asked anew for every key', () => {
  let count = 0
  const keys = new MaskingKeys(() => Uint8Array.from([0, 0, 0, ++count]))
  expect([keys.next(), keys.next(), keys.next()]).toEqual([1, 2, 3])
})

test('without a source, or with one that gives other than four bytes, there is a coded error', () => {
  const refusal = expect.objectContaining({ name: 'SendError', code: 'MASKING_KEY_INVALID' })
  expect(() => new MaskingKeys(undefined)).toThrow(refusal)
  expect(() => new MaskingKeys(() => hex('010203')).next()).toThrow(refusal)
  expect(() => new MaskingKeys(() => hex('0102030405')).next()).toThrow(refusal)
})
