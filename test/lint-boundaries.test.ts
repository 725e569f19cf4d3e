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

const engine = 'packages/centouno/src'

const forbiddenImports: readonly (readonly [what: string, path: string, line: string])[] = [
  ['protocol/ and Node', `${engine}/protocol/frame/header.ts`, "import { randomBytes } from 'node:crypto'"],
  ['protocol/ and the server', `${engine}/protocol/frame/header.ts`, "import { listen } from '../../server/listen.ts'"],
  ['report/ and Node', `${engine}/report/recorder.ts`, "import { lookup } from 'node:dns'"],
  ['report/ and the client', `${engine}/report/recorder.ts`, "import { connect } from '../client/connect.ts'"],
  ['transport/ and sockets', `${engine}/transport/memory-pair.ts`, "import { Socket } from '../socket/socket.ts'"],
  [
    'native/ and the transport',
    `${engine}/native/node-text.ts`,
    "import { streamTransport } from '../transport/stream-transport.ts'",
  ],
  ['socket/ and the server', `${engine}/socket/socket.ts`, "import { listen } from '../server/listen.ts'"],
  ['socket/ and what is for tests', `${engine}/socket/socket.ts`, "import { pair } from '../testing/pair.ts'"],
  ['client/ and the server', `${engine}/client/connect.ts`, "import { listen } from '../server/listen.ts'"],
  ['server/ and the client', `${engine}/server/listen.ts`, "import { connect } from '../client/connect.ts'"],
  ['session files and Node', 'packages/inspector/src/session-file/a.ts', "import { readFileSync } from 'node:fs'"],
  ['the page and Node', 'packages/inspector/page/src/main.ts', "import { readFileSync } from 'node:fs'"],
  ['the page and the whole engine', 'packages/inspector/page/src/main.ts', "import { connect } from 'centouno'"],
  ['the inspector and the inside of the engine', 'packages/inspector/src/a.ts', "import '../../centouno/src/index.ts'"],
]

const forbiddenGlobals = ['Buffer', 'process', 'setTimeout', 'Date', 'performance']

/** A line, and the path at which it is planted. */
interface Plant {
  readonly path: string
  readonly line: string
}

/** The rules of the linter that object to each; all are looked at in one run, each under a name of its own. */
function objections(plants: readonly Plant[]): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'centouno-lint-'))
  const planted = plants.map(({ path, line }, index) => ({ path: join(dirname(path), `planted-${index}.ts`), line }))
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    for (const { path, line } of planted) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), `${line}\n`)
    }
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--deny-warnings', '--format=json'], {
      cwd: folder,
      encoding: 'utf8',
    })
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: readonly { filename: string; code: string; severity: string }[]
    }
    return planted.map(({ path }) =>
      diagnostics.filter(({ filename, severity }) => filename === path && severity === 'error').map(({ code }) => code),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inProtocol = `${engine}/protocol/frame/header.ts`

const [allowed, ...found] = objections([
  { path: inProtocol, line: 'export const finBit: number = 0x80' },
  ...forbiddenImports.map(([, path, line]) => ({ path, line })),
  ...forbiddenGlobals.map((name) => ({ path: inProtocol, line: `export const it: unknown = ${name}` })),
])

test('a file of protocol/ that imports nothing passes', () => {
  expect(allowed).toEqual([])
})

test.each(forbiddenImports.map(([what], index) => [what, index] as const))(
  '%s: the import is refused',
  (_what, index) => {
    expect(found[index]).toContain('eslint(no-restricted-imports)')
  },
)

test.each(forbiddenGlobals.map((name, index) => [name, index] as const))(
  'protocol/ and the global %s',
  (_name, index) => {
    expect(found[forbiddenImports.length + index]).toContain('eslint(no-restricted-globals)')
  },
)
