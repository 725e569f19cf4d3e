import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the committed kernel is what its source assembles to', async () => {
  const run = promisify(execFile)(process.execPath, ['scripts/assemble-kernel.mjs', '--check'])
  await expect(run).resolves.toMatchObject({ stderr: '' })
})
