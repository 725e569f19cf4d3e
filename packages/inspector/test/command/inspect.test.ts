import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { endpoint, listen, refuse } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { captured } from '../support/capture.ts'
import { Collected } from '../support/collected.ts'

const never = new AbortController().signal

let demo: Server

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
})

afterAll(() => demo.close())

async function inspect(...commandLine: string[]): Promise<{ code: number; out: string; lines: string[]; err: string }> {
  const { terminal, result, remarks } = captured()
  const code = await runCommand(['inspect', ...commandLine], terminal, never)
  return { code, out: result.text, lines: result.lines, err: remarks.text }
}

async function inspectJson(...commandLine: string[]): Promise<{ code: number; json: Record<string, unknown> }> {
  const { code, out } = await inspect('--json', ...commandLine)
  return { code, json: JSON.parse(out) as Record<string, unknown> }
}

describe('a connection that opens', () => {
  test('exits with 0 and tells stages, heads, rules and verdict in this order', async () => {
    const { code, lines, err } = await inspect(`${demo.url}/echo`)
    expect(code).toBe(0)
    expect(err).toBe('')
    const marks = [
      /^ {2}✓ resolve \(DNS\)/,
      /^ {2}✓ connect \(TCP\)/,
      /^ {2}✓ upgrade \(HTTP\)/,
      /^ {2}> GET \/echo HTTP\/1\.1$/,
      /^ {2}< HTTP\/1\.1 101 Switching Protocols$/,
      /^ {2}✓ F1 /,
      /^ {2}. F7 /,
      /^ {2}✓ H-REQ-02 /,
      /^✓ OPEN \(open\) {2}The connection is open\.$/,
    ]
    const places = marks.map((mark) => lines.findIndex((line) => mark.test(line)))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('is closed cleanly', async () => {
    const ended = new Collected<number>()
    await using server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', { close: (_socket, closing) => ended.add(closing.code) }),
    )
    const { json } = await inspectJson(server.url)
    expect(json['closing']).toMatchObject({ code: 1000, clean: true })
    expect(await ended.find(() => true)).toBe(1000)
  })

  test('--json prints one object and nothing else', async () => {
    const { code, json } = await inspectJson(`${demo.url}/echo`)
    expect(code).toBe(0)
    expect(json).toMatchObject({
      url: `${demo.url}/echo`,
      verdict: { ok: true, stage: 'open', code: 'OPEN', sentence: 'The connection is open.', hint: '' },
      request: { method: 'GET', target: '/echo' },
      response: { status: 101 },
    })
    expect(json['stages']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'upgrade', startMs: expect.any(Number), endMs: expect.any(Number) }),
      ]),
    )
    expect(json['rules']).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'H-REQ-08', ok: true, outcome: 'kept' })]),
    )
  })

  test('sends what it was told to', async () => {
    const { json } = await inspectJson(
      `${demo.url}/echo`,
      '--header',
      'X-Probe: a: b',
      '--header',
      'X-Empty:',
      '--subprotocol',
      'nope',
      '--subprotocol',
      'chat.v1',
      '--origin',
      'https://page.example',
    )
    const { head } = json['request'] as { head: string }
    expect(head).toMatch(/\r\nX-Probe: a: b\r\n/)
    expect(head).toMatch(/\r\nX-Empty: ?\r\n/)
    expect(head).toMatch(/\r\nSec-WebSocket-Protocol: nope, chat\.v1\r\n/)
    expect(head).toMatch(/\r\nOrigin: https:\/\/page\.example\r\n/)
    expect(json['verdict']).toMatchObject({ details: { subprotocol: 'chat.v1' } })
  })

  test('prints no secret', async () => {
    const secrets = ['--header', 'Authorization: Bearer s3cret', '--header', 'Cookie: id=s3cret']
    for (const more of [[], ['--json'], ['--dialogue']]) {
      const { out } = await inspect(`${demo.url}/echo`, ...secrets, ...more)
      expect(out).toContain('Authorization')
      expect(out).not.toContain('s3cret')
    }
  })

  test('--dialogue adds the conversation, goodbye included', async () => {
    const { lines } = await inspect(`${demo.url}/echo`, '--dialogue')
    expect(lines.some((line) => /^ {2}Client +Hello 127\.0\.0\.1, /.test(line))).toBe(true)
    expect(lines.some((line) => /^ {2}Server +.*\[Close 1000\]$/.test(line))).toBe(true)
  })

  test('--insecure accepts a certificate nobody vouches for', async () => {
    await using secure = await startDemo({ port: 0, mode: 'echo', tls: true })
    const refused = await inspectJson(`${secure.url}/`)
    expect(refused).toMatchObject({ code: 1, json: { verdict: { stage: 'secure', code: 'SECURE_SELF_SIGNED' } } })
    expect(await inspect(`${secure.url}/`, '--insecure')).toMatchObject({ code: 0 })
  })
})

