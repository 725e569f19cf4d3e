import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { violations } from '../../../src/protocol/connection/violations.ts'
import { eventsOf, server, client } from '../endpoint-fixture.ts'
import { clientFrame, frame, framesOf, hex, join, toHex, utf8 } from '../wire.ts'

/** Frames that mostly keep the rules, so that a sequence gets somewhere before one is broken. */
const frameShapes = fc.record({
  opcode: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(1, 2, 0, 0) },
    { weight: 3, arbitrary: fc.constantFrom(9, 10) },
    { weight: 1, arbitrary: fc.constantFrom(8, 3) },
  ),
  fin: fc.boolean(),
  payload: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }).map(utf8),
    fc.uint8Array({ maxLength: 8 }),
    fc.nat({ max: 700 }).map((length) => new Uint8Array(length).fill(0x61)),
    fc.constantFrom(hex('03e8'), hex('03e8 6279 65'), hex('03'), hex('03ed')),
  ),
  key: fc.uint8Array({ minLength: 4, maxLength: 4 }),
})

const sequences = fc.array(frameShapes, { maxLength: 10 })

function bytesOf(
  shapes: readonly { opcode: number; fin: boolean; payload: Uint8Array; key: Uint8Array }[],
): Uint8Array {
  return join(
    ...shapes.map(({ opcode, fin, payload, key }) =>
      clientFrame(opcode, opcode >= 8 ? payload.subarray(0, 125) : payload, { fin: fin || opcode >= 8, key }),
    ),
  )
}

function cutsWithin(bytes: Uint8Array, places: readonly number[]): number[] {
  return places.map((place) => Math.floor(place * (bytes.length + 1))).sort((a, b) => a - b)
}

/** Places from 0 to 1, whatever the length will be. */
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 12 })

const smallClient = (): ReturnType<typeof client> => client({ messageBytes: 1000, messageFrames: 5 })
const small = (): ReturnType<typeof server> => server({ messageBytes: 1000, messageFrames: 5 })

// What one needs while it reads is lent to it, and goes to another: nothing may go with it.
describe('connections that read in turns do not see each other', () => {
  test('cut at random', () => {
    const one = fc.record({ shapes: sequences, cutPlaces: places })
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 4 }), (all) => {
        const alone = all.map(({ shapes }) => eventsOf(small, bytesOf(shapes), []))
        expect(eventsInTurns(all.map(({ shapes, cutPlaces }) => chunksOf(bytesOf(shapes), cutPlaces)))).toEqual(alone)
      }),
      { numRuns: 300 },
    )
  })

  test('one that is told of a Ping has another read in the midst of it', () => {
    const [outer, inner] = [server(), server()]
    const pieces = [clientFrame(9, 'inner').subarray(0, 8), clientFrame(9, 'inner').subarray(8)]
    outer.sink.onEvent = () => inner.connection.receive(pieces.shift() ?? hex(''), 0)
    outer.connection.receive(join(clientFrame(9, 'one'), clientFrame(9, 'two'), clientFrame(1, 'three')), 0)
    expect(outer.sink.events).toEqual([
      ['ping', toHex(utf8('one'))],
      ['ping', toHex(utf8('two'))],
      ['text', 'three'],
    ])
    expect(inner.sink.events).toEqual([['ping', toHex(utf8('inner'))]])
  })
})

function chunksOf(bytes: Uint8Array, cutPlaces: readonly number[]): Uint8Array[] {
  const cuts = [0, ...cutsWithin(bytes, cutPlaces), bytes.length]
  return cuts.slice(1).map((cut, index) => bytes.slice(cuts[index], cut))
}

/** As `eventsOf`, for several connections that get a chunk each, in turns. */
function eventsInTurns(chunks: readonly Uint8Array[][]): ReturnType<typeof eventsOf>[] {
  const endpoints = chunks.map(small)
  for (let turn = 0; chunks.some(({ length }) => turn < length); turn++) {
    for (const [index, { connection }] of endpoints.entries()) connection.receive(chunks[index]?.[turn] ?? hex(''), 0)
  }
  return endpoints.map(({ connection, sink }) => {
    connection.transportEnded(0)
    connection.transportClosed(0)
    return { events: sink.events, written: sink.written }
  })
}

