import { expect } from 'vitest'
import type { ConnectionLimits } from '../../src/protocol/connection/limits.ts'
import type { ViolationCode } from '../../src/protocol/connection/violations.ts'
import { Connection } from '../../src/protocol/connection/connection.ts'
import { defaultConnectionLimits } from '../../src/protocol/connection/limits.ts'
import { violationRow } from '../../src/protocol/connection/violations.ts'
import { RecordingSink } from './recording-sink.ts'
import { framesOf, testKey, utf8 } from './wire.ts'

/** A connection and all that it told. */
export interface EndpointFixture {
  readonly connection: Connection
  readonly sink: RecordingSink
}

/** A server's side of an open connection. */
export function server(limits: Partial<ConnectionLimits> = {}, openedAt: number = 0): EndpointFixture {
  const sink = new RecordingSink()
  return {
    sink,
    connection: new Connection({ role: 'server', sink, limits: { ...defaultConnectionLimits, ...limits }, openedAt }),
  }
}

/** A client's side of an open connection, masking with the same key each time unless given another source. */
export function client(
  limits: Partial<ConnectionLimits> = {},
  maskingKey: () => Uint8Array = () => testKey,
): EndpointFixture {
  const sink = new RecordingSink()
  const all = { ...defaultConnectionLimits, ...limits }
  return { sink, connection: new Connection({ role: 'client', sink, limits: all, maskingKey }) }
}

/**
 * The peer's fault for which the connection was failed; checks that it was answered as RFC 6455 §7.1.7 asks: a Close
 * with the right status code as the last frame, then FIN, and an account that tells it.
 */
export function failureOf({ connection, sink }: EndpointFixture): ViolationCode {
  expect(connection.state).toBe('finishing')
  expect(sink.names.at(-1)).toBe('finish')
  connection.transportClosed(1)
  const code = sink.closing.violation as ViolationCode
  const row = violationRow(code)
  const reason = `${code}: ${row.sentence.en}`
  const last = framesOf(sink.written).at(-1)
  expect(last?.opcode, 'the last frame is a Close').toBe(0x8)
  expect(last?.payload).toEqual(Uint8Array.from([row.statusCode >> 8, row.statusCode & 255, ...utf8(reason)]))
  expect(sink.closing).toMatchObject({
    code: 1006,
    reason: '',
    clean: false,
    cause: row.cause,
    initiator: 'local',
    violation: code,
    sent: { code: row.statusCode, reason },
    received: undefined,
  })
  return code
}

/** What a server that reads the bytes tells its application, cut at the given places. */
export function eventsOf(
  make: () => EndpointFixture,
  bytes: Uint8Array,
  cuts: readonly number[],
): { events: RecordingSink['events']; written: Uint8Array } {
  const { connection, sink } = make()
  let at = 0
  for (const cut of [...cuts, bytes.length]) {
    // A chunk of its own, as a transport hands it over, and gone after the call.
    const chunk = bytes.slice(at, cut)
    connection.receive(chunk, 0)
    chunk.fill(0xee)
    at = cut
  }
  connection.transportEnded(0)
  connection.transportClosed(0)
  return { events: sink.events, written: sink.written }
}
