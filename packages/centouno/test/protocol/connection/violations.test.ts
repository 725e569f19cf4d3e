import { expect, test } from 'vitest'
import { closeReasonFits } from '../../../src/protocol/close/close-payload.ts'
import { mayBeSent } from '../../../src/protocol/close/status-codes.ts'
import { explainedClose } from '../../../src/protocol/connection/close-to-send.ts'
import { violationRow, violations } from '../../../src/protocol/connection/violations.ts'

test('every row has a code, a clause, a status code that may be sent, and a sentence in both languages', () => {
  expect(violations).toHaveLength(23)
  for (const row of violations) {
    expect(row.code).toMatch(/^[A-Z]+(?:_[A-Z0-9]+)+$/)
    expect(row.clause).toMatch(/^RFC (?:6455 §(?:5|7|8|10)|7692 §[67])\.\d/)
    expect(mayBeSent(row.statusCode, 'server') && mayBeSent(row.statusCode, 'client')).toBe(true)
    expect(row.cause === 'over-limit').toBe(row.clause === 'RFC 6455 §10.4')
    expect(row.sentence.en).toMatch(/^A.*\.$|^The.*\.$/)
    expect(row.sentence.zh).toMatch(/。$/)
    expect(closeReasonFits(explainedClose(row).reason), `${row.code} fits into a Close frame`).toBe(true)
    expect(violationRow(row.code)).toEqual(row)
  }
})

test('codes and sentences are each their own', () => {
  expect(new Set(violations.map((row) => row.code)).size).toBe(violations.length)
  expect(new Set(violations.map((row) => row.sentence.en)).size).toBe(violations.length)
  expect(new Set(violations.map((row) => row.sentence.zh)).size).toBe(violations.length)
})
