import { describe, expect, test } from 'vitest'
import { isTraceparent, traceContext } from '../../../src/protocol/http/trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'
const sample = `00-${traceId}-${parentId}-01`

describe('isTraceparent', () => {
  test.each([
    sample,
    `00-${traceId}-${parentId}-00`,
    // A version of the future may go on; it need not.
    `01-${traceId}-${parentId}-01`,
    `01-${traceId}-${parentId}-01-more`,
  ])('%s is one', (text) => {
    expect(isTraceparent(text)).toBe(true)
  })

  test.each([
    '',
    traceId,
    sample.toUpperCase(),
    ` ${sample}`,
    `${sample}-`,
    `${sample}-more`,
    `${sample}1`,
    `ff-${traceId}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.slice(1)}-${parentId}-01`,
    `01-${traceId}-${parentId}-01more`,
  ])('%j is none', (text) => {
    expect(isTraceparent(text)).toBe(false)
  })
})

describe('traceContext', () => {
  const parent = { name: 'Traceparent', value: sample }
  const none = { traceparent: undefined, tracestate: undefined }

  test('a request that carries none', () => {
    expect(traceContext([])).toEqual(none)
  })

  test('alone, and with the state on one line or several', () => {
    expect(traceContext([parent])).toEqual({ traceparent: sample, tracestate: undefined })
    expect(traceContext([parent, { name: 'tracestate', value: 'a=1' }])).toEqual({
      traceparent: sample,
      tracestate: 'a=1',
    })
    expect(
      traceContext([{ name: 'tracestate', value: 'a=1,b=2' }, parent, { name: 'Tracestate', value: 'c=3' }]),
    ).toEqual({ traceparent: sample, tracestate: 'a=1,b=2,c=3' })
  })

  test('without a good traceparent, and just one, the state goes too', () => {
    const state = { name: 'tracestate', value: 'a=1' }
    expect(traceContext([state])).toEqual(none)
    expect(traceContext([parent, parent, state])).toEqual(none)
    expect(traceContext([{ name: 'traceparent', value: 'nonsense' }, state])).toEqual(none)
  })
})
