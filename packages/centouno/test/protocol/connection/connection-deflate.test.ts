import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Connection } from '../../../src/protocol/connection/connection.ts'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { HandInflater } from '../deflate/hand-inflater.ts'
import { failureOf } from '../endpoint-fixture.ts'
import { RecordingSink } from '../recording-sink.ts'
import { clientFrame, hex, join, toHex, utf8 } from '../wire.ts'

/** A connection that has agreed on permessage-deflate: what waits while a message is being inflated. */

const compressed = { rsv: 4 }
const close = clientFrame(8, hex('03 e8'))

function deflating(later = false): { connection: Connection; sink: RecordingSink; inflater: HandInflater } {
  const sink = new RecordingSink()
  const inflater = new HandInflater()
  inflater.later = later
  return {
    sink,
    inflater,
    connection: new Connection({ role: 'server', sink, limits: defaultConnectionLimits, inflater }),
  }
}

function message(text: string): Uint8Array {
  const flushed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH })
  return clientFrame(1, flushed.subarray(0, -4), compressed)
}

describe('RFC 7692 §6', () => {
  test('what has come of a compressed message is counted until it is there', () => {
    const { connection, sink } = deflating()
    const whole = message('a message in two chunks')
    connection.receive(whole.subarray(0, 12), 1)
    expect(connection.incompleteBytes).toBeGreaterThan(0)
    connection.receive(whole.subarray(12), 1)
    expect(sink.events).toEqual([['text', 'a message in two chunks']])
    expect(connection.incompleteBytes).toBe(0)
  })

  test('a compressed message, and one that is not', () => {
    const { connection, sink } = deflating()
    connection.receive(join(message('one'), clientFrame(1, 'two')), 1)
    expect(sink.events).toEqual([
      ['text', 'one'],
      ['text', 'two'],
    ])
  })

  test('DEFLATE_BIT_MISPLACED: RSV1 on a control frame', () => {
    const fixture = deflating()
    fixture.connection.receive(clientFrame(9, 'a', compressed), 1)
    expect(failureOf(fixture)).toBe('DEFLATE_BIT_MISPLACED')
  })

  test('what is sent compressed has RSV1', () => {
    const { connection, sink } = deflating()
    connection.sendCompressed('text', hex('f2 48 cd c9 c9 07 00'))
    connection.sendCompressed('binary', hex('00'), 5)
    expect(sink.writes.map(toHex)).toEqual(['c1 07 f2 48 cd c9 c9 07 00', 'c2 01 00'])
    connection.sendFragment('text', utf8('a'), false)
    expect(() => connection.sendCompressed('text', hex('00'))).toThrow(
      expect.objectContaining({ code: 'MESSAGE_UNFINISHED' }),
    )
    connection.close(1000, '', 6)
    expect(() => connection.sendCompressed('text', hex('00'))).toThrow(
      expect.objectContaining({ code: 'CONNECTION_NOT_OPEN' }),
    )
  })
})

describe('while a message is being inflated', () => {
  test('all that comes waits, the end as well, and is told in its order', () => {
    const { connection, sink, inflater } = deflating(true)
    connection.receive(join(message('one'), message('two'), clientFrame(9, 'ping')), 1)
    connection.receive(close, 2)
    connection.transportEnded(3)
    connection.transportClosed(3)
    expect([connection.inflating, sink.events]).toEqual([true, []])
    inflater.finish(4)
    expect(sink.events).toEqual([['text', 'one']])
    inflater.finish(5)
    expect(sink.names).toEqual(['text', 'text', 'ping', 'closeReceived', 'finish', 'ended'])
    expect(sink.closing).toMatchObject({ code: 1000, clean: true })
  })

  test('any split of the bytes, and any message that takes longer: the same events', () => {
    const bytes = join(message('one'), clientFrame(1, 'two'), message('three'), clientFrame(9, 'x'), message(''), close)
    const expected = deflating()
    expected.connection.receive(bytes, 1)
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: bytes.length }), { maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        (cuts, finishes) => {
          const { connection, sink, inflater } = deflating(true)
          const ends = [...cuts, bytes.length].toSorted((one, other) => one - other)
          let at = 0
          ends.forEach((end, index) => {
            connection.receive(bytes.subarray(at, end), 1)
            at = end
            if (finishes[index % finishes.length] === true) inflater.finish(1)
          })
          for (let left = 0; left < 4; left++) inflater.finish(1)
          expect(sink.events).toEqual(expected.sink.events)
        },
      ),
    )
  })

  test('what cannot be inflated ends the connection, with what waited unread', () => {
    const fixture = deflating(true)
    fixture.connection.receive(join(clientFrame(1, hex('ff ff'), compressed), message('never')), 1)
    fixture.inflater.finish(2)
    expect(failureOf(fixture)).toBe('DEFLATE_CORRUPT')
    expect([fixture.sink.names.includes('text'), fixture.inflater.stopped]).toEqual([false, true])
  })

  test('what comes of it after the end is not told', () => {
    const { connection, sink, inflater } = deflating(true)
    connection.receive(message('one'), 1)
    connection.terminate(2)
    connection.transportClosed(3)
    inflater.finish(4)
    expect([connection.inflating, sink.names]).toEqual([false, ['abort', 'ended']])
  })

  test('what comes in while it is told comes after what has waited', () => {
    const { connection, sink, inflater } = deflating(true)
    sink.onEvent = (event) => {
      if (event[1] === 'one') connection.receive(clientFrame(1, 'three'), 2)
    }
    connection.receive(join(message('one'), clientFrame(1, 'two')), 1)
    inflater.finish(2)
    expect(sink.events.map((event) => event[1])).toEqual(['one', 'two', 'three'])
  })

  test('an end that it leads to is the end: what waits is not read', () => {
    const { connection, sink, inflater } = deflating(true)
    sink.onEvent = (event) => {
      if (event[0] === 'text') connection.terminate(2)
    }
    connection.receive(join(message('one'), clientFrame(1, 'two')), 1)
    inflater.finish(2)
    expect([connection.inflating, sink.names]).toEqual([false, ['text', 'abort', 'ended']])
  })

  test('a transport that fails ends it at once', () => {
    const { connection, sink } = deflating(true)
    connection.receive(message('one'), 1)
    connection.transportFailed(new Error('gone'), 2)
    expect(sink.closing).toMatchObject({ cause: 'transport-error' })
  })
})
