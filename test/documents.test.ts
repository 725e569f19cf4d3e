import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** What the documents show is true: their programs compile against the built packages, and their links lead somewhere. */

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = [
  ...['', 'packages/centouno', 'packages/inspector'].flatMap((folder) => markdownIn(folder, false)),
  ...markdownIn('docs', true),
]

function markdownIn(folder: string, recursive: boolean): string[] {
  return readdirSync(join(root, folder), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name))
}

/** Names that programs in documents take from their surroundings. */
const surroundings = `
declare global {
  function userByToken(token: string | null | undefined): Promise<{ name: string } | undefined>
}
export {}
`

test('every program in a document compiles', () => {
  // Below the workspace, so that 'centouno' is found as a user would find it.
  const folder = join(root, 'node_modules/.cache/documents')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'surroundings.d.ts'), surroundings)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../tsconfig.base.json',
      compilerOptions: {
        composite: false,
        noEmit: true,
        isolatedDeclarations: false,
        noUnusedLocals: false,
        noUnusedParameters: false,
        lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
      },
      include: ['*.ts'],
    }),
  )
  let programs = 0
  for (const document of documents) {
    for (const [, program = ''] of readFileSync(document, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)) {
      programs += 1
      const name = `${relative(root, document).replaceAll(/[/.]/g, '-')}-${programs}.ts`
      writeFileSync(join(folder, name), `${program}\nexport {}\n`)
    }
  }
  expect(programs).toBeGreaterThan(1)
  let output = ''
  try {
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
  } catch (error) {
    output = String((error as { stdout?: string }).stdout)
  }
  expect(output).toBe('')
})

test('every link in a document that points into the repository leads somewhere', () => {
  const broken: string[] = []
  for (const document of documents) {
    for (const [, target = ''] of readFileSync(document, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target) || existsSync(join(dirname(document), target))) continue
      broken.push(`${relative(root, document)}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})
