import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Server } from 'centouno'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { captured } from '../support/capture.ts'

const never = new AbortController().signal

let demo: Server
let folder: string

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
  folder = await mkdtemp(join(tmpdir(), 'centouno-run-'))
})

afterAll(async () => {
  await demo.close()
  await rm(folder, { recursive: true })
})

async function run(text: string, ...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, 'requests.ws')
  await writeFile(file, text)
  const { terminal, result, remarks } = captured()
  const code = await runCommand(['run', file, ...flags], terminal, never)
  return { code, out: result.text, err: remarks.text }
}

const two = `@base = ws://unset/
### Greeting
{{base}}/echo
Cookie: a=b

hello
/expect hello
/close 1000 bye

### Nobody
{{base}}/nothing
`

test('every request is made and told; the exit status is that of the first that went wrong', async () => {
  const { code, out } = await run(two, '--var', `base=${demo.url}`)
  expect(code).toBe(1)
  expect(out).toMatch(/### Greeting\n✓ open.*\n⬆ hello\n⬇ hello\n⬆ Close 1000 bye\n⬇ Close 1000 bye\n.*END_CLOSED/)
  expect(out).toMatch(/### Nobody\n✗ UPGRADE_NOT_FOUND/)
})

test('--record keeps all of them, the one that failed too, without their secrets', async () => {
  const record = join(folder, 'kept.centouno.json')
  await run(two, '--var', `base=${demo.url}`, '--record', record)
  expect(await readFile(record, 'utf8')).not.toContain('a=b')
  const told = async (number: string): Promise<string> => {
    const { terminal, result } = captured()
    expect(await runCommand(['open', record, '--connection', number], terminal, never)).toBe(0)
    return result.text
  }
  expect(await told('1')).toContain('⬇ hello')
  expect(await told('2')).toContain('UPGRADE_NOT_FOUND')
})

test('--only takes those that are named', async () => {
  const { code, out } = await run(two, '--var', `base=${demo.url}`, '--only', 'Greeting')
  expect(code).toBe(0)
  expect(out).not.toContain('Nobody')
})

test.each([
  ['a request that is not there', two, ['--only', 'Somebody'], /no request of that name/],
  ['a line that is none', '### A\nws://a/\nhello', [], /Line 3/],
  ['a variable without a value', '### A\nws://{{host}}/', [], /"host" has no value/],
  ['a step that is none', '### A\nws://a/\n\n/clsoe', [], /no command/],
  ['the same in Chinese', '### A\nws://{{host}}/', ['--lang', 'zh'], /变量“host”没有值/],
])('%s exits with 2', async (_what, text, flags, words) => {
  const { code, out, err } = await run(text, ...flags)
  expect(code).toBe(2)
  expect(err).toMatch(words)
  expect(out).toBe('')
})
