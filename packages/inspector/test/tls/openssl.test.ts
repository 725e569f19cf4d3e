import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createServer } from 'node:tls'
import type { TlsOptions } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../src/demo/certificate.ts'
import type { Certificate } from '../../src/demo/certificate.ts'
import type { RungDraft } from '../../src/wire/layer-reader.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { findOpenssl, readMessages } from '../support/openssl.ts'
import { plainText, readTls, recordingRelay } from '../support/tls-tape.ts'

/** What we read out of the bytes of a connection, against what OpenSSL says of it, who made it. */

const openssl = findOpenssl()
const folder = mkdtempSync(join(tmpdir(), 'centouno-openssl-'))
let certificate: Certificate
/** Milliseconds before a process that hangs is ended. */
const atMost = 15_000

beforeAll(async () => {
  certificate = await makeCertificate()
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Observed {
  readonly pieces: readonly TapePiece[]
  readonly keys: readonly string[]
  /** The output of `-msg`. */
  readonly told: string
}

/**
 * Lets `openssl s_client` speak with an echo server through a relay. `orders` are typed in turn, each after the answer to
 * the one before: an echo, or to a command (`K`: new keys, `R`: another handshake) the word that it was understood. It
 * would drop what it reads behind a command.
 */
async function observe(server: TlsOptions, options: readonly string[], orders: readonly string[]): Promise<Observed> {
  const echo = createServer(server, (socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  echo.on('tlsClientError', () => {})
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  const relay = await recordingRelay((echo.address() as AddressInfo).port)
  const name = `${relay.port}`
  const [messages, keyLog] = [join(folder, `${name}.msg`), join(folder, `${name}.keys`)]
  const client = spawn(
    'openssl',
    [
      's_client',
      '-connect',
      `127.0.0.1:${relay.port}`,
      '-servername',
      'localhost',
      '-msg',
      '-msgfile',
      messages,
      '-keylogfile',
      keyLog,
      ...options,
    ],
    { stdio: 'pipe', timeout: atMost },
  )
  const exited = once(client, 'exit')
  client.stdin.on('error', () => {})
  let output = ''
  let understood = ''
  let typed = 0
  const isAnswered = (): boolean => {
    const last = orders[typed - 1]
    // Before it takes orders it reports of the handshake.
    if (last === undefined) return output.includes('\n---\n')
    if (last.length > 1) return output.includes(last)
    const commands = orders.slice(0, typed).filter((order) => order.length === 1)
    return understood.split(/KEYUPDATE|RENEGOTIATING/).length > commands.length
  }
  const goOn = (): void => {
    const next = orders[typed]
    if (next === undefined || !isAnswered()) return
    typed += 1
    client.stdin.write(`${next}\n`)
  }
  client.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    goOn()
  })
  client.stderr.on('data', (chunk: Buffer) => {
    understood += chunk.toString()
    goOn()
  })
  try {
    await exited
    await relay.over
  } finally {
    client.kill()
    relay.close()
    echo.close()
  }
  return {
    pieces: relay.pieces,
    keys: readFileSync(keyLog, 'utf8').split('\n'),
    told: readFileSync(messages, 'utf8'),
  }
}

/** Handshake messages and alerts as OpenSSL counts them: without the header of the record. */
function messagesOf(rungs: readonly RungDraft[], from: 'client' | 'server'): readonly string[] {
  return rungs.flatMap((rung) => {
    const start = rung.fields.find(({ name }) => name === 'msg_type' || name === 'level')?.start
    if (rung.from !== from || start === undefined) return []
    return [Buffer.from(rung.bytes, 'base64').subarray(start).toString('hex')]
  })
}

function expectTheSame({ pieces, keys, told }: Observed, atLeast: number): readonly RungDraft[] {
  const { rungs } = readTls(pieces, { keys })
  const messages = readMessages(told)
  expect(messages.length).toBeGreaterThanOrEqual(atLeast)
  for (const [arrow, from] of [
    ['>', 'client'],
    ['<', 'server'],
  ] as const) {
    const expected = messages.filter(({ direction }) => direction === arrow).map(({ bytes }) => bytes.toString('hex'))
    // A server that is left says goodbye into the void: OpenSSL has gone by then.
    expect(messagesOf(rungs, from).slice(0, expected.length)).toEqual(expected)
    expect(messagesOf(rungs, from).length - expected.length).toBeLessThanOrEqual(1)
  }
  return rungs
}

describe.skipIf(openssl.missing !== '')(`what openssl s_client says of the same bytes${openssl.missing}`, () => {
  test.each([
    ['TLS_AES_256_GCM_SHA384', 'X25519'],
    ['TLS_CHACHA20_POLY1305_SHA256', 'P-384'],
  ])('TLS 1.3, %s, %s', async (suite, group) => {
    const observed = await observe(
      { ...certificate },
      ['-tls1_3', '-ciphersuites', suite, '-groups', group],
      ['hello', 'Q'],
    )
    const rungs = expectTheSame(observed, 8)
    expect(rungs.map(({ label }) => label.en)).toContain('CertificateVerify')
    expect(plainText(readTls(observed.pieces, observed).plain, 'received')).toBe('hello\n')
  })

  test('TLS 1.3, with another group on request', async () => {
    const observed = await observe(
      { ...certificate, ecdhCurve: 'P-521' },
      ['-tls1_3', '-groups', 'X25519:P-521'],
      ['hello', 'Q'],
    )
    const rungs = expectTheSame(observed, 10)
    expect(rungs.map(({ label }) => label.en)).toContain('HelloRetryRequest')
  })

  test('TLS 1.3, with new keys in the middle', async () => {
    // k: a new key for what the client sends; K: and the same of the server.
    const observed = await observe({ ...certificate }, ['-tls1_3'], ['hello', 'k', 'again', 'K', 'once more', 'Q'])
    const rungs = expectTheSame(observed, 10)
    const updates = rungs.filter(({ label }) => label.en === 'KeyUpdate').map(({ from }) => from)
    expect(updates).toEqual(['client', 'client', 'server'])
    const { plain } = readTls(observed.pieces, observed)
    expect(plainText(plain, 'received')).toBe('hello\nagain\nonce more\n')
  })

  test('TLS 1.2', async () => {
    const observed = await observe({ ...certificate }, ['-tls1_2'], ['hello', 'Q'])
    expectTheSame(observed, 8)
    expect(plainText(readTls(observed.pieces, observed).plain, 'received')).toBe('hello\n')
  })

  test('TLS 1.2, with a second handshake on the same connection', async () => {
    const observed = await observe({ ...certificate }, ['-tls1_2'], ['hello', 'R', 'again', 'Q'])
    const rungs = expectTheSame(observed, 16)
    expect(rungs.filter(({ label }) => label.en === 'ClientHello').map(({ decrypted }) => decrypted)).toEqual([
      false,
      true,
    ])
    expect(plainText(readTls(observed.pieces, observed).plain, 'received')).toBe('hello\nagain\n')
  })

  test.each([
    ['with its key', true],
    ['without its key', false],
  ])('TLS 1.3, with early data, %s', async (_how, withKey) => {
    const [cert, key, early, session, keyLog] = ['cert', 'key', 'early', 'session', 'early-keys'].map((name) =>
      join(folder, `${name}.${withKey}`),
    ) as [string, string, string, string, string]
    writeFileSync(cert, certificate.cert)
    writeFileSync(key, certificate.key)
    writeFileSync(early, 'before the handshake')
    const server = spawn(
      'openssl',
      ['s_server', '-accept', '127.0.0.1:0', '-cert', cert, '-key', key, '-tls1_3', '-early_data', '-no_anti_replay'],
      { stdio: ['pipe', 'pipe', 'ignore'], timeout: atMost },
    )
    const exited = once(server, 'exit')
    try {
      const port = await portOf(server.stdout)
      await visit(port, ['-sess_out', session], server)
      const relay = await recordingRelay(port)
      await visit(relay.port, ['-sess_in', session, '-early_data', early, '-keylogfile', keyLog], server)
      await relay.over
      relay.close()
      const lines = readFileSync(keyLog, 'utf8').split('\n')
      const keys = lines.filter((line) => withKey || !line.startsWith('CLIENT_EARLY_TRAFFIC_SECRET'))
      const { labels, plain } = readTls(relay.pieces, { keys })
      const earlyLabel = withKey ? '> Application data, 20 bytes' : '> Early data, encrypted, 37 bytes: no key'
      expect(labels).toContain(earlyLabel)
      expect(labels.indexOf(earlyLabel)).toBeLessThan(labels.indexOf('< ServerHello'))
      expect(labels).toContain('> Finished')
      expect(plainText(plain, 'sent')).toBe(withKey ? 'before the handshake' : '')
    } finally {
      server.kill()
      await exited
    }
  })
})

/**
 * Connects to s_server, and leaves when it has heard something: tickets come before. (It tells of them only when it
 * leaves.)
 */
async function visit(port: number, options: readonly string[], server: ChildProcess): Promise<void> {
  const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_3', ...options], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: atMost,
  })
  let output = ''
  let asked = false
  client.stdin.on('error', () => {})
  client.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (!asked && output.includes('\n---\n')) {
      asked = true
      server.stdin?.write('go\n')
    }
    if (client.stdin.writable && output.endsWith('go\n')) client.stdin.end('Q\n')
  })
  await once(client, 'exit')
}

/** s_server says on which port it listens. */
async function portOf(output: Readable): Promise<number> {
  let said = ''
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    said += String(chunk)
    const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said)?.[1]
    if (port !== undefined) {
      output.resume()
      return Number(port)
    }
  }
  throw new Error(`openssl s_server did not start: ${said}`)
}
