import { randomBytes } from 'node:crypto'
import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { DeflateAssembler } from '../../../src/protocol/deflate/deflate-assembler.ts'
import type { FrameHeader } from '../../../src/protocol/frame/header.ts'
import { opcodes } from '../../../src/protocol/frame/opcode.ts'
import { hex, join, utf8 } from '../wire.ts'
import { HandInflater } from './hand-inflater.ts'

const rsv1 = 4

function header(opcode: number, payloadLength: number, change: Partial<FrameHeader> = {}): FrameHeader {
  return { fin: true, reservedBits: rsv1, opcode, masked: false, maskingKey: 0, payloadLength, ...change }
}

function compress(content: string | Uint8Array): Uint8Array {
  return deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
}

function assemble(limits: Partial<typeof defaultConnectionLimits> = {}, streamFrom?: number) {
  const told: unknown[] = []
  const inflater = new HandInflater()
  const sink = {
    text: (message: string) => void told.push(message),
    binary: (message: Uint8Array) => void told.push([...message]),
    streamBegins: (kind: string, bytes: Uint8Array) => void told.push(`${kind} stream, ${bytes.length}`),
    streamPiece: (bytes: Uint8Array, last: boolean) => void told.push([Buffer.from(bytes).toString(), last]),
  }
  const assembler = new DeflateAssembler(
    { ...defaultConnectionLimits, ...limits },
    sink,
    streamFrom,
    inflater,
    (violation, now) => void told.push(`reads on: ${violation ?? 'fine'} at ${now}`),
  )
  const frame = (opcode: number, payload: Uint8Array, change: Partial<FrameHeader> = {}): unknown =>
    assembler.begin(header(opcode, payload.length, change)) ?? assembler.append(payload, 0, payload.length, 0, true)
  return { assembler, inflater, told, frame }
}

describe('whole messages', () => {
  test('compressed or not, in any turn', () => {
    const { told, frame } = assemble()
    expect(frame(opcodes.text, compress('one'))).toBeUndefined()
    expect(frame(opcodes.text, utf8('two'), { reservedBits: 0 })).toBeUndefined()
    expect(frame(opcodes.binary, compress(hex('01 02')))).toBeUndefined()
    expect(frame(opcodes.text, compress(''))).toBeUndefined()
    expect(told).toEqual(['one', 'two', [1, 2], ''])
  })

  test('in fragments, and one that is cut by the end of a chunk', () => {
    const { assembler, told, frame } = assemble()
    const payload = compress('in fragments')
    frame(opcodes.text, payload.subarray(0, 3), { fin: false })
    expect(assembler.heldBytes).toBeGreaterThan(0)
    frame(opcodes.continuation, payload.subarray(3), { reservedBits: 0 })
    frame(opcodes.text, utf8('pla'), { reservedBits: 0, fin: false })
    frame(opcodes.continuation, utf8('in'), { reservedBits: 0 })
    assembler.begin(header(opcodes.text, payload.length))
    assembler.append(payload, 0, 5, 0, false)
    assembler.append(payload, 5, payload.length, 5, true)
    expect(told).toEqual(['in fragments', 'plain', 'in fragments'])
    expect(assembler.heldBytes).toBe(0)
  })

  test('one that takes longer holds up what follows, and is told when it is there', () => {
    const { assembler, inflater, told, frame } = assemble()
    inflater.later = true
    const payload = compress('later')
    expect(frame(opcodes.text, payload)).toBeUndefined()
    expect([assembler.pending, told, assembler.heldBytes]).toEqual([true, [], payload.length])
    inflater.finish(7)
    expect([assembler.pending, told]).toEqual([false, ['later', 'reads on: fine at 7']])
    frame(opcodes.binary, compress(hex('05')))
    inflater.finish(8)
    frame(opcodes.text, compress(hex('c3 28')))
    inflater.finish(9)
    expect(told.slice(2)).toEqual([[5], 'reads on: fine at 8', 'reads on: TEXT_NOT_UTF8 at 9'])
  })

  test('given up, it stops what is being inflated', () => {
    const { assembler, inflater, frame } = assemble()
    inflater.later = true
    frame(opcodes.text, compress('later'))
    assembler.discard()
    expect([assembler.pending, inflater.stopped]).toEqual([false, true])
  })
})

describe('violations', () => {
  test.each([
    ['DEFLATE_BIT_MISPLACED', opcodes.continuation, {}],
    ['MESSAGE_INTERRUPTED', opcodes.text, {}],
    ['MESSAGE_INTERRUPTED', opcodes.text, { reservedBits: 0 }],
  ])('%s: opcode %i, %j within a message', (violation, opcode, change) => {
    const { frame } = assemble()
    frame(opcodes.text, utf8('a'), { fin: false })
    expect(frame(opcode, utf8('a'), change)).toBe(violation)
  })

  test('a continuation of nothing', () => {
    expect(assemble().frame(opcodes.continuation, utf8('a'), { reservedBits: 0 })).toBe('CONTINUATION_WITHOUT_START')
  })

  test('MESSAGE_TOO_MANY_FRAMES: n pass, n + 1 do not', () => {
    const { frame } = assemble({ messageFrames: 2 })
    expect(frame(opcodes.text, utf8(''), { fin: false })).toBeUndefined()
    expect(frame(opcodes.continuation, utf8(''), { fin: false, reservedBits: 0 })).toBeUndefined()
    expect(frame(opcodes.continuation, utf8(''), { reservedBits: 0 })).toBe('MESSAGE_TOO_MANY_FRAMES')
  })

  test('MESSAGE_TOO_LONG: on the header, when no compression could make so much of so little', () => {
    const { assembler } = assemble({ messageBytes: 100 })
    expect(assembler.begin(header(opcodes.binary, 172))).toBe('MESSAGE_TOO_LONG')
    expect(assemble({ messageBytes: 100 }).assembler.begin(header(opcodes.binary, 171))).toBeUndefined()
  })

  test('MESSAGE_TOO_LONG and DEFLATE_CORRUPT, from the inflater', () => {
    expect(assemble({ messageBytes: 4 }).frame(opcodes.binary, compress('Hello'))).toBe('MESSAGE_TOO_LONG')
    expect(assemble({ messageBytes: 5 }).frame(opcodes.binary, compress('Hello'))).toBeUndefined()
    expect(assemble().frame(opcodes.binary, hex('ff ff'))).toBe('DEFLATE_CORRUPT')
  })

  test('TEXT_NOT_UTF8', () => {
    expect(assemble().frame(opcodes.text, compress(hex('c3 28')))).toBe('TEXT_NOT_UTF8')
  })
})

