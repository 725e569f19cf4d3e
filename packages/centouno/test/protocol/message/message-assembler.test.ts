import { describe, expect, test } from 'vitest'
import type { FrameHeader } from '../../../src/protocol/frame/header.ts'
import type { ViolationCode } from '../../../src/protocol/connection/violations.ts'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { MessageAssembler } from '../../../src/protocol/message/message-assembler.ts'
import { hex, sameBytes, toHex, utf8 } from '../wire.ts'

interface Fixture {
  readonly assembler: MessageAssembler
  readonly seen: string[]
  readonly messages: Uint8Array[]
}

function fixture(limits: Partial<typeof defaultConnectionLimits> = {}, streamFrom?: number): Fixture {
  const seen: string[] = []
  const messages: Uint8Array[] = []
  const assembler = new MessageAssembler(
    { ...defaultConnectionLimits, ...limits },
    {
      text: (message) => void seen.push(`text ${message}`),
      binary: (message) => {
        seen.push(`binary ${toHex(message.subarray(0, 8))}`)
        messages.push(message)
      },
      streamBegins: (kind, bytes) => void seen.push(`begins ${kind} ${toHex(bytes)}`),
      streamPiece: (bytes, last) => void seen.push(`${last ? 'last' : 'piece'} ${toHex(bytes)}`),
    },
    streamFrom,
  )
  return { assembler, seen, messages }
}

function header(opcode: number, payloadLength: number, fin: boolean, maskingKey = 0): FrameHeader {
  return { fin, reservedBits: 0, opcode, masked: maskingKey !== 0, maskingKey, payloadLength }
}

/** One whole frame in one piece. */
function give({ assembler }: Fixture, opcode: number, payload: Uint8Array, fin: boolean): ViolationCode | undefined {
  return assembler.begin(header(opcode, payload.length, fin)) ?? assembler.append(payload, 0, payload.length, 0, true)
}

describe('messages', () => {
  test('a message in one frame and one piece', () => {
    const made = fixture()
    expect(give(made, 1, utf8('héllo'), true)).toBeUndefined()
    expect(give(made, 2, hex('01 02'), true)).toBeUndefined()
    expect(give(made, 1, hex(''), true)).toBeUndefined()
    expect(give(made, 2, hex(''), true)).toBeUndefined()
    expect(made.seen).toEqual(['text héllo', 'binary 01 02', 'text ', 'binary '])
  })

  test('§5.4: fragments, empty ones among them, make one message', () => {
    const made = fixture()
    for (const [opcode, payload, fin] of [
      [1, 'Hel', false],
      [0, '', false],
      [0, 'lo', true],
      [2, 'ab', false],
      [0, 'c', true],
      [1, '', false],
      [0, '', true],
    ] as const) {
      expect(give(made, opcode, utf8(payload), fin)).toBeUndefined()
    }
    expect(made.seen).toEqual(['text Hello', 'binary 61 62 63', 'text '])
  })

  test('a character may be cut between fragments, and between pieces of one', () => {
    const made = fixture()
    const bytes = utf8('😀')
    expect(give(made, 1, bytes.slice(0, 1), false)).toBeUndefined()
    expect(made.assembler.begin(header(0, 3, true))).toBeUndefined()
    expect(made.assembler.append(bytes, 1, 3, 0, false)).toBeUndefined()
    expect(made.assembler.append(bytes, 3, 4, 2, true)).toBeUndefined()
    expect(made.seen).toEqual(['text 😀'])
  })

  test('masked: whole and small, whole and over the scratch, and in pieces', () => {
    const made = fixture()
    const key = 0x20202020
    for (const length of [3, 64 * 1024, 64 * 1024 + 1]) {
      const masked = utf8('A'.repeat(length))
      expect(made.assembler.begin(header(1, length, true, key))).toBeUndefined()
      expect(made.assembler.append(masked, 0, length, 0, true)).toBeUndefined()
      expect(made.seen.pop()).toBe(`text ${'a'.repeat(length)}`)
      expect(made.assembler.begin(header(1, length, true, key))).toBeUndefined()
      expect(made.assembler.append(masked, 0, 1, 0, false)).toBeUndefined()
      expect(made.assembler.append(masked, 1, length, 1, true)).toBeUndefined()
      expect(made.seen.pop()).toBe(`text ${'a'.repeat(length)}`)
    }
  })

  test('a BOM is part of the text, whole or in fragments', () => {
    const made = fixture()
    give(made, 1, utf8('\u{feff}x'), true)
    give(made, 1, hex('ef bb'), false)
    give(made, 0, hex('bf 78'), true)
    expect(made.seen).toEqual(['text \u{feff}x', 'text \u{feff}x'])
  })

  test('a binary message is memory of its own and of exact size', () => {
    const made = fixture()
    const chunk = new Uint8Array(65_536).fill(7)
    made.assembler.begin(header(2, 100, true))
    made.assembler.append(chunk, 500, 600, 0, true)
    give(made, 2, chunk.slice(0, 60), false)
    give(made, 0, chunk.slice(0, 40), true)
    chunk.fill(0)
    for (const message of made.messages) {
      expect(message.buffer.byteLength).toBe(100)
      expect(sameBytes(message, new Uint8Array(100).fill(7))).toBe(true)
    }
    expect(made.messages).toHaveLength(2)
  })

  test('the sink may begin the next message before the call returns', () => {
    const seen: string[] = []
    const assembler: MessageAssembler = new MessageAssembler(defaultConnectionLimits, {
      text: (message) => {
        seen.push(message)
        if (seen.length === 1) seen.push(String(assembler.begin(header(1, 1, true))))
      },
      binary: () => undefined,
      streamBegins: () => undefined,
      streamPiece: () => undefined,
    })
    assembler.begin(header(1, 1, true))
    assembler.append(utf8('a'), 0, 1, 0, true)
    assembler.append(utf8('b'), 0, 1, 0, true)
    expect(seen).toEqual(['a', 'undefined', 'b'])
  })
})

