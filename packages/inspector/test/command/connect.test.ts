import { getEventListeners } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { endpoint, listen } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { Terminal } from '../../src/command/terminal.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { Capture, captured } from '../support/capture.ts'

const never = new AbortController().signal
const noInput = (): Readable => Readable.from([])

let demo: Server
let folder: string

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
  folder = await mkdtemp(join(tmpdir(), 'centouno-connect-'))
})

afterAll(async () => {
  await demo.close()
  await rm(folder, { recursive: true })
})

interface Talked {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function connect(input: Readable, ...commandLine: string[]): Promise<Talked> {
  const { terminal, result, remarks } = captured()
  const code = await runCommand(['connect', ...commandLine], terminal, never, input)
  return { code, out: result.text, err: remarks.text }
}

const echo = (): string => `${demo.url}/echo`

describe('in a pipe', () => {
  test('lines are sent, and what comes goes to stdout as it is', async () => {
    const { code, out, err } = await connect(
      Readable.from(['one\ntw', 'o\n/ping\n\u001b[2J\n']),
      echo(),
      '--linger',
      '0',
    )
    expect(code).toBe(0)
    expect(out).toBe('one\ntwo\n/ping\n\u001b[2J\n')
    expect(err).toMatch(/^✓ open in .* ms[\s\S]*END_CLOSED/)
  })

  test('on a screen the same is shown with arrows, and made harmless', async () => {
    const screen = new Capture(true)
    const remarks = new Capture()
    const terminal = new Terminal(screen, remarks, { NO_COLOR: '1' })
    await runCommand(['connect', echo(), '--linger', '0'], terminal, never, Readable.from(['\u001b[2J\n']))
    expect(screen.lines).toEqual(expect.arrayContaining(['⬆ \\x1b[2J', '⬇ \\x1b[2J']))
  })

  test('--slash takes lines for commands', async () => {
    const input = Readable.from(['/binary 00ff\n/close 4000 done\n'])
    const { code, out, err } = await connect(input, echo(), '--slash')
    expect(code).toBe(0)
    expect(out).toBe('00ff\n')
    expect(err).toContain('4000')
  })

  test('input that is still open does not keep it when the server closes', async () => {
    await using server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', { open: (socket) => void socket.close(4002, 'enough') }),
    )
    const { code, err } = await connect(new PassThrough(), server.url)
    expect(code).toBe(0)
    expect(err).toContain('4002')
  })
})

describe('-x does one thing after another', () => {
  test('and what is expected comes', async () => {
    const file = join(folder, 'bytes')
    await writeFile(file, Uint8Array.of(1, 2, 3))
    const lines = [
      'hello',
      '/expect /^hel+o$/',
      '/ping abc',
      `/file ${file}`,
      '/expect 010203',
      '/pong x',
      '/wait 1',
      '/help',
    ]
    const { code, out, err } = await connect(noInput(), echo(), '--json', ...lines.flatMap((line) => ['-x', line]))
    expect(code).toBe(0)
    const entries = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(entries.map(({ direction, kind, data }) => [direction, kind, data])).toEqual([
      ['sent', 'text', 'hello'],
      ['received', 'text', 'hello'],
      ['sent', 'ping', 'YWJj'],
      ['received', 'pong', 'YWJj'],
      ['sent', 'binary', 'AQID'],
      ['received', 'binary', 'AQID'],
      ['sent', 'pong', 'eA=='],
      ['sent', 'close', ''],
      ['received', 'close', ''],
    ])
    expect(err).toMatch(/\d ms\n[\s\S]*\/expect PATTERN/)
  })

  test('exits with 1 when it did not open, and says why', async () => {
    const { code, err } = await connect(noInput(), `${demo.url}/nothing`, '-x', 'hello')
    expect(code).toBe(1)
    expect(err).toContain('UPGRADE_NOT_FOUND')
  })

  test('exits with 2 when a line cannot be read, before anything is done', async () => {
    const { code, err } = await connect(noInput(), 'ws://127.0.0.1:1/', '-x', 'hello', '-x', '/clsoe', '--lang', 'zh')
    expect(code).toBe(2)
    expect(err).toContain('没有“/clsoe”这个命令')
  })

  test('exits with 3 when what is expected does not come in time, or the connection ends before', async () => {
    const late = await connect(noInput(), echo(), '-x', 'hello', '-x', '/expect nothing', '--expect-within', '50')
    expect(late.code).toBe(3)
    expect(late.err).toContain('Within 50 ms no message came that matches nothing')
    await using server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', { message: (socket) => void socket.close(1000) }),
    )
    const ended = await connect(noInput(), server.url, '-x', 'hello', '-x', '/expect nothing')
    expect(ended.code).toBe(3)
    expect(ended.err).toContain('The connection ended before')
  })

  test('exits with 4 when it was cut off', async () => {
    await using server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', { message: (socket) => socket.terminate() }),
    )
    const { code, err } = await connect(noInput(), server.url, '-x', 'hello', '-x', '/wait 20000')
    expect(code).toBe(4)
    expect(err).toContain('END_PEER_')
  })

  test('what must not be sent is told, and is the last thing done', async () => {
    const { code, out, err } = await connect(noInput(), echo(), '-x', '/close 1005', '-x', 'hello')
    expect(code).toBe(3)
    expect(err).toContain('This status code must not be sent')
    expect(out).toBe('')
  })
})

test('cookies, a token and fields are sent as they were given', async () => {
  const heads: Record<string, unknown>[] = []
  await using server = await listen(
    { port: 0, host: '127.0.0.1' },
    endpoint('/', {
      open(socket) {
        const { head } = socket.request
        heads.push(Object.fromEntries(head.fields.map(({ name, value }) => [name, value])))
      },
    }),
  )
  const flags = ['--cookie', 'a=1', '--cookie', 'b=2', '--bearer', 'abc', '--header', 'X-One: 1', '--no-proxy']
  const { code } = await connect(noInput(), server.url, ...flags, '-x', '/close')
  expect(code).toBe(0)
  expect(heads[0]).toMatchObject({ 'X-One': '1', Cookie: 'a=1; b=2', Authorization: 'Bearer abc' })
})

test('a signal closes politely', async () => {
  const end = new AbortController()
  const { terminal, remarks } = captured()
  const done = runCommand(['connect', echo()], terminal, end.signal, new PassThrough())
  await remarks.match(/✓ open/)
  end.abort()
  expect(await done).toBe(0)
  expect(remarks.text).toContain('END_CLOSED')
})

// Many requests of one file share the signal: Node warned of a leak after ten of them.
test('leaves nothing at the signal when it is over', async () => {
  const { signal } = new AbortController()
  const { terminal } = captured()
  await runCommand(['connect', echo(), '-x', 'hello', '-x', '/expect hello'], terminal, signal, noInput())
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
