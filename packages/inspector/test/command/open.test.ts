import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Server } from 'centouno'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/capture-error.ts'
import { openFile } from '../../src/command/open-file.ts'
import { runCommand } from '../../src/command/program.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { RecordedFileError } from '../../src/session-file/recorded-file-error.ts'
import { formatSession } from '../../src/session-file/format-session.ts'
import { captured } from '../support/capture.ts'
import { pcapFile } from '../support/packet-writer.ts'
import { frame, plainRequest, seen, switching, wholeTalk } from '../support/recorded.ts'
import { TcpTalk } from '../support/tcp-talk.ts'

const never = new AbortController().signal
const chromium = fileURLToPath(new URL('../har/chromium-devtools.har', import.meta.url))

let folder: string
let demo: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'centouno-open-'))
  demo = await startDemo({ port: 0, mode: 'echo', tls: true })
})

afterAll(async () => {
  await demo.close()
  await rm(folder, { recursive: true })
})

interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(input: string, ...commandLine: string[]): Promise<Told> {
  const { terminal, result, remarks } = captured()
  const code = await runCommand(commandLine, terminal, never, Readable.from([input]))
  return { code, out: result.text, err: remarks.text }
}

const open = (...commandLine: string[]): Promise<Told> => run('', 'open', ...commandLine)

