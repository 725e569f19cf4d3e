// Fuzzes for longer than the tests do: npm run fuzz -- --seconds 600
// Inputs that fail are made as small as they get and added to packages/centouno/test/fuzz/corpus, which the tests replay.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { parseArgs } from 'node:util'

/** Those of test/fuzz/corpus.ts: they share the time. */
const targets = 7
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const seconds = Number(values.seconds)
if (!(seconds > 0)) {
  console.error(`--seconds takes a number above zero, not ${values.seconds}.`)
  process.exit(2)
}
const vitest = ['vitest', 'run', '--no-file-parallelism', '--reporter=verbose', 'packages/centouno/test/fuzz']
const { status } = spawnSync('npx', vitest, {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, CENTOUNO_FUZZ_SECONDS: String(seconds / targets) },
})
process.exit(status ?? 1)
