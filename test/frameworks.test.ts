import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from 'centouno'
import { afterEach, expect, test } from 'vitest'

/** The programs of the how-to about frameworks, run as they stand there, against the built package. */

const root = fileURLToPath(new URL('..', import.meta.url))
const document = readFileSync(join(root, 'docs/howto/frameworks.md'), 'utf8')
const recipes = [
  ...document.matchAll(/^## ([^\n]+)\n+```ts\n(.*?)^```|^## (By hand)\n[^`]*?(?:`[^`]+`[^`]*?)*```ts\n(.*?)^```/gms),
].map(([, name, program, handName, handProgram]) => [name ?? handName ?? '', program ?? handProgram ?? ''] as const)

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill()
})

/** What a program does in the end, and how the test learns of its port. */
const ending = `
if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
process.stdout.write(server.address().port + '\\n')
process.stdin.resume().once('end', async () => {
  await attachment.close()
  server.closeAllConnections()
  server.close()
})
`

/** Runs a program on a free port of loopback. It has no type annotations, so that it is JavaScript as well. */
async function run(
  name: string,
  program: string,
): Promise<{ readonly host: string; readonly end: () => Promise<number> }> {
  const folder = join(root, 'node_modules/.cache/frameworks')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.mjs`)
  const local = program
    .replace('listen(8080)', "listen(0, '127.0.0.1')")
    .replace('port: 8080', "port: 0, host: '127.0.0.1'")
  expect(local).not.toBe(program)
  writeFileSync(file, local + ending)
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] })
  running.add(child)
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child)
    return Number(code)
  })
  const port = await Promise.race([
    once(child.stdout, 'data').then(([chunk]) => Number(String(chunk))),
    exited.then((code) => Promise.reject(new Error(`The program ended with ${code}.`))),
  ])
  return {
    host: `127.0.0.1:${port}`,
    end: () => {
      child.stdin.end()
      return exited
    },
  }
}

test('there is a recipe for each', () => {
  expect(recipes.map(([name]) => name)).toEqual(['Express 5', 'Fastify 5', 'Hono on Node', 'Koa 3', 'By hand'])
})

test.each(recipes)('%s: pages, path parameters and authorization', async (name, program) => {
  const { host, end } = await run(name, program)
  const page = await fetch(`http://${host}/`)
  expect(await page.text()).toMatch(/^A page of /)

  const socket = await connect(`ws://${host}/rooms/42?token=ada-s-token`)
  await socket.send('hello')
  const { value } = await socket[Symbol.asyncIterator]().next()
  expect(value).toBe('Ada in room 42: hello')
  await socket.close(1000)

  const byField = await connect(`ws://${host}/rooms/7`, { headers: { Authorization: 'Bearer ada-s-token' } })
  expect(byField.state).toBe('open')
  await byField.close(1000)

  for (const [path, refusal] of [
    ['/rooms/42?token=wrong', 'SERVER_REFUSED'],
    ['/rooms/42', 'SERVER_REFUSED'],
    ['/rooms/lobby?token=ada-s-token', 'SERVER_PARAMETER_INVALID'],
    ['/other', 'SERVER_NO_ENDPOINT'],
  ] as const) {
    await expect(connect(`ws://${host}${path}`)).rejects.toMatchObject({ details: { refusal } })
  }
  // The framework goes on as before.
  expect((await fetch(`http://${host}/`)).status).toBe(200)
  // And nothing of ours keeps the process.
  expect(await end()).toBe(0)
})
