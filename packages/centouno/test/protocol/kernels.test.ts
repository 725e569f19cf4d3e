import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeText } from '../../src/native/node-text.ts'
import { WasmMasking } from '../../src/native/wasm-masking.ts'
import { decodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { encodeTextFrame } from '../../src/protocol/frame/frame-encoder.ts'
import { copyMasked, maskOwn, unmaskInPlace } from '../../src/protocol/frame/masking.ts'
import { kernels } from '../../src/protocol/kernels.ts'
import { decodeUtf8, decodeValidUtf8, Utf8Validator } from '../../src/protocol/message/utf8.ts'

// Not those that are provided: here the core stands by itself.
const provided = { ...kernels }
const masking = new WasmMasking()
const text = nodeText
const { readBuffer } = masking
beforeEach(() => {
  Object.assign(kernels, { masking, text })
})
afterEach(() => {
  Object.assign(kernels, provided)
})

/** What the plain code makes of it. */
function plainly<Result>(act: () => Result): Result {
  Object.assign(kernels, { masking: undefined, text: undefined })
  try {
    return act()
  } finally {
    Object.assign(kernels, { masking, text })
  }
}

function masked(source: Uint8Array, key: number, offset: number): Uint8Array {
  const target = new Uint8Array(source.length)
  copyMasked(source, 0, source.length, target, 0, key, offset)
  return target
}

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7 + 3) & 255)

test('the masking kernel does what the plain code does, on every alignment, offset and length to 200', () => {
  const kernel = masking
  for (let length = 0; length <= 200; length++) {
    const source = pattern(length)
    const offset = length % 5
    const wanted = plainly(() => masked(source, 0x91e2f384, offset))
    for (let at = 0; at < 17; at++) {
      readBuffer.fill(0xaa, 0, at + length + 20)
      readBuffer.set(source, at)
      kernel.mask(readBuffer, at, at + length, 0x91e2f384, offset)
      expect(readBuffer.slice(at, at + length)).toEqual(wanted)
      expect(readBuffer[at - 1] ?? 0xaa).toBe(0xaa)
      expect(readBuffer.slice(at + length, at + length + 20).every((byte) => byte === 0xaa)).toBe(true)
    }
  }
})

test('the same for any length, key and offset, in memory of the kernel and elsewhere', () => {
  const one = fc.record({
    length: fc.oneof(fc.nat({ max: 600 }), fc.nat({ max: 40_000 })),
    at: fc.nat({ max: 70 }),
    key: fc.nat({ max: 0xffff_ffff }),
    offset: fc.nat({ max: 1_000_003 }),
  })
  fc.assert(
    fc.property(one, ({ length, at, key, offset }) => {
      const source = pattern(length)
      const wanted = plainly(() => masked(source, key, offset))
      expect(Buffer.from(wanted).equals(masked(source, key, offset))).toBe(true)
      readBuffer.set(source, at)
      expect(Buffer.from(wanted).equals(masked(readBuffer.subarray(at, at + length), key, offset))).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('only what lies in memory of the kernel is unmasked in place', () => {
  const own = pattern(100)
  expect(unmaskInPlace(own, 0, 100, 0x01020304)).toBe(false)
  expect(own).toEqual(pattern(100))
  expect(unmaskInPlace(own, 0, 100, 0)).toBe(true)
  readBuffer.set(pattern(100), 5)
  expect(unmaskInPlace(readBuffer, 5, 105, 0x01020304)).toBe(true)
  expect(readBuffer.slice(5, 105)).toEqual(masked(pattern(100), 0x01020304, 0))
})

test('Latin-1 is decoded as in plain code, every byte of it', () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, index) => index), pattern(9000)]) {
    expect(decodeLatin1(bytes)).toBe(plainly(() => decodeLatin1(bytes)))
  }
})