async function fileOf(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

describe('a session', () => {
  test('that inspect recorded is told as inspect told it, in every way', async () => {
    const path = join(folder, 'inspected.json')
    const url = `${demo.url}/echo`
    for (const way of [[], ['--ladder'], ['--bytes'], ['--dialogue', '--lang', 'zh'], ['--json', '--ladder']]) {
      const told = await run('', 'inspect', url, '--insecure', '--record', path, ...way)
      expect(told.code).toBe(0)
      const again = await open(path, ...way)
      expect(again).toMatchObject({ code: 0, err: '' })
      // Of a JSON object the order of members says nothing.
      const comparable = ({ out }: Told): unknown => (way.includes('--json') ? JSON.parse(out) : out)
      expect(comparable(again)).toEqual(comparable(told))
    }
  })

  test('that connect recorded tells what was said, with times since the attempt began, and no secret', async () => {
    const path = join(folder, 'talked.json')
    const secrets = ['--cookie', 'sid=s3cret', '--bearer', 's3cret']
    const said = await run(
      'one\n',
      'connect',
      `${demo.url}/echo?token=s3cret`,
      '--insecure',
      '--record',
      path,
      ...secrets,
    )
    expect(said).toMatchObject({ code: 0, out: 'one\n' })
    expect(await readFile(path, 'utf8')).not.toContain('s3cret')
    const told = JSON.parse((await open(path, '--json')).out) as {
      messages: { kind: string; atMs: number }[]
      stages: { name: string; startMs: number }[]
    }
    expect(told.messages.map(({ kind }) => kind)).toEqual(['text', 'text', 'close', 'close'])
    const openedAtMs = told.stages.find(({ name }) => name === 'open')?.startMs ?? Infinity
    expect(told.messages[0]?.atMs).toBeGreaterThanOrEqual(openedAtMs)
    const { out } = await open(path)
    expect(out).toMatch(/\d+\.\d{3} {2}⬆ one\n/)
    expect(out).toMatch(/\d+\.\d{3} {2}⬇ one\n/)
  })

  test('keeps secrets with --with-secrets, and open does not show them', async () => {
    const path = join(folder, 'secret.json')
    const url = `${demo.url}/echo?token=s3cret`
    await run('', 'inspect', url, '--insecure', '--cookie', 'sid=s3cret', '--record', path, '--with-secrets')
    const text = await readFile(path, 'utf8')
    expect(text).toContain('token=s3cret')
    expect(text).toContain('sid=s3cret')
    for (const way of [[], ['--bytes'], ['--json', '--ladder']])
      expect((await open(path, ...way)).out).not.toContain('s3cret')
    const copy = join(folder, 'copy.json')
    await open(path, '--record', copy)
    expect(await readFile(copy, 'utf8')).not.toContain('s3cret')
  })

  test('of one that did not open has it too', async () => {
    const path = join(folder, 'refused.json')
    expect((await run('', 'connect', `${demo.url}/nothing`, '--insecure', '--record', path)).code).toBe(1)
    expect((await open(path)).out).toContain('UPGRADE_NOT_FOUND')
  })
})

describe('a capture', () => {
  test('of one connection is told; of several there is a list, from which one is chosen', async () => {
    const one = await fileOf('one.pcap', pcapFile(wholeTalk(plainRequest).packets))
    expect((await open(one, '--ladder')).out).toMatch(/SYN ─+▶│\n[\s\S]*✓ OPEN/)
    const other = new TcpTalk(1, 1, { sent: 40_001, received: 80 })
      .raw('sent', { flags: 2 })
      .raw('received', { flags: 20 })
    const two = await fileOf('two.pcap', pcapFile([...wholeTalk(plainRequest).packets, ...other.packets]))
    const list = await open(two)
    expect(list.code).toBe(0)
    expect(list.out).toMatch(/^#1 .* ws:\/\/chat\.example\/chat +✓ OPEN {2}2 messages {2}END_CLOSED$/m)
    expect(list.out).toMatch(/^#2 .* ✗ CONNECT_REFUSED$/m)
    expect((await open(two, '--connection', '2')).out).toContain('Nothing listens on 192.0.2.2:80')
    expect((JSON.parse((await open(two, '--json')).out) as { connections: unknown[] }).connections).toHaveLength(2)
    const none = await open(two, '--connection', '3', '--lang', 'zh')
    expect(none).toMatchObject({ code: 2, out: '' })
    expect(none.err).toContain('没有这条连接：文件里共有 2 条。')
  })

  // It was told as "This side closed the connection", as if this command had made it.
  test('names client and server where it tells the end, in every form', async () => {
    const file = await fileOf('end.pcap', pcapFile(wholeTalk(plainRequest).packets))
    const [en, zh, json] = [await open(file), await open(file, '--lang', 'zh'), await open(file, '--json')]
    expect(en.out).toMatch(/END_CLOSED {2}The (client|server) closed it with /)
    expect(zh.out).toMatch(/END_CLOSED {2}(客户端|服务器)关闭了连接/)
    const { closing } = JSON.parse(json.out) as { closing: { end: { sentence: string } } }
    expect(closing.end.sentence).toMatch(/^The (client|server) closed it with /)
    expect(`${en.out}${json.out}`).not.toMatch(/this side/i)
  })

  test('says what should be known of it, and what a hidden connection needs', async () => {
    const hello = Uint8Array.of(0x16, 3, 1, 0, 4, 1, 0, 0, 0)
    const talk = new TcpTalk().open().say('sent', hello).skip('sent', 4).say('sent', 'x')
    const { err, out } = await open(await fileOf('gap.pcap', pcapFile(talk.packets)), '--lang', 'zh')
    expect(err).toContain('字节流中没有抓到字节的位置：1 处')
    expect(out).toContain('SEEN_BYTES_MISSING')
    expect(out).toContain('这条连接有字节没有抓到')
  })
})

describe('conversions', () => {
  test('a capture becomes a HAR, and that a session', async () => {
    const pcap = await fileOf('c.pcap', pcapFile(wholeTalk().packets))
    const [har, session] = [join(folder, 'c.har'), join(folder, 'c.json')]
    expect((await open(pcap, '--har', har)).code).toBe(0)
    expect((await open(har, '--record', session)).code).toBe(0)
    const { out } = await open(session)
    expect(out).toContain('⬆ hello ü')
    expect(out).toContain('END_CLOSED')
    for (const path of [har, session]) expect(await readFile(path, 'utf8')).not.toContain('s3cret')
  })

  test("a HAR of Chromium's DevTools is told", async () => {
    const { code, out } = await open(chromium, '--ladder')
    expect(code).toBe(0)
    expect(out).toMatch(/╌╌ GET \/chat\?room=7&token=••• ╌+▶│ inferred/)
  })
})

test('text of the peers cannot steer the terminal', async () => {
  const talk = new TcpTalk().open().say('sent', plainRequest).say('received', switching)
  talk
    .say('received', frame(1, '\u001b[2J\u202e'))
    .say('received', frame(8, Buffer.from('\u0003\u00e8\u001b[31m', 'latin1')))
  const path = await fileOf('evil.pcap', pcapFile(talk.packets))
  for (const way of [[], ['--bytes'], ['--json', '--bytes'], ['--dialogue']]) {
    const { out, err } = await open(path, ...way)
    for (const steering of ['\u001b', '\u202e']) expect(out + err).not.toContain(steering)
  }
})

describe('what cannot be opened', () => {
  const cases: readonly [name: string, content: Uint8Array | string, code: string][] = [
    ['words', 'hello there, file', 'FILE_UNKNOWN'],
    ['empty', '', 'FILE_UNKNOWN'],
    ['other JSON', ' {"a":1}', 'FILE_UNKNOWN'],
    [
      'half a session',
      formatSession([seen(wholeTalk())], { creator: 'x', withSecrets: false }).slice(0, 500),
      'FILE_NOT_JSON',
    ],
    ['a later session', '\uFEFF{"format":"centouno-session","version":7}', 'SESSION_VERSION'],
    ['a HAR of pages', '{"log":{"entries":[]}}', 'HAR_WITHOUT_WEBSOCKET'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'CAPTURE_COMPRESSED'],
  ]
  for (const [name, content, code] of cases) {
    test(`${name}: ${code}, exit status 2`, async () => {
      const told = await open(await fileOf('bad', content))
      expect(told).toMatchObject({ code: 2, out: '' })
      expect(told.err).toContain(code)
    })
  }

  test('a file that is not there: exit status 1', async () => {
    const told = await open(join(folder, 'nowhere'))
    expect(told.code).toBe(1)
    expect(told.err).toContain('ENOENT')
  })

  test('property: any bytes as a file are read, or refused with a code', () => {
    const start = fc.constantFrom(
      '',
      '{',
      '{"format":"centouno-session",',
      '{"log":{"entries":',
      '\u00d4\u00c3\u00b2\u00a1',
      '\n\r\r\n',
    )
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (prefix, rest) => {
        expect(outcome(Buffer.concat([Buffer.from(prefix, 'latin1'), rest]))).toMatch(/^[A-Z]+_|^read$/)
      }),
    )
  })

  test('property: a capture with any bytes changed is read, or refused with a code', () => {
    const whole = pcapFile(wholeTalk().packets)
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of changes) bytes[at] = value
        expect(outcome(bytes)).toMatch(/^[A-Z]+_|^read$/)
      }),
      { numRuns: 60 },
    )
  })
})

function outcome(bytes: Uint8Array): string {
  try {
    for (const tellOne of openFile(bytes, { keyLog: '', withSecrets: false }).connections) tellOne()
    return 'read'
  } catch (error) {
    return error instanceof RecordedFileError || error instanceof CaptureError ? error.code : String(error)
  }
}
