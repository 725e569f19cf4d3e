import { describe, expect, test } from 'vitest'
import type { ViolationCode } from '../src/protocol/connection/violations.ts'
import type { RecordingSink } from './protocol/recording-sink.ts'
import { client, eventsOf, failureOf, server } from './protocol/endpoint-fixture.ts'
import { clientFrame, frame, framesOf, hex, join, sameBytes, testKey, toHex, utf8 } from './protocol/wire.ts'

/*
 * RFC 6455 §5 (data framing), §6 (sending and receiving), §8.1 (UTF-8), §10.3 and §10.4 as one connection shows them.
 * In the order of the sections; what no connection can show stands as a comment.
 */

/** The fault for which a server, or a client, fails the connection on these bytes. */
function serverFailure(bytes: Uint8Array, limits: Parameters<typeof server>[0] = {}): ViolationCode {
  const endpoint = server(limits)
  endpoint.connection.receive(bytes, 0)
  return failureOf(endpoint)
}

function clientFailure(bytes: Uint8Array): ViolationCode {
  const endpoint = client()
  endpoint.connection.receive(bytes, 0)
  return failureOf(endpoint)
}

/** What the application of a server is told. */
function serverEvents(bytes: Uint8Array): RecordingSink['events'] {
  const { connection, sink } = server()
  connection.receive(bytes, 0)
  return sink.events
}

describe('§5.1 overview', () => {
  test('a client masks all frames it sends', () => {
    const { connection, sink } = client()
    connection.sendText('a')
    connection.sendBinary(hex('00'))
    connection.sendFragment('text', hex(''), true)
    connection.ping(hex(''))
    connection.pong(hex(''))
    connection.receive(frame(9, 'x'), 0)
    connection.close(1000, '', 0)
    const frames = framesOf(sink.written)
    expect(frames.map(({ opcode }) => opcode)).toEqual([1, 2, 1, 9, 10, 10, 8])
    expect(frames.every(({ masked }) => masked)).toBe(true)
  })

  test('a server masks none', () => {
    const { connection, sink } = server()
    connection.sendText('a')
    connection.receive(clientFrame(9, 'x'), 0)
    connection.close(1000, '', 0)
    expect(framesOf(sink.written).map(({ masked }) => masked)).toEqual([false, false, false])
  })

  test('a server fails the connection on a frame that is not masked, data or control, empty or not', () => {
    for (const opcode of [1, 2, 8, 9, 10]) {
      expect(serverFailure(frame(opcode, ''))).toBe('FRAME_UNMASKED')
      expect(serverFailure(frame(opcode, 'xy'))).toBe('FRAME_UNMASKED')
    }
  })

  test('a client fails the connection on a masked one', () => {
    for (const opcode of [1, 2, 8, 9, 10]) expect(clientFailure(clientFrame(opcode, 'xy'))).toBe('FRAME_MASKED')
  })
})

describe('§5.2 base framing', () => {
  test('RSV1 to RSV3 must be 0 while no extension is agreed', () => {
    for (const rsv of [1, 2, 3, 4, 5, 6, 7]) {
      expect(serverFailure(clientFrame(1, 'x', { rsv }))).toBe('FRAME_RESERVED_BITS')
      expect(clientFailure(frame(9, 'x', { rsv }))).toBe('FRAME_RESERVED_BITS')
    }
  })

  test('reserved opcodes fail the connection', () => {
    for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
      expect(serverFailure(clientFrame(opcode, ''))).toBe('FRAME_RESERVED_OPCODE')
      expect(clientFailure(frame(opcode, ''))).toBe('FRAME_RESERVED_OPCODE')
    }
  })

  test('the length must be written in as few bytes as it takes', () => {
    expect(serverFailure(hex('81 fe 0005 00000000 48656c6c6f'))).toBe('LENGTH_NOT_MINIMAL')
    expect(serverFailure(hex('81 fe 007d 00000000'))).toBe('LENGTH_NOT_MINIMAL')
    expect(serverFailure(hex('81 ff 0000000000000005 00000000'))).toBe('LENGTH_NOT_MINIMAL')
    expect(serverFailure(hex('81 ff 000000000000ffff 00000000'))).toBe('LENGTH_NOT_MINIMAL')
  })

  test('the top bit of a 64-bit length must be 0', () => {
    expect(serverFailure(hex('82 ff 8000000000000000 00000000'))).toBe('LENGTH_TOP_BIT')
    expect(serverFailure(hex('82 ff 8000000000000005 00000000'))).toBe('LENGTH_TOP_BIT')
  })

  test('lengths at each step: 0, 125, 126, 65,535, 65,536', () => {
    for (const length of [0, 125, 126, 65_535, 65_536]) {
      const payload = new Uint8Array(length).fill(0x62)
      for (const [endpoint, bytes] of [
        [server(), clientFrame(2, payload)],
        [client(), frame(2, payload)],
      ] as const) {
        const messages: Uint8Array[] = []
        endpoint.sink.binary = (message) => void messages.push(message)
        endpoint.connection.receive(bytes, 0)
        expect(messages).toHaveLength(1)
        expect(sameBytes(messages[0], payload)).toBe(true)
        endpoint.sink.writes.length = 0
        endpoint.connection.sendBinary(payload)
        expect(sameBytes(framesOf(endpoint.sink.written)[0]?.payload, payload)).toBe(true)
      }
    }
  })
})