test('text is checked and decoded as in plain code, valid or not, BOM and all', () => {
  const some = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }).map((string) => Buffer.from(string)),
    fc.string({ maxLength: 200 }).map((string) => Buffer.from(string)),
    fc.uint8Array({ maxLength: 100 }),
    fc.constantFrom('\u{feff}x', 'é'.repeat(50), 'x'.repeat(64), 'x'.repeat(65)).map((string) => Buffer.from(string)),
  )
  fc.assert(
    fc.property(some, fc.nat({ max: 3 }), (bytes, before) => {
      const placed = Uint8Array.from([...Array.from({ length: before }, () => 0xff), ...bytes, 0xff])
      const end = before + bytes.length
      const wanted = plainly(() => decodeUtf8(placed, before, end))
      expect(decodeUtf8(placed, before, end)).toBe(wanted)
      expect(nodeText.isUtf8(placed, before, end)).toBe(wanted !== undefined)
    }),
    { numRuns: 500 },
  )
})

// Lone surrogates included: as they count in the length, so they must be written.
const anyText = fc.array(fc.constantFrom('x', 'é', '€', '😀', '\ud800', '\udc00', '\u{feff}'), { maxLength: 40 })

function textFrame(long: string, key: number | undefined): Uint8Array {
  const { bytes, start, end } = encodeTextFrame(long, key)
  return bytes.slice(start, end)
}

test('a text long enough to be encoded where it leaves from makes the frame that plain code makes, masked or not', () => {
  const scratchUnits = 5461
  const repeats = fc.nat({ max: 40 }).map((more) => scratchUnits + 1 + more)
  const keys = fc.option(fc.integer({ min: 1, max: 0xffff_ffff }), { nil: undefined })
  fc.assert(
    fc.property(anyText, repeats, keys, (parts, length, key) => {
      const long = parts.join('').padEnd(length, parts[0] ?? 'x')
      const wanted = plainly(() => textFrame(long, key))
      expect(Buffer.from(wanted).equals(textFrame(long, key))).toBe(true)
    }),
  )
})

test('memory that a kernel has not filled as it said never leaves', () => {
  const long = 'x'.repeat(6000)
  Object.assign(kernels, { text: { ...text, utf8Length: () => 7000 } })
  const { bytes, start, end } = encodeTextFrame(long, undefined)
  expect(Buffer.from(bytes.subarray(start + 4, end)).toString()).toBe(long)
})

test('a payload is masked where it lies as when it is copied, from any place on', () => {
  for (const key of [0, 0x91e2f384]) {
    for (let length = 64; length < 140; length++) {
      const start = length % 5
      const bytes = pattern(length + 9)
      const wanted = bytes.slice()
      wanted.set(masked(bytes.subarray(start, start + length), key, 0), start)
      const plain = bytes.slice()
      plainly(() => maskOwn(plain, start, start + length, key))
      maskOwn(bytes, start, start + length, key)
      expect(bytes).toEqual(wanted)
      expect(plain).toEqual(wanted)
    }
  }
})

test('a text that was checked as it came is decoded as in plain code', () => {
  fc.assert(
    fc.property(anyText, (parts) => {
      const bytes = Buffer.from(parts.join(''))
      expect(decodeValidUtf8(bytes)).toBe(plainly(() => decodeValidUtf8(bytes)))
    }),
  )
})

test('the validator of pieces finds the same with and without a kernel, wherever they are cut', () => {
  const bytes = fc
    .tuple(fc.string({ unit: 'binary', minLength: 60, maxLength: 200 }), fc.option(fc.nat({ max: 1000 })))
    .map(([string, damaged]) => {
      const whole = Buffer.from(string)
      if (damaged !== null) whole[damaged % whole.length] = 0xff
      return whole
    })
  fc.assert(
    fc.property(bytes, fc.nat({ max: 1000 }), (whole, cut) => {
      const at = cut % whole.length
      const accepts = (): boolean => {
        const validator = new Utf8Validator()
        return validator.accept(whole, 0, at) && validator.accept(whole, at, whole.length) && validator.complete
      }
      expect(accepts()).toBe(plainly(accepts))
    }),
    { numRuns: 500 },
  )
})
