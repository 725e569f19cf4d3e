import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FrameHeader } from '../../../src/protocol/frame/header.ts'
import {
  blankHeader,
  headerBytes,
  maskingKeyFrom,
  maxHeaderBytes,
  tryReadHeader,
  writeHeader,
} from '../../../src/protocol/frame/header.ts'
import { violations } from '../../../src/protocol/connection/violations.ts'
import { hex, toHex } from '../wire.ts'

const fromClient = { masked: true, reservedBits: 0 }
const fromServer = { masked: false, reservedBits: 0 }

function read(bytes: Uint8Array, expected = fromServer): { result: number | string; header: FrameHeader } {
  const header = blankHeader()
  return { result: tryReadHeader(bytes, 0, bytes.length, expected, header), header }
}

function written(header: Partial<FrameHeader>): string {
  const target = new Uint8Array(maxHeaderBytes)
  const size = writeHeader(target, 0, { ...blankHeader(), ...header })
  return toHex(target.subarray(0, size))
}

describe('reading', () => {
  test('§5.7: a single unmasked text frame, "Hello"', () => {
    const { result, header } = read(hex('81 05 48656c6c6f'))
    expect(result).toBe(2)
    expect(header).toEqual({
      fin: true,
      reservedBits: 0,
      opcode: 1,
      masked: false,
      maskingKey: 0,
      payloadLength: 5,
    })
  })

  test('§5.7: the same, masked with 37fa213d', () => {
    const { result, header } = read(hex('81 85 37fa213d 7f9f4d5158'), fromClient)
    expect(result).toBe(6)
    expect(header).toMatchObject({ masked: true, maskingKey: 0x37fa213d, payloadLength: 5 })
  })

  test('§5.7: 256 bytes take a 16-bit length, 64 KiB a 64-bit one', () => {
    expect(read(hex('82 7e 0100'))).toMatchObject({ result: 4, header: { opcode: 2, payloadLength: 256 } })
    expect(read(hex('82 7f 0000000000010000'))).toMatchObject({ result: 10, header: { payloadLength: 65_536 } })
  })

  test('it starts where it is told, and looks no further than its end', () => {
    const header = blankHeader()
    expect(tryReadHeader(hex('ff 89 00'), 1, 3, fromServer, header)).toBe(2)
    expect(header.opcode).toBe(9)
    expect(tryReadHeader(hex('89 00'), 0, 1, fromServer, header)).toBe(0)
  })

  test.each([
    ['', 'nothing'],
    ['81', 'one byte'],
    ['81 fe 01', 'half a 16-bit length'],
    ['81 ff 00000000 000100', 'a 64-bit length but for a byte'],
    ['81 85 37fa21', 'a masking key but for a byte'],
    ['81 fe 0100 37', 'a masking key after a 16-bit length'],
    ['81 ff 0000000000010000 37fa21', 'a masking key after a 64-bit length'],
  ])('%s: %s is too short to tell', (bytes) => {
    expect(read(hex(bytes), fromClient).result).toBe(0)
  })
})

