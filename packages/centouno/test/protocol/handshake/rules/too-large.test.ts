import { expect, test } from 'vitest'
import { tooLarge } from '../../../../src/protocol/handshake/rules/too-large.ts'

test.each([
  [{ rule: 'H-H1-11', found: '', limit: 'startLine' as const }, 414],
  [{ rule: 'H-H1-11', found: '', limit: 'fieldCount' as const }, 431],
  [undefined, 431],
])('%j is answered %i, with a hint', (fault, status) => {
  expect(tooLarge(fault)).toMatchObject({ status, hint: { en: expect.any(String), zh: expect.any(String) } })
})
