import fc from 'fast-check'
import { addToCorpus, readCorpus, type Target } from './corpus.ts'
import type { Outcome } from './outcomes.ts'

/** Seconds for each target, set by `npm run fuzz`; without them each has a number of runs. */
const secondsEach = Number(process.env['CENTOUNO_FUZZ_SECONDS'] ?? 0)

/** Milliseconds a fuzzing test may take. */
export const fuzzTimeout: number = secondsEach * 1000 + 60_000

/** More than any time allows. */
const runsWithoutEnd = 1_000_000_000

/** How one input fares; throws when it is neither parsed nor refused by a documented code. */
export type Try = (bytes: Uint8Array) => Outcome | Promise<Outcome>

/** Tries every input of the corpus, and tells how many there were. */
export async function replay(target: Target, attempt: Try): Promise<number> {
  const inputs = readCorpus(target)
  for (const { name, bytes } of inputs) {
    try {
      await attempt(bytes)
    } catch (error) {
      throw new Error(`${target}: ${name}`, { cause: error })
    }
  }
  return inputs.length
}

/**
 * Tries inputs that are made up. One that fails is made as small as it gets, and kept when time is what bounds the run.
 * Gives the share of the rarer outcome: inputs of one kind only would test little.
 */
export async function fuzz(
  target: Target,
  inputs: fc.Arbitrary<Uint8Array>,
  runs: number,
  attempt: Try,
): Promise<number> {
  const seen: Record<Outcome, number> = { parsed: 0, refused: 0, waiting: 0 }
  const property = fc.asyncProperty(inputs, async (bytes) => {
    seen[await attempt(bytes)] += 1
  })
  const bound =
    secondsEach > 0
      ? { numRuns: runsWithoutEnd, interruptAfterTimeLimit: secondsEach * 1000, markInterruptAsFailure: false }
      : { numRuns: runs }
  const details = await fc.check(property, bound)
  if (details.failed) {
    const [bytes] = details.counterexample ?? []
    if (bytes !== undefined && secondsEach > 0) {
      addToCorpus(target, { name: `found by fuzzing: ${firstLine(details.errorInstance)}`, bytes })
    }
    throw new Error(await fc.asyncDefaultReportMessage(details))
  }
  return Math.min(seen.parsed, seen.refused) / details.numRuns
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''
}

/** The least share of either outcome that shows that inputs of both kinds are made. */
export const leastShare = 0.02