describe('any split of the bytes gives the same events', () => {
  test('cut at random', () => {
    fc.assert(
      fc.property(sequences, places, (shapes, cutPlaces) => {
        const bytes = bytesOf(shapes)
        expect(eventsOf(small, bytes, cutsWithin(bytes, cutPlaces))).toEqual(eventsOf(small, bytes, []))
      }),
      { numRuns: 500 },
    )
  })

  test('byte by byte', () => {
    fc.assert(
      fc.property(sequences, (shapes) => {
        const bytes = bytesOf(shapes)
        const each = Array.from(bytes, (_, index) => index)
        expect(eventsOf(small, bytes, each)).toEqual(eventsOf(small, bytes, []))
      }),
      { numRuns: 200 },
    )
  })

  test('a client reading, too', () => {
    fc.assert(
      fc.property(sequences, places, (shapes, cutPlaces) => {
        const bytes = join(
          ...shapes.map(({ opcode, fin, payload }) =>
            frame(opcode, opcode >= 8 ? payload.subarray(0, 125) : payload, { fin: fin || opcode >= 8 }),
          ),
        )
        expect(eventsOf(smallClient, bytes, cutsWithin(bytes, cutPlaces))).toEqual(eventsOf(smallClient, bytes, []))
      }),
    )
  })

  test('every single place of a fixed conversation', () => {
    const bytes = join(
      clientFrame(1, 'h€llo 😀'),
      clientFrame(9, 'ping'),
      clientFrame(1, utf8('😀').slice(0, 2), { fin: false }),
      clientFrame(10, 'pong'),
      clientFrame(0, utf8('😀').slice(2)),
      clientFrame(2, new Uint8Array(200).fill(5)),
      clientFrame(8, hex('03e9 627965')),
      clientFrame(1, 'after the Close'),
    )
    const whole = eventsOf(server, bytes, [])
    expect(whole.events.map(([kind]) => kind)).toEqual([
      'text',
      'ping',
      'pong',
      'text',
      'binary',
      'closeReceived',
      'finish',
      'ended',
    ])
    for (let cut = 0; cut <= bytes.length; cut++) expect(eventsOf(server, bytes, [cut])).toEqual(whole)
  })
})

test('H-SEC-04: random bytes have two outcomes, events or a documented violation, and never throw', () => {
  const codes = new Set<string | undefined>(violations.map((row) => row.code))
  const mask = fc.boolean()
  // A header that is in order every now and then, so that the bytes get past the first frame.
  const chunks = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ minLength: 4, maxLength: 20 }).map((body) => clientFrame((body[0] ?? 0) & 15, body)),
      fc.uint8Array({ minLength: 4, maxLength: 20 }).map((body) => frame((body[0] ?? 0) & 15, body)),
    ),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(chunks, mask, (pieces, asServer) => {
      const { events, written } = eventsOf(asServer ? small : smallClient, join(...pieces), [7])
      const last = events.at(-1)
      if (last?.[0] !== 'ended') throw new Error('the end was not told')
      const { cause, violation } = last[1]
      expect(['protocol-violation', 'over-limit', 'closing-handshake', 'peer-fin']).toContain(cause)
      expect(codes.has(violation)).toBe(cause === 'protocol-violation' || cause === 'over-limit')
      expect(events.filter(([kind]) => kind === 'ended')).toHaveLength(1)
      // What was answered is whole frames, and no more than one Close, the last of them.
      const closes = framesOf(written).map(({ opcode }) => opcode === 8)
      expect(closes.indexOf(true)).toBe(cause === 'peer-fin' ? -1 : closes.length - 1)
    }),
    { numRuns: 1000 },
  )
})
