import type { Socket } from 'node:net'
import { keyFrom, readWebSocketUri } from 'centouno/telling'
import type { ConnectionReport } from 'centouno/telling'
import { afterEach, describe, expect, test } from 'vitest'
import type { Break } from '../../src/break-a-rule/break.ts'
import { breakOutcome } from '../../src/break-a-rule/break-outcome.ts'
import type { BreakOutcome } from '../../src/break-a-rule/break-outcome.ts'
import { breaksOf } from '../../src/break-a-rule/breaks.ts'
import { bytesOfRequest, validRequest } from '../../src/break-a-rule/opening-request.ts'
import { sendBroken } from '../../src/break-a-rule/send-broken.ts'
import type { BrokenRequest } from '../../src/break-a-rule/send-broken.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { Collected } from '../support/collected.ts'
import { answering, closedPort, closeRawServers, rawServer } from '../support/raw-server.ts'

afterEach(closeRawServers)

function breakNamed(id: string): Break {
  const [broken] = breaksOf([id])
  if (broken === undefined) throw new Error(id)
  return broken
}

function bytesFor(url: string, broken: Break): Uint8Array {
  const reading = readWebSocketUri(url)
  if (!reading.ok) throw new Error(reading.found)
  const parts = { uri: reading.uri, key: keyFrom(new Uint8Array(16)), subprotocols: [], extensions: [], fields: [] }
  return bytesOfRequest(broken.falsify(validRequest(parts)))
}

async function outcomeAt(
  url: string,
  id = 'no-upgrade',
  options: Partial<BrokenRequest> = {},
): Promise<{ outcome: BreakOutcome; report: ConnectionReport }> {
  const broken = breakNamed(id)
  const report = await sendBroken({ url, bytes: bytesFor(url, broken), ...options })
  return { outcome: breakOutcome(report, broken), report }
}

function saying(text: string): Promise<string> {
  return rawServer((socket) => socket.once('data', () => socket.end(text)))
}

describe('what a server makes of a broken handshake', () => {
  test('it accepts, which is wrong, and it is told goodbye', async () => {
    const received = new Collected<string>()
    const url = await rawServer((socket) => {
      answering(socket, (chunk) => received.add(chunk.toString('hex')))
      socket.once('end', () => socket.end())
    })
    const { outcome, report } = await outcomeAt(url)
    expect(outcome).toMatchObject({ kind: 'accepted', status: 101, judgement: 'wrong' })
    expect(outcome.sentence.en).toContain('H-REQ-06')
    expect(report.rules.find(({ id }) => id === 'H-REQ-06')).toMatchObject({ outcome: 'broken' })
    // FIN and opcode 8, mask bit and length 2, masking key 0, code 1000 (RFC 6455 §5.5.1).
    expect(received.items.join('')).toBe('88820000000003e8')
  })

  test('it accepts where the standard lets it', async () => {
    const url = await rawServer((socket) => answering(socket, () => socket.end()))
    expect((await outcomeAt(url, 'foreign-origin')).outcome).toMatchObject({ kind: 'accepted', judgement: 'allowed' })
  })

  test.each([
    ['refuses without a word on why', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', 400, undefined],
    ['answers as to any request', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 200, undefined],
    ['names another rule', 'HTTP/1.1 400 No\r\nContent-Length: 14\r\n\r\ncode: H-REQ-07', 400, 'H-REQ-07'],
    ['names what is no rule', 'HTTP/1.1 400 No\r\nContent-Length: 14\r\n\r\ncode: H-REQ-99', 400, undefined],
  ])('it %s', async (_what, reply, status, named) => {
    const { outcome } = await outcomeAt(await saying(reply))
    expect(outcome).toMatchObject({ kind: 'refused', status, named, judgement: 'good' })
  })

  test.each<[string, (socket: Socket) => void]>([
    ['FIN', (socket) => socket.end()],
    ['RST', (socket) => socket.resetAndDestroy()],
  ])('it hangs up by %s', async (_how, hangUp) => {
    const url = await rawServer((socket) => socket.once('data', () => hangUp(socket)))
    expect((await outcomeAt(url)).outcome).toMatchObject({ kind: 'hung-up', judgement: 'good' })
  })

  test('it says nothing at all', async () => {
    const url = await rawServer((socket) => socket.resume())
    const { outcome, report } = await outcomeAt(url, 'no-upgrade', { handshakeTimeout: 200 })
    expect(outcome).toMatchObject({ kind: 'silent', judgement: 'open' })
    expect(report.verdict).toMatchObject({ code: 'UPGRADE_TIMEOUT', details: { timeout: 200 } })
  })

  test('it speaks another protocol', async () => {
    const { outcome } = await outcomeAt(await saying('SSH-2.0-OpenSSH_9.6\r\n'))
    expect(outcome).toMatchObject({ kind: 'garbled', judgement: 'open' })
  })

  test('there is no server', async () => {
    const { outcome, report } = await outcomeAt(`ws://127.0.0.1:${await closedPort()}`)
    expect(outcome).toMatchObject({ kind: 'unreached', judgement: 'open' })
    expect(report.verdict.code).toBe('CONNECT_REFUSED')
  })

  test('it is not waited for any longer', async () => {
    const giveUp = new AbortController()
    const url = await rawServer((socket) => socket.once('data', () => giveUp.abort()))
    const { outcome, report } = await outcomeAt(url, 'no-upgrade', { signal: giveUp.signal })
    expect(outcome.kind).toBe('silent')
    expect(report.verdict.code).toBe('ABORTED')
  })

  test('it does not end the connection: we do', async () => {
    const url = await rawServer((socket) => socket.once('data', () => socket.write(longLived)))
    expect((await outcomeAt(url)).outcome).toMatchObject({ kind: 'refused', status: 404 })
  })
})

const longLived = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'

test('over TLS, too', async () => {
  await using demo = await startDemo({ port: 0, mode: 'echo', tls: true })
  const { outcome, report } = await outcomeAt(demo.url, 'version-12', { tls: { rejectUnauthorized: false } })
  expect(outcome).toMatchObject({ kind: 'refused', status: 426, named: 'H-REQ-12' })
  expect(report.stages.map(({ name }) => name)).toContain('secure')
})

describe('a request that was written by hand', () => {
  test.each([
    ['breaks a rule that binds', 'no-upgrade', 'wrong'],
    ['breaks one that a server may pass over', 'lone-lf', 'allowed'],
  ])('%s', async (_what, id, judgement) => {
    const url = await rawServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')),
    )
    const broken = breakNamed(id)
    const report = await sendBroken({ url, bytes: bytesFor(url, broken) })
    expect(breakOutcome(report, undefined)).toMatchObject({ kind: 'accepted', judgement })
  })
})