describe('§5.3 masking', () => {
  test('byte i is XORed with byte i mod 4 of the key', () => {
    expect(serverEvents(hex('81 85 37fa213d 7f9f4d5158'))).toEqual([['text', 'Hello']])
  })

  test('H-SEC-06: each frame has a fresh key from the source of randomness', () => {
    let count = 0
    const { connection, sink } = client({}, () => Uint8Array.from([1, 2, 3, ++count]))
    connection.sendText('a')
    connection.sendFragment('binary', hex('00'), false)
    connection.sendFragment('binary', hex('00'), true)
    connection.receive(frame(9, ''), 0)
    connection.close(1000, '', 0)
    expect(framesOf(sink.written).map(({ key }) => key)).toEqual([
      '01 02 03 01',
      '01 02 03 02',
      '01 02 03 03',
      '01 02 03 04',
      '01 02 03 05',
    ])
  })

  test('H-SEC-06: keys are not derived from one another: each is what the source gave', () => {
    const given: string[] = []
    const source = (): Uint8Array => {
      const key = crypto.getRandomValues(new Uint8Array(4))
      given.push(toHex(key))
      return key
    }
    const { connection, sink } = client({}, source)
    for (let count = 0; count < 1000; count++) connection.sendText('x')
    expect(framesOf(sink.written).map(({ key }) => key)).toEqual(given)
    expect(new Set(given).size, 'a repeat among a thousand is one chance in 8,000').toBeGreaterThan(990)
  })

  test("H-SEC-06: a payload cannot change once sending began, and the caller's is never changed", () => {
    for (const { connection, sink } of [client(), server()]) {
      const payload = utf8('payload')
      const before = payload.slice()
      connection.sendBinary(payload)
      connection.sendFragment('binary', payload, true)
      connection.ping(payload)
      expect(payload).toEqual(before)
      payload.fill(0)
      for (const seen of framesOf(sink.written)) expect(seen.payload).toEqual(before)
    }
  })

  test('a key of zeros is a key like any other', () => {
    expect(serverEvents(clientFrame(1, 'Hello', { key: hex('00000000') }))).toEqual([['text', 'Hello']])
    const { connection, sink } = client({}, () => hex('00000000'))
    connection.sendText('Hello')
    expect(toHex(sink.written)).toBe('81 85 00 00 00 00 48 65 6c 6c 6f')
  })
})

describe('§5.4 fragmentation', () => {
  test('fragments are joined in order; an unfragmented message may follow', () => {
    expect(
      serverEvents(
        join(
          clientFrame(1, 'a', { fin: false }),
          clientFrame(0, 'b', { fin: false }),
          clientFrame(0, 'c'),
          clientFrame(2, 'd'),
        ),
      ),
    ).toEqual([
      ['text', 'abc'],
      ['binary', '64'],
    ])
  })

  test('control frames come between fragments and are answered at once', () => {
    const { connection, sink } = server()
    connection.receive(join(clientFrame(1, 'a', { fin: false }), clientFrame(9, 'p')), 0)
    expect(sink.events).toEqual([['ping', '70']])
    expect(toHex(sink.written)).toBe('8a 01 70')
    connection.receive(join(clientFrame(10, 'q'), clientFrame(0, 'b')), 0)
    expect(sink.events.slice(1)).toEqual([
      ['pong', '71'],
      ['text', 'ab'],
    ])
  })

  test('a control frame cut by chunks does not mix with the message around it', () => {
    const bytes = join(clientFrame(2, 'ab', { fin: false }), clientFrame(9, 'ping'), clientFrame(0, 'cd'))
    const cuts = Array.from(bytes, (_, index) => index)
    expect(eventsOf(server, bytes, cuts).events.slice(0, 2)).toEqual([
      ['ping', '70 69 6e 67'],
      ['binary', '61 62 63 64'],
    ])
  })

  test('control frames must not be fragmented', () => {
    for (const opcode of [8, 9, 10])
      expect(serverFailure(clientFrame(opcode, '', { fin: false }))).toBe('CONTROL_FRAGMENTED')
  })

  test('a continuation without a start fails the connection', () => {
    expect(serverFailure(clientFrame(0, 'x'))).toBe('CONTINUATION_WITHOUT_START')
    expect(serverFailure(clientFrame(0, 'x', { fin: false }))).toBe('CONTINUATION_WITHOUT_START')
    expect(serverFailure(join(clientFrame(1, 'a', { fin: false }), clientFrame(0, 'b'), clientFrame(0, 'c')))).toBe(
      'CONTINUATION_WITHOUT_START',
    )
  })

  test('a message inside another fails the connection', () => {
    for (const opcode of [1, 2]) {
      expect(serverFailure(join(clientFrame(1, 'a', { fin: false }), clientFrame(opcode, 'b')))).toBe(
        'MESSAGE_INTERRUPTED',
      )
    }
  })

  test('a message of many empty fragments', () => {
    const empties = Array.from({ length: 1000 }, () => clientFrame(0, '', { fin: false }))
    expect(serverEvents(join(clientFrame(1, '', { fin: false }), ...empties, clientFrame(0, '')))).toEqual([
      ['text', ''],
    ])
  })
  // Not visible here: intermediaries must not change the fragmentation of a message with an unknown extension.
})

