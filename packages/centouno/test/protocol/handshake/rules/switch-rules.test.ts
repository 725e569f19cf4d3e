import { expect, test } from 'vitest'
import { inSwitch } from './found.ts'

test.each([
  [{}, 'kept'],
  [{ 'Content-Length': '0' }, 'noted: `Content-Length` is `0`.'],
  [{ 'Transfer-Encoding': 'chunked' }, 'noted: `Transfer-Encoding` is `chunked`.'],
])('H-SRV-18: %j: %s', (fields, told) => {
  expect(inSwitch('H-SRV-18', { fields })).toBe(told)
})
