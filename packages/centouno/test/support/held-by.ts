import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { measureFigures } from './figures.ts'

/** What a process holds more, heap and buffers, for what `make` returns. Enough of it drowns what else is going on. */
export async function heldBy<Result>(make: () => Result): Promise<{ readonly held: number; readonly result: Result }> {
  // measureFigures collects where it can; a test runner does not start its workers with the flag for it.
  setFlagsFromString('--expose-gc')
  globalThis.gc ??= runInNewContext('gc') as typeof globalThis.gc
  // Once to no purpose: what the code itself needs, its compiled form among it, is there afterwards.
  make()
  const before = await measureFigures()
  const result = make()
  const after = await measureFigures()
  return { held: after.heapUsed + after.external - before.heapUsed - before.external, result }
}
