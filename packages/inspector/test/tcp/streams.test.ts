import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openCapture } from '../../src/capture/open-capture.ts'
import type { CapturedConnection } from '../../src/tcp/captured-connection.ts'
import { ack, fin, pcapFile, rst, syn } from '../support/packet-writer.ts'
import { said, TcpTalk } from '../support/tcp-talk.ts'

/** Connections told apart, and their streams joined, from packets as the network may deliver them. */

function opened(...talks: readonly TcpTalk[]): readonly CapturedConnection[] {
  return openCapture(
    pcapFile(
      talks.flatMap(({ packets }) => packets),
      { nanoseconds: true },
    ),
  ).connections
}

function one(talk: TcpTalk): CapturedConnection {
  const [connection, ...others] = opened(talk)
  expect(others).toEqual([])
  if (connection === undefined) throw new Error('no connection was found')
  return connection
}

const notes = ({ segments }: CapturedConnection): (string | undefined)[] => segments.map(({ note }) => note)

describe('what happened to a segment', () => {
  test('a retransmission adds nothing and is noted, with more bytes than before as well', () => {
    const talk = new TcpTalk().open().say('sent', 'abc')
    talk.raw('sent', { sequence: 1001, payload: Buffer.from('abc') })
    talk.raw('sent', { sequence: 1001, payload: Buffer.from('abcdef') }).skip('sent', 3)
    talk.finish('sent').raw('sent', { sequence: 1007, flags: fin | ack })
    const connection = one(talk)
    expect(said(connection, 'sent')).toBe('abcdef')
    expect(notes(connection).slice(4)).toEqual(['retransmission', 'retransmission', undefined, 'retransmission'])
    expect(connection.differing).toBe(0)
  })

  test('a SYN and a SYN-ACK sent again are retransmissions of one connection', () => {
    const talk = new TcpTalk().raw('sent', { flags: syn }).raw('sent', { flags: syn }).skip('sent', 1)
    talk.raw('received', { flags: syn | ack }).raw('received', { flags: syn | ack })
    expect(notes(one(talk))).toEqual([undefined, 'retransmission', undefined, 'retransmission'])
  })

  test('a segment that was overtaken is noted, and its bytes come when they could be read', () => {
    const talk = new TcpTalk().open()
    talk.raw('sent', { sequence: 1004, payload: Buffer.from('def') }).say('sent', 'abc')
    const connection = one(talk)
    expect(notes(connection).slice(3)).toEqual([undefined, 'out-of-order'])
    expect(said(connection, 'sent')).toBe('abcdef')
    expect(connection.tape.map(({ atMs }) => atMs)).toEqual([4, 4])
  })

  test('bytes that never came are a gap, told at the segment after it, and the stream goes on', () => {
    const talk = new TcpTalk()
      .open()
      .say('sent', 'abc')
      .skip('sent', 5)
      .say('sent', 'ijk')
      .skip('sent', 2)
      .finish('sent')
    const connection = one(talk)
    expect(said(connection, 'sent')).toBe('abcijk')
    expect(notes(connection).slice(3)).toEqual([undefined, 'gap', undefined])
    expect(connection.gaps).toEqual([
      { direction: 'sent', atMs: 4, afterBytes: 3, bytes: 5 },
      { direction: 'sent', atMs: 4, afterBytes: 6, bytes: 2 },
    ])
  })

  test('a keep-alive is noted, with no byte or with one, and is not of the stream', () => {
    const talk = new TcpTalk().open().say('sent', 'abc').raw('received')
    talk.raw('sent', { sequence: 1003 }).raw('sent', { sequence: 1003, payload: Buffer.from([0]) })
    const connection = one(talk)
    expect(notes(connection).slice(5)).toEqual(['keep-alive', 'keep-alive'])
    expect(said(connection, 'sent')).toBe('abc')
    expect(connection.differing).toBe(0)
  })

  test('one byte that was not acknowledged and comes again is a retransmission', () => {
    const talk = new TcpTalk()
      .open()
      .say('sent', 'a')
      .raw('sent', { sequence: 1001, payload: Buffer.from('a') })
    expect(notes(one(talk)).at(-1)).toBe('retransmission')
  })

  test('of bytes that differ from those sent before, the first are told, and that they differ', () => {
    const talk = new TcpTalk().open().say('sent', 'abcdef')
    talk.raw('sent', { sequence: 1003, payload: Buffer.from('XYZ') })
    const { connections, notes: told } = openCapture(pcapFile(talk.packets))
    expect(connections[0] && said(connections[0], 'sent')).toBe('abcdef')
    expect(told.map(({ code, count }) => [code, count])).toEqual([['bytes-differ', 1]])
  })

  test('sequence numbers go on from 0 after 2^32 - 1', () => {
    const talk = new TcpTalk(0xffff_fffd, 0xffff_ffff).open()
    talk.say('sent', 'abcdef').say('sent', 'ghi').say('received', 'xyz').finish('sent').finish('received')
    const connection = one(talk)
    expect([said(connection, 'sent'), said(connection, 'received')]).toEqual(['abcdefghi', 'xyz'])
    expect(connection.end).toBe('both-finished')
    expect(notes(connection).filter(Boolean)).toEqual([])
  })

  test('a segment that no window would reach does not disturb the stream', () => {
    const talk = new TcpTalk().open().raw('sent', { sequence: 0x7000_0000, payload: Buffer.from('stray') })
    talk.say('sent', 'abc')
    const connection = one(talk)
    expect(said(connection, 'sent')).toBe('abc')
    expect(connection.gaps).toEqual([])
  })
})

