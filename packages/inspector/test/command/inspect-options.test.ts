import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpoint, listen } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { endpointsOf } from '../../src/command/start-capture.ts'
import { Terminal } from '../../src/command/terminal.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { parseSession } from '../../src/session-file/parse-session.ts'
import { Capture, captured } from '../support/capture.ts'
import { missingForCaptures } from '../support/capture-tools.ts'

/** What `inspect` can show, count and write besides the report. */

const never = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'centouno-inspect-'))

let demo: Server
let secure: Server

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
  secure = await startDemo({ port: 0, mode: 'echo', tls: true })
})

afterAll(async () => {
  await demo.close()
  await secure.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Told {
  readonly code: number
  readonly out: string
  readonly lines: readonly string[]
  readonly err: string
}

async function inspect(...commandLine: string[]): Promise<Told> {
  const { terminal, result, remarks } = captured()
  const code = await runCommand(['inspect', ...commandLine], terminal, never)
  return { code, out: result.text, lines: result.lines, err: remarks.text }
}

const plain = (): string => `${demo.url}/echo`
const encrypted = (): string => `${secure.url}/echo`

describe('--ladder', () => {
  test('is an arrow for every segment, head and frame, in place of stages and rules', async () => {
    const { code, lines, out } = await inspect(plain(), '--ladder')
    expect(code).toBe(0)
    const arrows = lines.filter((line) => /[▶◀]/.test(line))
    const told = arrows.map((line) =>
      line
        .replace(/^ *[\d.]+ /, '')
        .replaceAll(/[─╌│▶◀]+/g, ' ')
        .replaceAll(/ +/g, ' ')
        .trim(),
    )
    expect(told.slice(0, 5)).toEqual([
      'TCP SYN inferred',
      'TCP SYN-ACK inferred',
      'TCP ACK inferred',
      'HTTP GET /echo',
      'HTTP 101 Switching Protocols',
    ])
    expect(told).toContain('WS Close 1000')
    expect(told.filter((line) => line.startsWith('TCP FIN'))).toHaveLength(2)
    // Every arrow ends at the same two columns.
    expect(new Set(arrows.map((line) => line.indexOf('│'))).size).toBe(1)
    expect(new Set(arrows.map((line) => line.lastIndexOf('│'))).size).toBe(1)
    expect(out).not.toContain('H-REQ-08')
    expect(out).toContain('✓ OPEN')
  })

  test('says it in Chinese, and colours both sides on a screen', async () => {
    const screen = new Capture(true)
    await runCommand(['inspect', plain(), '--ladder', '--lang', 'zh'], new Terminal(screen, new Capture(), {}), never)
    expect(screen.text).toContain('客户端')
    expect(screen.text).toContain('推断')
    expect(screen.text).toContain('\u001b[36m── GET /echo')
    expect(screen.text).toContain('\u001b[35m◀─ 101 Switching Protocols')
  })

  test('opens TLS', async () => {
    const { out } = await inspect(encrypted(), '--insecure', '--ladder')
    expect(out).toMatch(/TLS .*EncryptedExtensions .* crossed encrypted/)
    expect(out).toMatch(/HTTP .*GET \/echo .* crossed encrypted/)
  })

  test('--bytes adds the bytes, the fields, and what follows from them', async () => {
    const { out } = await inspect(plain(), '--bytes')
    expect(out).toMatch(/0000 {2}47 45 54 20 2f 65 63 68 {2}6f 20 .* {2}GET \/echo HTTP/)
    expect(out).toMatch(/Masking-key: ([0-9a-f]{2} ){3}[0-9a-f]{2} {2}\[2–5\]/)
    expect(out).toMatch(/FIN: 1 {2}\[0\.0–0\]/)
    expect(out).toContain('Payload, as the receiver reads it')
    expect(out).toContain('RFC 6455 §5.5.1')
  })

  test('--json has it as data', async () => {
    const { out } = await inspect(plain(), '--ladder', '--json')
    const { ladder, messages } = JSON.parse(out) as { ladder: { label: { en: string } }[]; messages: unknown[] }
    expect(ladder.map(({ label }) => label.en)).toContain('GET /echo')
    expect(messages).toHaveLength(2)
    const without = JSON.parse((await inspect(plain(), '--json')).out) as Record<string, unknown>
    expect('ladder' in without).toBe(false)
  })

  test('of what never began says so', async () => {
    const { code, out } = await inspect('ws://', '--ladder')
    expect(code).toBe(1)
    expect(out).toContain('Nothing crossed')
  })
})

describe('--times', () => {
  test('connects so often, one after another, and tells how the times are spread', async () => {
    let open = 0
    let most = 0
    let total = 0
    await using server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', {
        open() {
          open += 1
          total += 1
          most = Math.max(most, open)
        },
        close: () => void (open -= 1),
      }),
    )
    const { code, out } = await inspect(server.url, '--times', '4', '--json')
    expect(code).toBe(0)
    const told = JSON.parse(out) as { stages: Record<string, Record<string, number>> }
    expect(told).toMatchObject({ attempts: 4, opened: 4, failures: [] })
    expect(Object.keys(told.stages)).toEqual(['resolve', 'connect', 'upgrade', 'total'])
    const { min = 0, median = 0, p95 = 0, max = 0, count } = told.stages['upgrade'] ?? {}
    expect(count).toBe(4)
    expect([min, median, p95, max]).toEqual([min, median, p95, max].toSorted((a, b) => a - b))
    expect(min).toBeGreaterThan(0)
    expect([total, most]).toEqual([4, 1])
  })

  test('as a table; one that did not open makes it exit with 1', async () => {
    const gone = await startDemo({ port: 0, mode: 'echo', tls: false })
    await gone.close()
    const { code, lines } = await inspect(gone.url, '--times', '2', '--lang', 'zh')
    expect(code).toBe(1)
    expect(lines.some((line) => /^ {2}阶段 +min +中位数 +p95 +max +n$/.test(line))).toBe(true)
    expect(lines.at(-2)).toBe('✗ 2 次中有 0 次打开')
    expect(lines.at(-1)).toMatch(/^ +2 × CONNECT_REFUSED$/)
  })

  test('with --record, each of them is kept', async () => {
    const path = join(folder, 'times.json')
    await inspect(plain(), '--times', '3', '--record', path)
    expect(parseSession(readFileSync(path, 'utf8')).connections).toHaveLength(3)
  })

  test('a number that is none is a mistake of usage', async () => {
    expect((await inspect(plain(), '--times', '0')).code).toBe(2)
  })
})

