import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Queue } from '../../src/socket/queue.ts'

type Step = 'shift' | 'all' | { readonly push: number } | { readonly take: number }

/** Takes the step on both, and returns what each gave. */
function both(queue: Queue<number>, model: number[], step: Step): [unknown, unknown] {
  if (step === 'shift') return [queue.shift(), model.shift()]
  if (step === 'all') return [queue.takeAll(), model.splice(0)]
  if ('push' in step) return [queue.push(step.push), void model.push(step.push)]
  const index = model.indexOf(step.take)
  return [queue.take((item) => item === step.take), index === -1 ? undefined : model.splice(index, 1)[0]]
}

test('it behaves as an array does', () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 0, max: 9 }) }),
    fc.constant('shift' as const),
    fc.record({ take: fc.integer({ min: 0, max: 9 }) }),
    fc.constant('all' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new Queue<number>()
      const model: number[] = []
      for (const each of steps) {
        const [got, expected] = both(queue, model, each)
        expect(got).toEqual(expected)
        expect(queue.length).toBe(model.length)
      }
    }),
  )
})
