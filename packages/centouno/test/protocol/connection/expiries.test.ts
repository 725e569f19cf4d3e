import { expect, test } from 'vitest'
import { closeReasonFits } from '../../../src/protocol/close/close-payload.ts'
import { mayBeSent } from '../../../src/protocol/close/status-codes.ts'
import { explainedClose } from '../../../src/protocol/connection/close-to-send.ts'
import { expiries } from '../../../src/protocol/connection/expiries.ts'
import { defaultTiming } from '../../../src/protocol/connection/timing.ts'

test('every row names its limit in a sentence that fits into a Close frame, with a code that may be sent', () => {
  const rows = Object.values(expiries)
  expect(new Set(rows.map(({ limit }) => limit)).size).toBe(rows.length)
  for (const { code, limit, statusCode, sentence } of rows) {
    expect(Object.keys(defaultTiming)).toContain(limit)
    expect(mayBeSent(statusCode, 'server') && mayBeSent(statusCode, 'client')).toBe(true)
    expect(sentence.en).toContain(`(limit ${limit}).`)
    expect(sentence.zh).toContain(`（限制项 ${limit}）。`)
    expect(closeReasonFits(explainedClose({ code, statusCode, sentence }).reason)).toBe(true)
  }
})
