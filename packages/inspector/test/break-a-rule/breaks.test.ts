import { listen, endpoint } from 'centouno'
import type { Server } from 'centouno'
import { keyFrom, readWebSocketUri, ruleById } from 'centouno/telling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { breakOutcome } from '../../src/break-a-rule/break-outcome.ts'
import { breaks, breaksOf } from '../../src/break-a-rule/breaks.ts'
import { bytesOfRequest, requestText, validRequest } from '../../src/break-a-rule/opening-request.ts'
import type { OpeningRequest } from '../../src/break-a-rule/opening-request.ts'
import { sendBroken } from '../../src/break-a-rule/send-broken.ts'
import { startDemo } from '../../src/demo/demo-server.ts'

function validFor(url: string): OpeningRequest {
  const reading = readWebSocketUri(url)
  if (!reading.ok) throw new Error(reading.found)
  const key = keyFrom(new Uint8Array(16).map((_, index) => index))
  return validRequest({ uri: reading.uri, key, subprotocols: [], extensions: [], fields: [] })
}

describe('the ways to break a rule', () => {
  let demo: Server
  let strict: Server

  beforeAll(async () => {
    demo = await startDemo({ port: 0, mode: 'echo', tls: false })
    strict = await listen({ port: 0, host: '127.0.0.1' }, endpoint('/', {}))
  })
  afterAll(() => Promise.all([demo.close(), strict.close()]))

  test('what is falsified is accepted while it is not', async () => {
    const report = await sendBroken({ url: demo.url, bytes: bytesOfRequest(requestText(validFor(demo.url))) })
    expect(report.response?.status).toBe(101)
    expect(breakOutcome(report, undefined)).toMatchObject({ kind: 'accepted', judgement: 'good' })
  })

  // The demo server admits pages from anywhere, a server without options only its own.
  test.each(breaks.map((broken) => [broken.rule, broken.id, broken] as const))(
    '%s: %s is refused by the rule it breaks',
    async (rule, _id, broken) => {
      const { url } = broken.part === 'origin' ? strict : demo
      const report = await sendBroken({ url, bytes: bytesOfRequest(broken.falsify(validFor(url))) })
      const outcome = breakOutcome(report, broken)
      expect(outcome).toMatchObject({ kind: 'refused', named: rule, judgement: 'good' })
      expect(outcome.sentence.en).toContain(rule)
      expect(report.verdict.ok).toBe(false)
    },
  )

  test('each has an id of its own, and a rule that is seen in a request', () => {
    expect(new Set(breaks.map(({ id }) => id)).size).toBe(breaks.length)
    expect(new Set(breaks.map(({ rule }) => ruleById(rule).subject))).toEqual(new Set(['request']))
  })

  test('every rule that a client must keep, and a server can see broken, can be broken', () => {
    const broken = new Set(breaks.map(({ rule }) => rule))
    for (const id of ['01', '02', '03', '04', '05', '06', '07', '08', '10', '12', '13', '14', '15']) {
      expect(broken.has(`H-REQ-${id}`), id).toBe(true)
    }
  })

  test('are found by rule and by id, in any case', () => {
    expect(breaksOf(['h-req-07']).map(({ id }) => id)).toEqual(['no-connection', 'connection-keep-alive'])
    expect(breaksOf(['lone-lf'])).toHaveLength(1)
    expect(breaksOf(['H-REQ-99'])).toEqual([])
    expect(breaksOf([])).toBe(breaks)
  })
})

test('a request by hand may have any characters: those beyond bytes go as UTF-8', () => {
  expect([...bytesOfRequest('a\xe9é你\0')]).toEqual([0x61, 0xe9, 0xe9, 0xe4, 0xbd, 0xa0, 0])
})