describe('§5.5 control frames', () => {
  test('125 bytes pass, 126 fail', () => {
    expect(serverEvents(clientFrame(10, new Uint8Array(125)))).toEqual([['pong', toHex(new Uint8Array(125))]])
    for (const opcode of [8, 9, 10]) {
      expect(serverFailure(clientFrame(opcode, new Uint8Array(126)))).toBe('CONTROL_TOO_LONG')
      expect(serverFailure(clientFrame(opcode, new Uint8Array(65_536)))).toBe('CONTROL_TOO_LONG')
    }
  })

  test('§5.5.2: a Ping is answered with a Pong of the same payload, before the application hears of it', () => {
    for (const [endpoint, ping] of [
      [server(), clientFrame(9, 'Hello')],
      [client(), frame(9, 'Hello')],
    ] as const) {
      endpoint.sink.onEvent = () => expect(endpoint.sink.writes).toHaveLength(1)
      endpoint.connection.receive(ping, 0)
      expect(endpoint.sink.events).toEqual([['ping', '48 65 6c 6c 6f']])
      const [pong] = framesOf(endpoint.sink.written)
      expect(pong).toMatchObject({ fin: true, opcode: 10 })
      expect(pong?.payload).toEqual(utf8('Hello'))
    }
  })

  test('§5.5.2: pings of 0 and 125 bytes, several in a chunk, each has its own answer in order', () => {
    const { connection, sink } = server()
    connection.receive(join(clientFrame(9, ''), clientFrame(9, new Uint8Array(125).fill(1)), clientFrame(9, 'c')), 0)
    expect(framesOf(sink.written).map(({ opcode, payload }) => [opcode, payload.length])).toEqual([
      [10, 0],
      [10, 125],
      [10, 1],
    ])
  })

  test('§5.5.2: no Pong follows our Close', () => {
    const { connection, sink } = server()
    connection.close(1000, '', 0)
    connection.receive(clientFrame(9, 'x'), 0)
    expect(sink.events).toEqual([['ping', '78']])
    expect(framesOf(sink.written).map(({ opcode }) => opcode)).toEqual([8])
  })

  test('§5.5.3: a Pong that nobody asked for is told and not answered', () => {
    const { connection, sink } = server()
    connection.receive(clientFrame(10, 'x'), 0)
    expect(sink.events).toEqual([['pong', '78']])
    expect(sink.writes).toEqual([])
  })
})

describe('§5.6 data frames, §8.1 UTF-8', () => {
  test('text is delivered as text, binary as bytes', () => {
    expect(serverEvents(join(clientFrame(1, 'grüße, 世界 😀'), clientFrame(2, hex('00ff'))))).toEqual([
      ['text', 'grüße, 世界 😀'],
      ['binary', '00 ff'],
    ])
  })

  test.each([
    ['c0 af', 'overlong'],
    ['ed a0 80', 'a surrogate'],
    ['f4 90 80 80', 'over U+10FFFF'],
    ['ce ba e1', 'cut at the end'],
    ['ff', 'no byte of UTF-8'],
  ])('a text of %s (%s) fails the connection', (payload) => {
    expect(serverFailure(clientFrame(1, hex(payload)))).toBe('TEXT_NOT_UTF8')
    expect(clientFailure(frame(1, hex(payload)))).toBe('TEXT_NOT_UTF8')
    expect(serverFailure(join(clientFrame(1, 'x', { fin: false }), clientFrame(0, hex(payload))))).toBe('TEXT_NOT_UTF8')
  })

  test('it fails as soon as it can be known: in an unfinished fragment, and in an unfinished frame', () => {
    expect(serverFailure(clientFrame(1, hex('f4 90'), { fin: false }))).toBe('TEXT_NOT_UTF8')
    expect(serverFailure(clientFrame(1, join(hex('ed a0'), new Uint8Array(100))).subarray(0, 8))).toBe('TEXT_NOT_UTF8')
  })

  test('it does not fail before: a character cut by a fragment may go on in the next', () => {
    const { connection, sink } = server()
    connection.receive(clientFrame(1, hex('f4 8f'), { fin: false }), 0)
    expect(connection.state).toBe('open')
    connection.receive(clientFrame(0, hex('bf bf')), 0)
    expect(sink.events).toEqual([['text', '\u{10ffff}']])
  })
})

