import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * The linter guards the direction of dependencies that ARCHITECTURE.md draws. These tests plant a forbidden line at a
 * path of each folder, in a copy of the layout, and want it found: a guard that never barks proves nothing.
 */

const root = fileURLToPath(new URL('..', import.meta.url))

function lint(path: string, source: string): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'centouno-lint-'))
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), source)
    const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--deny-warnings', path], {
      cwd: folder,
      encoding: 'utf8',
    })
    return { status, output: stdout }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const engine = 'packages/centouno/src'

test('a file of protocol/ that imports nothing passes', () => {
  expect(lint(`${engine}/protocol/frame/header.ts`, 'export const finBit: number = 0x80\n').status).toBe(0)
})

test.each([
  ['protocol/ and Node', `${engine}/protocol/frame/header.ts`, "import { randomBytes } from 'node:crypto'"],
  ['protocol/ and the server', `${engine}/protocol/frame/header.ts`, "import { listen } from '../../server/listen.ts'"],
  ['report/ and Node', `${engine}/report/recorder.ts`, "import { lookup } from 'node:dns'"],
  ['report/ and the client', `${engine}/report/recorder.ts`, "import { connect } from '../client/connect.ts'"],
  ['transport/ and sockets', `${engine}/transport/memory-pair.ts`, "import { Socket } from '../socket/socket.ts'"],
  ['socket/ and the server', `${engine}/socket/socket.ts`, "import { listen } from '../server/listen.ts'"],
  ['socket/ and what is for tests', `${engine}/socket/socket.ts`, "import { pair } from '../testing/pair.ts'"],
  ['client/ and the server', `${engine}/client/connect.ts`, "import { listen } from '../server/listen.ts'"],
  ['server/ and the client', `${engine}/server/listen.ts`, "import { connect } from '../client/connect.ts'"],
  ['the page and Node', 'packages/inspector/page/src/main.ts', "import { readFileSync } from 'node:fs'"],
  ['the page and the whole engine', 'packages/inspector/page/src/main.ts', "import { connect } from 'centouno'"],
  ['the inspector and the inside of the engine', 'packages/inspector/src/a.ts', "import '../../centouno/src/index.ts'"],
])('%s: the import is refused', (_what, path, line) => {
  const { status, output } = lint(path, `${line}\n`)
  expect(output).toContain('no-restricted-imports')
  expect(status).not.toBe(0)
})

test.each(['Buffer', 'process', 'setTimeout', 'Date', 'performance'])('protocol/ and the global %s', (name) => {
  const { status, output } = lint(`${engine}/protocol/frame/header.ts`, `export const it: unknown = ${name}\n`)
  expect(output).toContain('no-restricted-globals')
  expect(status).not.toBe(0)
})
