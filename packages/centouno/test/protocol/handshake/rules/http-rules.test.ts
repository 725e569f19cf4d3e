import { describe, expect, test } from 'vitest'
import { refuseFault } from '../../../../src/protocol/handshake/judge-request.ts'
import { defaultRequestPolicy, judgeRequest } from '../../../../src/protocol/handshake/judge-request.ts'
import { parseRequestHead } from '../../../../src/protocol/http/request-head.ts'
import { encodeLatin1 } from '../../../../src/protocol/encoding/latin1.ts'
import { answerOf, requestText } from '../../../opening-handshake/messages.ts'
import { inRequest } from './found.ts'

describe('H-H1-11: too large', () => {
  test.each([
    ['startLine', 414],
    ['fieldBytes', 431],
    ['fieldCount', 431],
  ] as const)('%s is answered %i', (limit, status) => {
    const fault = { rule: 'H-H1-11', found: 'x', limit }
    expect(refuseFault(fault)).toMatchObject({ status, rule: 'H-H1-11' })
    const head = parseRequestHead(encodeLatin1(requestText()))
    expect(answerOf(judgeRequest({ ...head, faults: [fault] }, defaultRequestPolicy))).toEqual({
      status,
      rule: 'H-H1-11',
    })
  })
})

test('H-H1-03: Host is there twice, or malformed', () => {
  expect(inRequest('H-H1-03', { fields: { Host: ['a', 'b'] } })).toBe('broken: `Host` is `a`, `b`.')
  expect(inRequest('H-H1-03', { fields: { Host: 'a b' } })).toBe('broken: `Host` is `a b`.')
  expect(inRequest('H-H1-03', { fields: { Host: 'a:80' } })).toBe('kept')
})
