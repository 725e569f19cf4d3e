import { describe, expect, test } from 'vitest'
import type { Target } from './corpus.ts'
import { fuzz, fuzzTimeout, leastShare, replay, type Try } from './fuzz.ts'
import { clientFrames, requestHeads, responseHeads, serverFrames } from './inputs.ts'
import { clientFramesOutcome, requestHeadOutcome, responseHeadOutcome, serverFramesOutcome } from './outcomes.ts'

const runs = 2_000

describe.each<[target: Target, inputs: typeof requestHeads, attempt: Try]>([
  ['request-heads', requestHeads, requestHeadOutcome],
  ['response-heads', responseHeads, responseHeadOutcome],
  ['server-frames', serverFrames, serverFramesOutcome],
  ['client-frames', clientFrames, clientFramesOutcome],
])('H-SEC-04, %s', (target, inputs, attempt) => {
  test('each of the corpus is parsed or refused', async () => {
    expect(await replay(target, attempt)).toBeGreaterThan(10)
  })

  test(
    'whatever is made up is parsed or refused',
    async () => {
      expect(await fuzz(target, inputs, runs, attempt)).toBeGreaterThan(leastShare)
    },
    fuzzTimeout,
  )
})