describe('a connection that does not', () => {
  test('exits with 1 and says why, with a hint', async () => {
    const { code, lines } = await inspect('ws://127.0.0.1:1/')
    expect(code).toBe(1)
    expect(lines.at(-2)).toMatch(/^✗ CONNECT_REFUSED \(connect\) {2}Nothing listens on 127\.0\.0\.1:1/)
    expect(lines.at(-1)).toMatch(/^ {2}Hint: ./)
  })

  test('--lang zh says it in Chinese, in JSON too', async () => {
    const { lines } = await inspect('ws://127.0.0.1:1/', '--lang', 'zh')
    expect(lines.at(-1)).toMatch(/^ {2}建议：\p{Script=Han}/u)
    const { json } = await inspectJson('ws://127.0.0.1:1/', '--lang', 'zh')
    const { sentence, hint } = json['verdict'] as { sentence: string; hint: string }
    expect(sentence).toMatch(/\p{Script=Han}/u)
    expect(hint).toMatch(/\p{Script=Han}/u)
  })

  test('a URL that is none is told with its rule', async () => {
    const { code, json } = await inspectJson('ws://')
    expect(code).toBe(1)
    expect(json).toMatchObject({ verdict: { code: 'URI_INVALID' }, request: null, response: null })
    expect(json['rules']).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'H-URI-02', ok: false })]))
  })

  test('the reply of a refusal is shown with its body', async () => {
    await using server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', { authorize: () => refuse(403, 'Not on a Sunday.') }),
    )
    const { code, lines } = await inspect(server.url)
    expect(code).toBe(1)
    expect(lines).toContain('  < HTTP/1.1 403 Forbidden')
    expect(lines.some((line) => line.includes('Not on a Sunday.'))).toBe(true)
  })

  test('what a peer sends cannot steer the terminal', async () => {
    const evil = createServer((stream) => {
      stream.on('error', () => {})
      // The window's title, a colour, a C1 control, and a right-to-left override in the body (UTF-8).
      const head =
        'HTTP/1.1 418 \u001b]0;owned\u0007\r\nX: \u001b[31m\u009b1m\r\nContent-Length: 3\r\nConnection: close\r\n\r\n'
      stream.once('data', () => stream.end(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from('\u202e')])))
    })
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
    const url = `ws://127.0.0.1:${(evil.address() as AddressInfo).port}/`
    for (const more of [[], ['--json'], ['--dialogue']]) {
      const { code, out } = await inspect(url, ...more)
      expect(code).toBe(1)
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
    await new Promise((resolve) => evil.close(resolve))
  })

  test('--timeout bounds the attempt', async () => {
    const silent = createServer((stream) => stream.on('error', () => {}).resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`
    const { code, json } = await inspectJson(url, '--timeout', '1000')
    expect(code).toBe(1)
    expect(json['verdict']).toMatchObject({ code: 'UPGRADE_TIMEOUT', details: { timeout: 1000 } })
    await new Promise((resolve) => silent.close(resolve))
  })

  test('a signal gives it up', async () => {
    const { terminal, result } = captured()
    const code = await runCommand(['inspect', '--json', `${demo.url}/echo`], terminal, AbortSignal.abort())
    expect(code).toBe(1)
    expect(JSON.parse(result.text)).toMatchObject({ verdict: { code: 'ABORTED' } })
  })
})