describe('violations', () => {
  test('§5.4: a continuation needs a message under way', () => {
    expect(fixture().assembler.begin(header(0, 0, true))).toBe('CONTINUATION_WITHOUT_START')
    const made = fixture()
    give(made, 1, utf8('a'), true)
    expect(made.assembler.begin(header(0, 1, false))).toBe('CONTINUATION_WITHOUT_START')
    const other = fixture()
    give(other, 2, utf8('a'), false)
    give(other, 0, utf8('a'), true)
    expect(other.assembler.begin(header(0, 1, false))).toBe('CONTINUATION_WITHOUT_START')
  })

  test('§5.4: no message begins inside another', () => {
    for (const opcode of [1, 2]) {
      const made = fixture()
      give(made, 1, utf8('a'), false)
      expect(made.assembler.begin(header(opcode, 1, true))).toBe('MESSAGE_INTERRUPTED')
    }
  })

  test.each([
    ['a bad byte in a whole frame', [['ff', true]]],
    ['a bad byte in a first fragment, long before the end', [['61 ff', false]]],
    ['a whole frame cut inside a character', [['c3', true]]],
    [
      'a last fragment cut inside a character',
      [
        ['61', false],
        ['f0 9f 98', true],
      ],
    ],
    [
      'an empty last fragment after a cut character',
      [
        ['c3', false],
        ['', true],
      ],
    ],
    [
      'a surrogate over two fragments',
      [
        ['ed', false],
        ['a0', false],
      ],
    ],
  ] as const)('§8.1: %s', (_name, fragments) => {
    const made = fixture()
    const results = fragments.map(([bytes, fin], index) => give(made, index === 0 ? 1 : 0, hex(bytes), fin))
    expect(results.pop()).toBe('TEXT_NOT_UTF8')
    expect(results.every((result) => result === undefined)).toBe(true)
    expect(made.seen).toEqual([])
  })

  test('binary messages may carry any byte', () => {
    const made = fixture()
    give(made, 2, hex('ff'), false)
    give(made, 0, hex('c3'), true)
    expect(made.seen).toEqual(['binary ff c3'])
  })
})

describe('H-SEC-05: limits', () => {
  test('n bytes pass, n + 1 fail on the header', () => {
    for (const n of [0, 1, 10]) {
      expect(fixture({ messageBytes: n }).assembler.begin(header(2, n, true))).toBeUndefined()
      expect(fixture({ messageBytes: n }).assembler.begin(header(2, n + 1, true))).toBe('MESSAGE_TOO_LONG')
    }
  })

  test('the sum over all frames counts', () => {
    const made = fixture({ messageBytes: 10 })
    give(made, 2, new Uint8Array(6), false)
    give(made, 0, new Uint8Array(4), false)
    expect(give(made, 0, hex(''), false)).toBeUndefined()
    expect(made.assembler.begin(header(0, 1, true))).toBe('MESSAGE_TOO_LONG')
  })

  test('the sum cannot overflow', () => {
    const made = fixture({ messageBytes: Number.MAX_SAFE_INTEGER })
    give(made, 2, new Uint8Array(2), false)
    expect(made.assembler.begin(header(0, Number.MAX_SAFE_INTEGER, true))).toBe('MESSAGE_TOO_LONG')
  })

  test('each message has the whole limit', () => {
    const made = fixture({ messageBytes: 3 })
    for (let count = 0; count < 5; count++) expect(give(made, 2, new Uint8Array(3), true)).toBeUndefined()
    expect(made.seen).toHaveLength(5)
  })

  test('n frames pass, n + 1 fail, empty ones counted', () => {
    const passing = fixture({ messageFrames: 3 })
    expect(give(passing, 2, hex(''), false)).toBeUndefined()
    expect(give(passing, 0, hex(''), false)).toBeUndefined()
    expect(give(passing, 0, hex(''), true)).toBeUndefined()
    expect(passing.seen).toEqual(['binary '])

    const failing = fixture({ messageFrames: 3 })
    give(failing, 2, hex(''), false)
    give(failing, 0, hex(''), false)
    expect(give(failing, 0, hex(''), false)).toBeUndefined()
    expect(failing.assembler.begin(header(0, 0, true))).toBe('MESSAGE_TOO_MANY_FRAMES')
  })

  test('a text longer than the longest string is refused on its header, whatever the limit', () => {
    const longest = 2 ** 29 - 24
    const unlimited = { messageBytes: Infinity }
    expect(fixture(unlimited).assembler.begin(header(1, longest, true))).toBeUndefined()
    expect(fixture(unlimited).assembler.begin(header(1, longest + 1, true))).toBe('MESSAGE_TOO_LONG')
    expect(fixture(unlimited).assembler.begin(header(2, longest + 1, true))).toBeUndefined()
  })
})

