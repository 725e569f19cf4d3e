import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'centouno'
import type { WireObserver } from 'centouno'
import { afterAll, describe, expect, test } from 'vitest'
import { startTool } from '../../src/capture/capture-process.ts'
import { openCapture } from '../../src/capture/open-capture.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { capturedLadder } from '../../src/ladder/captured-ladder.ts'
import { LiveLadder } from '../../src/ladder/live-ladder.ts'
import type { Rung } from '../../src/wire/rung.ts'
import { injectKeys, missingForCaptures, toolNamed } from '../support/capture-tools.ts'
import { Collected } from '../support/collected.ts'
import { nextMessage } from '../support/messages.ts'
import { pcapFile } from '../support/packet-writer.ts'
import { TcpTalk } from '../support/tcp-talk.ts'
import { WrittenCapture } from '../support/written-capture.ts'

/** The ladder of a capture, made here or elsewhere. */

function ladderOf(talk: TcpTalk): string[] {
  const { connections, keyLog } = openCapture(pcapFile(talk.packets))
  return connections.flatMap((connection) => story(capturedLadder(connection, keyLog)))
}

/** What is told of all layers above TCP, without times and numbers. */
function above(rungs: readonly Rung[]): unknown[] {
  return rungs
    .filter(({ layer }) => layer !== 'tcp')
    .map(({ layer, from, label, sentence, bytes, fields, decrypted }) => ({
      layer,
      from,
      label,
      sentence,
      bytes,
      fields,
      decrypted,
    }))
}

function story(rungs: readonly Rung[]): string[] {
  return rungs.map(({ layer, from, label }) => `${layer} ${from} ${label.en}`)
}

test('each segment, and after it what it made readable', () => {
  const talk = new TcpTalk().open().say('sent', 'GET /chat HTTP/1.1\r\nHost: a\r\n\r\n').raw('received')
  talk.say('received', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n').finish('received')
  expect(ladderOf(talk)).toEqual([
    'tcp client SYN',
    'tcp server SYN-ACK',
    'tcp client ACK',
    'tcp client 31 bytes',
    'http client GET /chat',
    'tcp server ACK',
    'tcp server 45 bytes',
    'http server 404 Not Found',
    'tcp server FIN',
  ])
})

test('over a proxy, TCP is with the proxy', () => {
  const told = ladderOf(new TcpTalk().open().say('sent', 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n'))
  expect(told.slice(0, 4)).toEqual(['tcp client SYN', 'tcp proxy SYN-ACK', 'tcp client ACK', 'tcp client 37 bytes'])
})

test('where bytes are missing, the layers above end, and TCP goes on', () => {
  const talk = new TcpTalk().open().say('sent', 'GET /one HTTP/1.1\r\nHost: a\r\n\r\n').skip('sent', 7)
  const told = ladderOf(talk.say('sent', 'T /two HTTP/1.1\r\nHost: a\r\n\r\n').finish('sent'))
  expect(told).toContain('http client GET /one')
  expect(told.filter((line) => line.startsWith('http'))).toHaveLength(1)
  expect(told.slice(-2)).toEqual(['tcp client 28 bytes (after a gap)', 'tcp client FIN'])
})

const missing = missingForCaptures('tcpdump', 'editcap')

describe.skipIf(missing !== '')(`a wss connection captured by tcpdump${missing}`, { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'centouno-ladder-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('with its key log beside it or within it, the ladder is the one that was seen live', async () => {
    await using server = await startDemo({ port: 0, mode: 'echo', tls: true })
    const written = new WrittenCapture()
    const order = { interface: 'any', filter: `tcp and port ${server.port}` }
    const writing = await startTool(toolNamed('tcpdump'), order, (chunk) => written.add(chunk))
    const live = new Collected<Rung>()
    const keys: string[] = []
    const ladder = new LiveLadder(live.add)
    const wire: WireObserver = {
      connected: (ends, atMs) => ladder.connected(ends, atMs),
      bytes: (direction, bytes, atMs) => ladder.bytes(direction, bytes, atMs),
      ended: (direction, atMs) => ladder.ended(direction, atMs),
      keyLog(line) {
        keys.push(line)
        ladder.keyLog(line)
      },
    }
    const socket = await connect(`${server.url}/echo`, { wire, tls: { rejectUnauthorized: false }, proxy: false })
    await socket.send('hello')
    expect(await nextMessage(socket)).toBe('hello')
    await socket.close(1000, 'done')
    const port = Number(socket.report.stages.find(({ name }) => name === 'connect')?.facts['localPort'])
    await written.untilEnd(port)
    await writing?.stop()

    const [plain, secrets, within] = ['plain.pcap', 'keys.txt', 'within.pcapng'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(plain, written.bytes)
    writeFileSync(secrets, keys.map((line) => `${line}\n`).join(''))
    injectKeys(plain, secrets, within)

    // TCP was inferred there and is seen here; all above it has to be the same.
    const seen = above(live.items)
    const labels = story(live.items)
    expect(labels).toContain('tls client ClientHello')
    expect(labels.some((line) => line.startsWith('tls server EncryptedExtensions'))).toBe(true)
    expect(labels).toContain('websocket server Text, 5 bytes')
    for (const { connections, keyLog } of [
      openCapture(readFileSync(plain), readFileSync(secrets, 'utf8')),
      openCapture(readFileSync(within)),
    ]) {
      const captured = connections.find(({ client }) => client.port === port)
      if (captured === undefined) throw new Error('the connection is not in the capture')
      const told = capturedLadder(captured, keyLog)
      expect(above(told)).toEqual(seen)
      expect(story(told).slice(0, 3)).toEqual(['tcp client SYN', 'tcp server SYN-ACK', 'tcp client ACK'])
      expect(told.some(({ inferred }) => inferred)).toBe(false)
    }
  })
})
