import { describe, expect, test } from 'vitest'
import { buildRefusal, buildSwitch } from '../../src/protocol/handshake/build-response.ts'
import { defaultRequestPolicy, judgeRequest, refuseFault } from '../../src/protocol/handshake/judge-request.ts'
import type { RequestJudgement } from '../../src/protocol/handshake/judgement.ts'
import { encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { fieldValues } from '../../src/protocol/http/field-lookup.ts'
import { defaultHeadLimits } from '../../src/protocol/http/head-limits.ts'
import { HeadReader } from '../../src/protocol/http/head-reader.ts'
import { parseRequestHead } from '../../src/protocol/http/request-head.ts'
import { parseResponseHead } from '../../src/protocol/http/response-head.ts'
import { outcomeOf } from '../opening-handshake/messages.ts'
import { requestVectors } from './request-vectors.ts'

/** What the core makes of bytes: a judgement of the head, or of the fault that kept it from being read. */
function judgeBytes(bytes: Uint8Array): RequestJudgement {
  const reading = new HeadReader(defaultHeadLimits).receive(bytes)
  if (reading.kind === 'more') throw new Error('the head did not end')
  return reading.kind === 'head'
    ? judgeRequest(parseRequestHead(reading.head), defaultRequestPolicy)
    : { ok: false, refusal: refuseFault(reading.fault), verdicts: [] }
}

describe('Each vector is answered as a strict server answers it.', () => {
  test.each(requestVectors)('$id: $name → $expect.status', ({ id, bytes, expect: expected }) => {
    const judgement = judgeBytes(bytes)
    const reply = judgement.ok
      ? buildSwitch({ key: judgement.accepted.key, subprotocol: '', extensions: [], fields: [] })
      : buildRefusal(judgement.refusal)
    // The body of a refusal is beyond Latin-1; its head is not.
    const head = parseResponseHead(encodeLatin1(reply.slice(0, reply.indexOf('\r\n\r\n') + 4)))
    expect(head.faults).toEqual([])
    expect(head.status).toBe(expected.status)
    for (const [name, value] of Object.entries(expected.fields ?? {})) {
      expect(fieldValues(head.fields, name)).toEqual([value])
    }
    expect(judgement.ok ? undefined : judgement.refusal.rule).toBe(expected.rule)
    // A refused vector breaks the rule it is about, and an accepted one does not. What was never read has no verdicts.
    const outcome = outcomeOf(judgement, id)
    const brokenAsExpected = outcome === undefined || (outcome === 'broken') === !judgement.ok
    expect(brokenAsExpected).toBe(true)
  })

  test('names are unique, so that results can be listed by them', () => {
    const names = requestVectors.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
