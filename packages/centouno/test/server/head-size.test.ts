import { expect, test } from 'vitest'
import { requestHeadFromParts } from '../../src/protocol/http/request-head.ts'
import { headSizeFault } from '../../src/server/head-size.ts'

const head = requestHeadFromParts({ method: 'GET', target: '/abc', version: '1.1', rawHeaders: ['A', '1', 'Bc', '22'] })
/** `GET /abc HTTP/1.1` has 17 bytes; `A: 1` and `Bc: 22` have 10 together. */
const exact = { startLine: 17, fieldBytes: 10, fieldCount: 2 }

test('H-H1-11: a head at its limits passes', () => {
  expect(headSizeFault(head, exact)).toBeUndefined()
})

test.each(['startLine', 'fieldBytes', 'fieldCount'] as const)('H-H1-11: one over %s is named', (limit) => {
  expect(headSizeFault(head, { ...exact, [limit]: exact[limit] - 1 })).toMatchObject({ rule: 'H-H1-11', limit })
})
