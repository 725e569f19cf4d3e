import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { connect } from 'centouno'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { preferredPort } from '../../src/command/start.ts'
import { captured } from '../support/capture.ts'
import { nextMessage } from '../support/messages.ts'

let end: AbortController
const exits: Promise<number>[] = []

beforeEach(() => {
  end = new AbortController()
})

afterEach(async () => {
  end.abort()
  await Promise.all(exits.splice(0))
})

function run(...commandLine: string[]): ReturnType<typeof captured> & { exit: Promise<number> } {
  const streams = captured()
  const exit = runCommand(commandLine, streams.terminal, end.signal)
  exits.push(exit)
  return { ...streams, exit }
}

async function occupy(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return server
}

test('prints the address of the page with its token, and ends cleanly', async () => {
  const { result, exit } = run('--port', '0')
  const [, port = '', token = ''] = await result.match(/http:\/\/127\.0\.0\.1:(\d+)\/\?token=([\w-]{22})/)
  const page = await connect(`ws://127.0.0.1:${port}/agent?token=${token}`)
  const hello = JSON.parse(String(await nextMessage(page))) as { demo: { echo: string; chat: string; time: string } }
  for (const url of Object.values(hello.demo)) {
    expect(result.text).toContain(url)
    await using demo = await connect(url)
    expect(demo.state).toBe('open')
  }
  end.abort()
  expect(await exit).toBe(0)
  expect(await page.closed).toMatchObject({ code: 1001 })
})

describe('the port', () => {
  test('one that was asked for is taken: a clear error, and nothing else', async () => {
    const other = await occupy(0)
    const { port } = other.address() as AddressInfo
    const { result, remarks, exit } = run('--port', String(port))
    expect(await exit).toBe(1)
    expect(remarks.text).toMatch(new RegExp(`^centouno: Port ${port} `))
    expect(result.text).toBe('')
    other.close()
  })

  test('the usual one is taken: the next free one, and it is said', async () => {
    // Whoever has it already serves the purpose as well.
    const other = await occupy(preferredPort).catch(() => undefined)
    const { result, remarks } = run()
    const [, port = ''] = await result.match(/http:\/\/127\.0\.0\.1:(\d+)\//)
    expect(Number(port)).not.toBe(preferredPort)
    expect(remarks.text).toBe(`Port ${preferredPort} is taken; using ${port}.\n`)
    other?.close()
  })
})

test('in Chinese', async () => {
  const { result } = run('--port', '0', '--lang', 'zh')
  expect(await result.match(/在浏览器中打开： {2}http:/)).not.toBeNull()
})
