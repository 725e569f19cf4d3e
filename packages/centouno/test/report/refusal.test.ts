import { describe, expect, test } from 'vitest'
import { buildRefusal } from '../../src/protocol/handshake/build-response.ts'
import { ruleById } from '../../src/protocol/handshake/rule-table.ts'
import { type RefusalCode, refusalCodes } from '../../src/report/code-rows/refusals.ts'
import { refusalByApplication, refusalOf } from '../../src/report/refusal.ts'

describe('refusalOf', () => {
  test('takes status, rule and words from the table', () => {
    expect(refusalOf('SERVER_NO_ENDPOINT')).toMatchObject({ status: 404, code: 'SERVER_NO_ENDPOINT', rule: 'H-SRV-08' })
  })

  test('fills the words with the details', () => {
    const { sentence } = refusalOf('SERVER_FULL', { details: { limit: 'connections', value: 10 } })
    expect(sentence.en).toMatch(/\(limit connections: 10\)\.$/)
    expect(sentence.zh).toMatch(/（限制项 connections：10）。$/)
    expect(refusalOf('SERVER_FULL').sentence.en).not.toMatch(/[[\]{}]|limit/)
  })

  test('sends the fields it is given', () => {
    const fields = [{ name: 'Retry-After', value: '5' }]
    expect(buildRefusal(refusalOf('SERVER_DRAINING', { fields }))).toContain('\r\nRetry-After: 5\r\n')
  })
})

test('the words of an application stand as they are', () => {
  expect(refusalByApplication(401, 'who is there?', [])).toEqual({
    status: 401,
    fields: [],
    code: 'SERVER_REFUSED',
    sentence: { en: 'who is there?', zh: 'who is there?' },
  })
})

test.each(refusalCodes.filter(({ status }) => status !== undefined))('$code is named in the response', ({ code }) => {
  const refusal = refusalOf(code as Exclude<RefusalCode, 'SERVER_REFUSED'>)
  expect(buildRefusal(refusal).split('\r\n\r\n')[1]).toContain(`\ncode: ${code}\n`)
})

test('the rules they rest on exist', () => {
  const ids = refusalCodes.flatMap(({ rule }) => rule ?? [])
  expect(ids.map((id) => ruleById(id).id)).toEqual(['H-SRV-08', 'H-TRAP-07'])
})