describe('§5.7 examples', () => {
  test('to a client', () => {
    const { connection, sink } = client()
    // unmasked text "Hello"; the same in two fragments; an unmasked Ping "Hello"
    connection.receive(hex('81 05 48656c6c6f'), 0)
    connection.receive(hex('01 03 48656c  80 02 6c6f'), 0)
    connection.receive(hex('89 05 48656c6c6f'), 0)
    connection.receive(join(hex('82 7e 0100'), new Uint8Array(256)), 0)
    connection.receive(join(hex('82 7f 0000000000010000'), new Uint8Array(65_536)), 0)
    expect(sink.names).toEqual(['text', 'text', 'ping', 'binary', 'binary'])
    expect(sink.events.slice(0, 2)).toEqual([
      ['text', 'Hello'],
      ['text', 'Hello'],
    ])
    // the masked Pong "Hello", with the key of the example
    expect(toHex(testKey)).toBe('37 fa 21 3d')
    expect(toHex(sink.written)).toBe('8a 85 37 fa 21 3d 7f 9f 4d 51 58')
  })
})

describe('§6.1 sending', () => {
  test('lone surrogates become U+FFFD, so what is sent is always UTF-8', () => {
    const { connection, sink } = server()
    connection.sendText('\ud83d!')
    expect(toHex(sink.written)).toBe('81 04 ef bf bd 21')
  })
})

describe('§10.4 limits', () => {
  test('H-SEC-05: a message of n bytes passes, one of n + 1 fails on its header, before any payload', () => {
    const passing = server({ messageBytes: 200 })
    passing.connection.receive(clientFrame(2, new Uint8Array(200)), 0)
    expect(passing.sink.names).toEqual(['binary'])
    expect(serverFailure(clientFrame(2, new Uint8Array(201)).subarray(0, 8), { messageBytes: 200 })).toBe(
      'MESSAGE_TOO_LONG',
    )
  })

  test('H-SEC-05: the limit holds for the sum of the fragments', () => {
    const parts = [
      clientFrame(2, new Uint8Array(100), { fin: false }),
      clientFrame(0, new Uint8Array(101)).subarray(0, 6),
    ]
    expect(serverFailure(join(...parts), { messageBytes: 200 })).toBe('MESSAGE_TOO_LONG')
  })

  test('H-SEC-05: lengths of 2^60, 2^62 and 2^53 are refused at once', () => {
    expect(serverFailure(hex('82 ff 1000000000000000 00000000'))).toBe('LENGTH_UNSAFE')
    expect(serverFailure(hex('82 ff 4000000000000000 00000000'))).toBe('LENGTH_UNSAFE')
    expect(serverFailure(hex('82 ff 0020000000000000 00000000'))).toBe('LENGTH_UNSAFE')
    expect(serverFailure(hex('82 ff 001fffffffffffff 00000000'))).toBe('MESSAGE_TOO_LONG')
  })

  test('H-SEC-05: a message of n frames passes, the frame n + 1 fails, empty ones counted', () => {
    const start = clientFrame(1, '', { fin: false })
    const more = clientFrame(0, '', { fin: false })
    const passing = server({ messageFrames: 3 })
    passing.connection.receive(join(start, more, clientFrame(0, '')), 0)
    expect(passing.sink.events).toEqual([['text', '']])
    expect(serverFailure(join(start, more, more, more), { messageFrames: 3 })).toBe('MESSAGE_TOO_MANY_FRAMES')
  })

  test('H-SEC-05: announcing much and sending little holds little', () => {
    const announced = 64 * 1024 * 1024
    const endpoints = Array.from({ length: 200 }, () => server({ messageBytes: announced }))
    const header = join(hex('82 ff 0000000004000000'), testKey)
    const before = process.memoryUsage().arrayBuffers
    for (const { connection } of endpoints) {
      connection.receive(header, 0)
      connection.receive(hex('00'), 0)
    }
    const grown = process.memoryUsage().arrayBuffers - before
    expect(grown).toBeLessThan(endpoints.length * 4096)
    expect(endpoints.every(({ connection }) => connection.state === 'open')).toBe(true)
  })
})