describe('how it ended', () => {
  test('by FIN from both, at the same time too', () => {
    const talk = new TcpTalk().open()
    // RFC 9293 §3.6, simultaneous close: neither FIN acknowledges the other.
    talk
      .raw('sent', { flags: fin | ack })
      .raw('received', { flags: fin | ack })
      .skip('sent', 1)
      .skip('received', 1)
    talk.raw('sent').raw('received')
    expect(one(talk).end).toBe('both-finished')
  })

  test('by FIN from one, by RST, whose bytes are no data, or not yet', () => {
    expect(one(new TcpTalk().open().finish('received')).end).toBe('one-finished')
    const reset = one(new TcpTalk().open().raw('received', { flags: rst | ack, payload: Buffer.from('no such user') }))
    expect([reset.end, said(reset, 'received')]).toEqual(['reset', ''])
    expect(one(new TcpTalk().open()).end).toBe('none')
  })

  test('a SYN answered by RST', () => {
    const talk = new TcpTalk().raw('sent', { flags: syn }).skip('sent', 1)
    expect(one(talk.raw('received', { flags: rst | ack, sequence: 0 }))).toMatchObject({
      evidence: 'syn',
      end: 'reset',
    })
  })
})

describe('connections told apart', () => {
  test('by their ports', () => {
    const first = new TcpTalk(1, 1, { sent: 40_000, received: 80 }).open().say('sent', 'one')
    const second = new TcpTalk(1, 1, { sent: 40_001, received: 80 }).open().say('sent', 'two')
    expect(opened(first, second).map((each) => said(each, 'sent'))).toEqual(['one', 'two'])
  })

  test('by the SYN, when the same ports are used again', () => {
    const first = new TcpTalk(1000, 5000).open().say('sent', 'one').finish('sent').finish('received').raw('sent')
    const second = new TcpTalk(9000, 6000).open().say('sent', 'two')
    expect(opened(first, second).map((each) => said(each, 'sent'))).toEqual(['one', 'two'])
  })

  test('by the SYN, when the capture has only the end of the one before', () => {
    const before = new TcpTalk(1000, 5000).say('sent', 'one').finish('received')
    const after = new TcpTalk(90_000, 6000).open().say('sent', 'two')
    expect(opened(before, after).map((each) => said(each, 'sent'))).toEqual(['one', 'two'])
  })
})