describe('streams', () => {
  test('what comes whole and short is inflated at once; how long it proves to be decides', () => {
    const { told, frame } = assemble({}, 5)
    frame(opcodes.text, compress('four'))
    frame(opcodes.text, compress('five!'))
    frame(opcodes.binary, compress('five!'))
    frame(opcodes.binary, compress('four'))
    expect(told).toEqual([
      'four',
      'text stream, 0',
      ['five!', true],
      'binary stream, 0',
      ['five!', true],
      [...utf8('four')],
    ])
  })

  test('with a message too long for a message, it is inflated anew', () => {
    const { assembler, inflater, told, frame } = assemble({ messageBytes: 10 }, 11)
    expect(frame(opcodes.text, compress('eleven chars'))).toBeUndefined()
    expect([assembler.pending, told]).toEqual([true, ['text stream, 0']])
    inflater.finish(3)
    expect(told.slice(1)).toEqual([['eleven chars', false], ['', true], 'reads on: fine at 3'])
    inflater.later = true
    frame(opcodes.text, compress('eleven chars'))
    inflater.finish(4)
    expect(assembler.pending).toBe(true)
    inflater.finish(5)
    expect(told.at(-1)).toBe('reads on: fine at 5')
  })

  test('in frames, piece by piece, as soon as enough is announced', () => {
    const { assembler, inflater, told, frame } = assemble({}, 5)
    const payload = compress('a longer text, in frames')
    frame(opcodes.text, payload.subarray(0, 4), { fin: false })
    expect(told).toEqual([])
    frame(opcodes.continuation, payload.subarray(4, 9), { fin: false, reservedBits: 0 })
    inflater.finish(1)
    expect(told).toEqual(['text stream, 0', expect.anything(), 'reads on: fine at 1'])
    frame(opcodes.continuation, new Uint8Array(0), { fin: false, reservedBits: 0 })
    expect(assembler.pending).toBe(false)
    frame(opcodes.continuation, payload.subarray(9), { reservedBits: 0 })
    inflater.finish(2)
    expect(told.slice(-2)).toEqual([['', true], 'reads on: fine at 2'])
    const pieces = told.flatMap((each) => (Array.isArray(each) ? [String(each[0])] : []))
    expect(pieces.join('')).toBe('a longer text, in frames')
    expect(frame(opcodes.text, utf8('next'), { reservedBits: 0 })).toBeUndefined()
  })

  test.each([
    ['a character that is cut', hex('61 c3'), 'TEXT_NOT_UTF8'],
    ['no UTF-8', hex('61 c3 28 61 61'), 'TEXT_NOT_UTF8'],
    ['no UTF-8 and much behind it', join(hex('c3 28'), new Uint8Array(100)), 'TEXT_NOT_UTF8'],
  ])('a text with %s', (_name, content, violation) => {
    const { inflater, told, frame } = assemble({}, 0)
    const begun = deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH })
    frame(opcodes.text, begun, { fin: false })
    inflater.finish(1)
    frame(opcodes.continuation, hex('00'), { reservedBits: 0 })
    inflater.finish(2)
    expect(told).toContainEqual(expect.stringContaining(violation))
  })

  test('STREAM_TOO_LONG: from the inflater, and on the header', () => {
    const { inflater, told, frame } = assemble({ streamBytes: 4 }, 0)
    frame(opcodes.binary, compress('Hello'), { fin: false })
    inflater.finish(1)
    expect(told.at(-1)).toBe('reads on: STREAM_TOO_LONG at 1')
    const other = assemble({ streamBytes: 4 }, 0)
    expect(other.assembler.begin(header(opcodes.binary, 70, { fin: false }))).toBe('STREAM_TOO_LONG')
  })

  test('long frames of a stream do not count', () => {
    const { inflater, frame } = assemble({ messageFrames: 1 }, 0)
    const piece = compress(randomBytes(3000))
    frame(opcodes.binary, piece, { fin: false })
    inflater.finish(1)
    expect(frame(opcodes.continuation, piece, { fin: false, reservedBits: 0 })).toBeUndefined()
    inflater.finish(2)
    expect(frame(opcodes.continuation, hex('00'), { fin: false, reservedBits: 0 })).toBeUndefined()
    inflater.finish(3)
    expect(frame(opcodes.continuation, hex('00'), { reservedBits: 0 })).toBe('MESSAGE_TOO_MANY_FRAMES')
  })

  test('a frame longer than what is inflated at once is a stream from its header on', () => {
    const { assembler, told } = assemble({}, 5)
    assembler.begin(header(opcodes.binary, 70_000))
    expect(told).toEqual(['binary stream, 0'])
  })
})
