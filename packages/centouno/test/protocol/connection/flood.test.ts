import { expect, test } from 'vitest'
import type { ConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import type { ConnectionSink } from '../../../src/protocol/connection/sink.ts'
import { Connection } from '../../../src/protocol/connection/connection.ts'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { RecordingSink } from '../recording-sink.ts'
import { clientFrame, framesOf, join, utf8 } from '../wire.ts'

const million = 1_000_000

/** A connection that keeps what it writes and the end, but nothing that it is told of Pings. */
function flooded(limits: Partial<ConnectionLimits>): { connection: Connection; sink: RecordingSink } {
  const sink = new RecordingSink()
  sink.ping = () => undefined
  const asSink: ConnectionSink = sink
  return {
    sink,
    connection: new Connection({ role: 'server', sink: asSink, limits: { ...defaultConnectionLimits, ...limits } }),
  }
}

/** One chunk with the frame many times over, as a read of a socket would bring it. */
function chunkOf(frame: Uint8Array): { chunk: Uint8Array; count: number } {
  const count = 10_000
  return { chunk: join(...Array.from({ length: count }, () => frame)), count }
}

/** How much more of the heap is used after than before, in MiB. */
function growth(run: () => void): number {
  const before = process.memoryUsage().heapUsed
  run()
  return (process.memoryUsage().heapUsed - before) / 2 ** 20
}

test('CVE-2026-48779: a million empty fragments hold nothing, and end at the limit', () => {
  const { chunk, count } = chunkOf(clientFrame(0, '', { fin: false }))
  const unlimited = flooded({ messageFrames: 2 * million })
  unlimited.connection.receive(clientFrame(1, '', { fin: false }), 0)
  expect(
    growth(() => {
      for (let sent = 0; sent < million; sent += count) unlimited.connection.receive(chunk, 0)
    }),
  ).toBeLessThan(64)
  unlimited.connection.receive(clientFrame(0, 'end'), 0)
  expect(unlimited.sink.events).toEqual([['text', 'end']])

  const limited = flooded({})
  limited.connection.receive(clientFrame(1, '', { fin: false }), 0)
  for (let sent = 0; sent < million; sent += count) limited.connection.receive(chunk, 0)
  limited.connection.transportClosed(1)
  expect(limited.sink.closing).toMatchObject({ cause: 'over-limit', violation: 'MESSAGE_TOO_MANY_FRAMES' })
})

test('three million Pings whose Pongs nobody reads: one waits; with the default rate they end the connection', () => {
  const { chunk, count } = chunkOf(clientFrame(9, 'ping'))
  const unlimited = flooded({ controlFramesPerSecond: Number.POSITIVE_INFINITY })
  unlimited.connection.outputBlocked(0)
  for (let sent = 0; sent < 3 * million; sent += count) unlimited.connection.receive(chunk, 0)
  expect(unlimited.sink.writes).toEqual([])
  unlimited.connection.outputDrained(1)
  expect(framesOf(unlimited.sink.written)).toMatchObject([{ opcode: 10, payload: utf8('ping') }])

  const limited = flooded({})
  limited.connection.outputBlocked(0)
  limited.connection.receive(chunk, 0)
  limited.connection.transportClosed(1)
  expect(limited.sink.closing).toMatchObject({ cause: 'over-limit', violation: 'CONTROL_FRAMES_TOO_MANY' })
  // One Pong, and the Close.
  expect(framesOf(limited.sink.written).map(({ opcode }) => opcode)).toEqual([10, 8])
})