describe('what is written', () => {
  test('--keylog appends the keys, for the owner alone; without it no key is written anywhere', async () => {
    const [keys, session] = [join(folder, 'keys.txt'), join(folder, 'keyed.json')]
    await inspect(encrypted(), '--insecure', '--keylog', keys, '--record', session)
    const lines = readFileSync(keys, 'utf8').trimEnd().split('\n')
    const secrets = lines.map((line) => /^([A-Z0-9_]+) [0-9a-f]{64} ([0-9a-f]+)$/.exec(line))
    expect(secrets.map((match) => match?.[1])).toContain('CLIENT_TRAFFIC_SECRET_0')
    expect(statSync(keys).mode & 0o077).toBe(0)
    const recorded = readFileSync(session, 'utf8')
    for (const match of secrets) expect(recorded).not.toContain(match?.[2])
    await inspect(encrypted(), '--insecure', '--keylog', keys)
    expect(readFileSync(keys, 'utf8').trimEnd().split('\n').length).toBe(2 * lines.length)
  })

  test('--har writes a file beside the report, or prints it in place of it', async () => {
    const path = join(folder, 'made.har')
    const beside = await inspect(plain(), '--har', path)
    expect(beside.out).toContain('✓ OPEN')
    const written = JSON.parse(readFileSync(path, 'utf8')) as { log: { entries: { request: { url: string } }[] } }
    expect(written.log.entries[0]?.request.url).toBe(plain())
    const printed = JSON.parse((await inspect(plain(), '--har')).out) as { log: { version: string } }
    expect(printed.log.version).toBe('1.2')
  })

  test('a file that cannot be written: exit status 1, before anything is sent', async () => {
    for (const option of ['--record', '--keylog']) {
      const { code, out, err } = await inspect(plain(), option, join(folder, 'no', 'such', 'folder'))
      expect([code, out]).toEqual([1, ''])
      expect(err).toContain('ENOENT')
    }
    expect(existsSync(join(folder, 'no'))).toBe(false)
  })
})

describe('--capture', () => {
  test('of a URL and its proxies captures their addresses; of redirects, all there is', async () => {
    const environment = { HTTPS_PROXY: 'http://127.0.0.3:8080' }
    const url = 'wss://127.0.0.1/'
    expect(await endpointsOf(url, {}, environment)).toEqual([
      { address: '127.0.0.1', port: 443 },
      { address: '127.0.0.3', port: 8080 },
    ])
    expect(await endpointsOf(url, { proxy: 'socks5://127.0.0.4' }, environment)).toEqual([
      { address: '127.0.0.1', port: 443 },
      { address: '127.0.0.4', port: 1080 },
    ])
    expect(await endpointsOf(url, { proxy: false }, environment)).toHaveLength(1)
    expect(await endpointsOf(url, { redirects: 1 }, environment)).toEqual([])
    expect(await endpointsOf('no url', {}, {})).toEqual([])
    expect(await endpointsOf('ws://[::1]:81/', {}, {})).toEqual([{ address: '::1', port: 81 }])
  })

  const missing = missingForCaptures('tcpdump')

  describe.skipIf(missing !== '')(`where it is permitted${missing}`, { timeout: 60_000 }, () => {
    test('the segments are those that were seen', async () => {
      const { out, err } = await inspect(plain(), '--capture', '--ladder')
      expect(err).toBe('')
      expect(out).toMatch(/TCP .*── SYN /)
      expect(out).not.toContain('╌')
    })

    // The system does not tell the client's port of a connection that was refused: the capture does.
    test('a connection that was refused shows its SYN and the RST', async () => {
      const gone = await startDemo({ port: 0, mode: 'echo', tls: false })
      await gone.close()
      const { code, lines } = await inspect(gone.url, '--capture', '--bytes')
      expect(code).toBe(1)
      const arrows = lines.filter((line) => /[▶◀]/.test(line))
      expect(arrows).toHaveLength(2)
      expect(arrows[0]).toMatch(/TCP .*── SYN ─+▶│$/)
      expect(arrows[1]).toMatch(/TCP .*◀─ RST ─+│$/)
      expect(
        lines.some((line) => line.includes(`destination port: ${gone.port}`) || line.includes('Destination Port')),
      ).toBe(true)
    })
  })
})