describe('rules', () => {
  test.each([
    // first byte alone
    ['c1', 'FRAME_RESERVED_BITS', 'RSV1'],
    ['a1', 'FRAME_RESERVED_BITS', 'RSV2'],
    ['91', 'FRAME_RESERVED_BITS', 'RSV3'],
    ['83', 'FRAME_RESERVED_OPCODE', 'opcode 3'],
    ['87', 'FRAME_RESERVED_OPCODE', 'opcode 7'],
    ['8b', 'FRAME_RESERVED_OPCODE', 'opcode 11'],
    ['8f', 'FRAME_RESERVED_OPCODE', 'opcode 15'],
    ['08', 'CONTROL_FRAGMENTED', 'Close without FIN'],
    ['09', 'CONTROL_FRAGMENTED', 'Ping without FIN'],
    ['0a', 'CONTROL_FRAGMENTED', 'Pong without FIN'],
    // with the second
    ['81 85', 'FRAME_MASKED', 'masked, to a client'],
    ['89 7e', 'CONTROL_TOO_LONG', 'Ping with a 16-bit length'],
    ['88 7f', 'CONTROL_TOO_LONG', 'Close with a 64-bit length'],
    // with the length
    ['82 7e 007d', 'LENGTH_NOT_MINIMAL', '125 in 16 bits'],
    ['82 7e 0000', 'LENGTH_NOT_MINIMAL', '0 in 16 bits'],
    ['82 7f 000000000000ffff', 'LENGTH_NOT_MINIMAL', '65,535 in 64 bits'],
    ['82 7f 8000000000000000', 'LENGTH_TOP_BIT', 'top bit'],
    ['82 7f ffffffffffffffff', 'LENGTH_TOP_BIT', 'all bits'],
    ['82 7f 0020000000000000', 'LENGTH_UNSAFE', '2^53'],
    ['82 7f 7fffffffffffffff', 'LENGTH_UNSAFE', '2^63 - 1'],
  ])('%s → %s (%s)', (bytes, code) => {
    expect(read(hex(bytes)).result).toBe(code)
  })

  test('§5.1: a server reads no frame that is not masked', () => {
    expect(read(hex('81 05'), fromClient).result).toBe('FRAME_UNMASKED')
  })

  test.each([
    ['82 7d', 125],
    ['82 7e 007e', 126],
    ['82 7e ffff', 65_535],
    ['82 7f 0000000000010000', 65_536],
    ['82 7f 001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['8a 7d', 125],
  ])('%s: a length of %d is in order', (bytes, length) => {
    expect(read(hex(bytes)).header.payloadLength).toBe(length)
    expect(read(hex(bytes)).result).toBe(hex(bytes).length)
  })

  test('a reserved bit passes when an extension uses it, and only that one', () => {
    expect(read(hex('c1 00'), { masked: false, reservedBits: 4 })).toMatchObject({
      result: 2,
      header: { reservedBits: 4 },
    })
    expect(read(hex('e1 00'), { masked: false, reservedBits: 4 }).result).toBe('FRAME_RESERVED_BITS')
  })
})

describe('writing', () => {
  test.each([
    [{ fin: true, opcode: 1, payloadLength: 5 }, '81 05'],
    [{ fin: false, opcode: 2, payloadLength: 0 }, '02 00'],
    [{ fin: true, opcode: 9, payloadLength: 125 }, '89 7d'],
    [{ fin: true, opcode: 2, payloadLength: 126 }, '82 7e 00 7e'],
    [{ fin: true, opcode: 2, payloadLength: 65_535 }, '82 7e ff ff'],
    [{ fin: true, opcode: 2, payloadLength: 65_536 }, '82 7f 00 00 00 00 00 01 00 00'],
    [{ fin: true, opcode: 2, payloadLength: 2 ** 53 - 1 }, '82 7f 00 1f ff ff ff ff ff ff'],
    [{ fin: true, opcode: 1, masked: true, maskingKey: 0xf0e1d2c3, payloadLength: 1 }, '81 81 f0 e1 d2 c3'],
    [{ fin: true, reservedBits: 4, opcode: 1, payloadLength: 1 }, 'c1 01'],
  ])('%j → %s', (header, bytes) => {
    expect(written(header)).toBe(bytes)
    expect(headerBytes(header.payloadLength, 'masked' in header)).toBe(hex(bytes).length)
  })

  test('a masking key is read in the order of the wire', () => {
    expect(maskingKeyFrom(hex('f0 e1 d2 c3'))).toBe(0xf0e1d2c3)
  })
})

describe('properties', () => {
  const headers = fc
    .record({
      fin: fc.boolean(),
      reservedBits: fc.integer({ min: 0, max: 7 }),
      opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
      masked: fc.boolean(),
      key: fc.integer({ min: 0, max: 0xffff_ffff }),
      payloadLength: fc.oneof(
        fc.integer({ min: 0, max: 130 }),
        fc.integer({ min: 65_530, max: 65_540 }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      ),
    })
    .map(({ fin, reservedBits, opcode, masked, key, payloadLength }): FrameHeader => {
      const maskingKey = masked ? key : 0
      return opcode < 8
        ? { fin, reservedBits, opcode, masked, maskingKey, payloadLength }
        : { fin: true, reservedBits, opcode, masked, maskingKey, payloadLength: Math.min(payloadLength, 125) }
    })

  test('writeHeader and tryReadHeader undo each other, at any place', () => {
    fc.assert(
      fc.property(headers, fc.nat({ max: 20 }), (header, at) => {
        const target = new Uint8Array(at + maxHeaderBytes)
        const size = writeHeader(target, at, header)
        expect(size).toBe(headerBytes(header.payloadLength, header.masked))
        const seen = blankHeader()
        const expected = { masked: header.masked, reservedBits: 7 }
        expect(tryReadHeader(target, at, at + size, expected, seen)).toBe(size)
        expect(seen).toEqual(header)
        for (let cut = at; cut < at + size; cut++) {
          expect(tryReadHeader(target, at, cut, expected, seen)).toBe(0)
        }
      }),
    )
  })

  test('any bytes: a header, too short, or a violation of the table; more bytes never change the answer', () => {
    const codes = new Set<string>(violations.map((row) => row.code))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), fc.boolean(), (bytes, masked) => {
        const answers = Array.from({ length: bytes.length + 1 }, (_, end) =>
          tryReadHeader(bytes, 0, end, { masked, reservedBits: 0 }, blankHeader()),
        )
        const settled = answers.findIndex((answer) => answer !== 0)
        const told = settled === -1 ? [] : answers.slice(settled)
        expect(told.length > 0 || bytes.length < maxHeaderBytes).toBe(true)
        expect(new Set(told).size).toBeLessThanOrEqual(1)
        const [answer = 0] = told
        expect(typeof answer === 'string' ? codes.has(answer) : answer <= Math.max(settled, 0)).toBe(true)
      }),
    )
  })
})
