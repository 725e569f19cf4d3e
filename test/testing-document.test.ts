import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test('the programs in docs/topics/testing.md run against the built package, and their tests pass', async () => {
  const document = readFileSync(join(root, 'docs/topics/testing.md'), 'utf8')
  const programs = [...document.matchAll(/^```ts\n(.*?)^```/gms)].map(([, program = '']) => program)
  expect(programs.length).toBeGreaterThan(2)
  // Below the workspace, so that 'centouno' is found as a user would find it.
  const folder = join(root, 'node_modules/.cache/testing-document')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const files = programs.map((program, index) => {
    const file = join(folder, `program-${index}.test.mjs`)
    // They say nothing about types, so that they are JavaScript as well.
    writeFileSync(file, program)
    return file
  })
  const environment = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined }
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', ...files], { env: environment })
  expect(stdout).toMatch(/^(# |ℹ )fail 0$/m)
  expect(stdout).toMatch(/^(# |ℹ )pass [4-9]$/m)
})