describe('messages in pieces', () => {
  test('n - 1 bytes come whole, n bytes in pieces', () => {
    const made = fixture({}, 3)
    give(made, 2, hex('01 02'), true)
    give(made, 2, hex('01 02 03'), true)
    expect(made.seen).toEqual(['binary 01 02', 'begins binary ', 'last 01 02 03'])
  })

  test('from 0 on, every message comes in pieces, the empty one too', () => {
    const made = fixture({}, 0)
    give(made, 1, hex(''), true)
    give(made, 2, hex(''), false)
    give(made, 0, hex(''), false)
    give(made, 0, hex('09'), true)
    expect(made.seen).toEqual(['begins text ', 'last ', 'begins binary ', 'last 09'])
  })

  test('what came before there was enough of it is the first piece', () => {
    const made = fixture({}, 4)
    give(made, 1, utf8('a'), false)
    give(made, 0, utf8('bc'), false)
    expect(made.seen).toEqual([])
    give(made, 0, utf8('d'), false)
    give(made, 0, utf8('e'), true)
    expect(made.seen).toEqual(['begins text 61 62 63', 'piece 64', 'last 65'])
    give(made, 1, utf8('f'), true)
    expect(made.seen.pop()).toBe('text f')
  })

  test('a frame is unmasked piece by piece, and each piece is memory of its own', () => {
    const pieces: Uint8Array[] = []
    const assembler = new MessageAssembler(
      defaultConnectionLimits,
      {
        text: () => undefined,
        binary: () => undefined,
        streamBegins: () => undefined,
        streamPiece: (bytes) => void pieces.push(bytes),
      },
      0,
    )
    const masked = hex('41 42 43 44 45 46')
    assembler.begin(header(2, 6, true, 0x01020304))
    assembler.append(masked, 0, 3, 0, false)
    assembler.append(masked, 3, 6, 3, true)
    masked.fill(0)
    expect(pieces).toEqual([hex('40 40 40'), hex('40 44 44')])
  })

  test('§8.1: a character may be cut between pieces, and a fault is found where it is', () => {
    const good = fixture({}, 0)
    give(good, 1, hex('f0 9f'), false)
    expect(give(good, 0, hex('98 80'), true)).toBeUndefined()
    expect(good.seen).toEqual(['begins text ', 'piece f0 9f', 'last 98 80'])

    const bad = fixture({}, 0)
    give(bad, 1, hex('c3'), false)
    expect(give(bad, 0, hex('28'), false)).toBe('TEXT_NOT_UTF8')
    expect(bad.seen).toEqual(['begins text ', 'piece c3'])

    const cut = fixture({}, 2)
    give(cut, 1, hex('c3'), false)
    expect(give(cut, 0, hex('a9 c3'), true)).toBe('TEXT_NOT_UTF8')
    expect(cut.seen).toEqual(['begins text c3'])

    const binary = fixture({}, 0)
    expect(give(binary, 2, hex('c3'), true)).toBeUndefined()
  })

  test('H-SEC-05: a stream has a limit of its own: n bytes pass, n + 1 fail on the header', () => {
    const limits = { messageBytes: 3, streamBytes: 10 }
    const made = fixture(limits, 4)
    give(made, 2, new Uint8Array(3), false)
    expect(give(made, 0, new Uint8Array(7), false)).toBeUndefined()
    expect(give(made, 0, hex(''), false)).toBeUndefined()
    expect(made.assembler.begin(header(0, 1, true))).toBe('STREAM_TOO_LONG')
    expect(fixture(limits, 4).assembler.begin(header(2, 10, true))).toBeUndefined()
    expect(fixture(limits, 4).assembler.begin(header(2, 11, true))).toBe('STREAM_TOO_LONG')
    expect(fixture(limits, 5).assembler.begin(header(2, 4, true))).toBe('MESSAGE_TOO_LONG')
  })

  test('H-SEC-05: of a stream only frames under 1,024 bytes are counted', () => {
    const made = fixture({ messageFrames: 2, streamBytes: 1_000_000 }, 0)
    give(made, 2, new Uint8Array(1024), false)
    for (let count = 0; count < 10; count++) give(made, 0, new Uint8Array(1024), false)
    expect(give(made, 0, new Uint8Array(1023), false)).toBeUndefined()
    expect(give(made, 0, hex(''), false)).toBeUndefined()
    expect(made.assembler.begin(header(0, 0, true))).toBe('MESSAGE_TOO_MANY_FRAMES')
  })
})