describe('who the client is', () => {
  const hello = Uint8Array.of(0x16, 3, 1, 0, 100, 1, 0, 0, 96)
  const serverHello = Uint8Array.of(0x16, 3, 3, 0, 100, 2, 0, 0, 96)
  // Ports the wrong way around, so that only the evidence tells.
  const misleading = { sent: 80, received: 40_000 }

  test('who sent the SYN, even when it came late', () => {
    const talk = new TcpTalk(1, 1, misleading).open()
    const [connection] = openCapture(pcapFile(talk.packets.toReversed())).connections
    expect(connection).toMatchObject({ evidence: 'syn', client: { port: 80 } })
  })

  test('who was answered by a SYN-ACK', () => {
    const talk = new TcpTalk(1, 1, misleading).raw('received', { flags: syn | ack }).raw('sent')
    expect(one(talk)).toMatchObject({ evidence: 'syn-ack', client: { port: 80 } })
  })

  test.each([
    ['an HTTP request', 'sent', Buffer.from('GET /chat HTTP/1.1\r\n')],
    ['an HTTP reply', 'received', Buffer.from('HTTP/1.1 101 Switching')],
    ['a ClientHello', 'sent', hello],
    ['a ServerHello', 'received', serverHello],
  ] as const)('whose first bytes are %s', (_what, direction, bytes) => {
    const talk = new TcpTalk(1, 1, misleading).say(direction, bytes)
    expect(one(talk)).toMatchObject({ evidence: 'first-bytes', client: { port: 80 } })
  })

  test('else the higher port, else who spoke first', () => {
    const frame = Uint8Array.of(0x81, 0)
    expect(one(new TcpTalk().say('received', frame))).toMatchObject({ evidence: 'port', client: { port: 40_000 } })
    const same = new TcpTalk(1, 1, { sent: 7, received: 7 }).say('received', frame)
    expect(one(same)).toMatchObject({ evidence: 'first-packet', client: { address: '192.0.2.2' } })
  })
})

describe('any delivery gives the same stream', () => {
  const text = fc.uint8Array({ minLength: 2, maxLength: 60 })
  const delivery = fc.record({
    sent: text,
    received: text,
    /** Where the numbering begins: near the end of the numbers as often as not. */
    first: fc.oneof(fc.nat(0xffff_ffff), fc.integer({ min: 0xffff_ffc0, max: 0xffff_ffff })),
    /** Extra segments, anywhere in the stream: from, and how many bytes. */
    again: fc.array(fc.tuple(fc.nat(59), fc.integer({ min: 2, max: 20 })), { maxLength: 12 }),
    cuts: fc.array(fc.nat(59), { maxLength: 6 }),
    order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    withSyn: fc.boolean(),
  })

  test('split anywhere, in any order, any part more than once', () => {
    fc.assert(
      fc.property(delivery, ({ sent, received, first, again, cuts, order, withSyn }) => {
        const talk = new TcpTalk(first, first)
        const starts = (first + 1) >>> 0
        if (withSyn) {
          talk.raw('sent', { flags: syn, sequence: first })
          talk.raw('received', { flags: syn | ack, sequence: first, acknowledgement: starts })
        }
        for (const [direction, stream] of [
          ['sent', sent],
          ['received', received],
        ] as const) {
          // Without a SYN, one byte alone at the front could not be told from a keep-alive.
          const least = withSyn ? 1 : 2
          const inner = cuts.map((cut) => least + (cut % (stream.length - 1)))
          const places = [0, ...inner.sort((one_, two) => one_ - two), stream.length]
          const pieces = places.slice(1).map((end, index) => [places[index] ?? 0, end] as const)
          const extra = again.map(([from, count]) => [from % stream.length, (from % stream.length) + count] as const)
          for (const [from, to] of [...pieces, ...extra]) {
            talk.raw(direction, {
              sequence: (starts + from) >>> 0,
              acknowledgement: starts,
              payload: stream.subarray(from, to),
            })
          }
        }
        const shuffled = talk.packets
          .map((packet, index) => ({ packet, key: order[index % order.length] ?? 0 }))
          .sort((one_, two) => one_.key - two.key)
          .map(({ packet }) => packet)
        const { connections } = openCapture(pcapFile(shuffled))
        expect(connections).toHaveLength(1)
        const [connection] = connections
        if (connection === undefined) return
        const [client, server] =
          connection.client.port === 40_000 ? (['sent', 'received'] as const) : (['received', 'sent'] as const)
        expect(said(connection, client)).toBe(Buffer.from(sent).toString('latin1'))
        expect(said(connection, server)).toBe(Buffer.from(received).toString('latin1'))
        expect(connection.gaps).toEqual([])
        expect(connection.differing).toBe(0)
      }),
      { numRuns: 500 },
    )
  })
})
