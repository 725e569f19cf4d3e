import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'
import type { HeadLimits } from '../../../src/protocol/http/head.ts'
import { defaultHeadLimits, leadingEmptyLineLimit } from '../../../src/protocol/http/head-limits.ts'
import { HeadReader } from '../../../src/protocol/http/head-reader.ts'
import type { HeadReading } from '../../../src/protocol/http/head-reader.ts'

const request = 'GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n'
const small: HeadLimits = { startLine: 10, fieldBytes: 20, fieldCount: 3 }

/** Feeds the pieces until something other than `more` comes; what was not fed is added to `rest`, as a socket would. */
function read(pieces: readonly Uint8Array[], limits: HeadLimits): HeadReading {
  const reader = new HeadReader(limits)
  for (const [index, piece] of pieces.entries()) {
    const reading = reader.receive(piece)
    if (reading.kind === 'more') continue
    if (reading.kind === 'fault') return reading
    return { ...reading, rest: new Uint8Array(Buffer.concat([reading.rest, ...pieces.slice(index + 1)])) }
  }
  return { kind: 'more' }
}

function readText(text: string, limits: HeadLimits = defaultHeadLimits): HeadReading {
  return read([encodeLatin1(text)], limits)
}

function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte))
}

/** Bytes copied by `set`, the only way in which the reader moves bytes from one place to another. */
function countCopied(work: () => void): number {
  let copied = 0
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
  const set = typedArray.set
  const spy = vi.spyOn(typedArray, 'set').mockImplementation(function (this: Uint8Array, source, offset) {
    copied += source.length
    set.call(this, source, offset)
  })
  try {
    work()
  } finally {
    spy.mockRestore()
  }
  return copied
}

describe('the end of a head', () => {
  test('is its empty line; bytes after it are the rest', () => {
    expect(readText(`${request}\x81\x82`)).toEqual({
      kind: 'head',
      head: encodeLatin1(request),
      rest: Uint8Array.of(0x81, 0x82),
    })
  })

  test('has not come while the last LF is missing', () => {
    expect(readText(request.slice(0, -1))).toEqual({ kind: 'more' })
  })

  test('H-REQ-18: head and rest are copies, of a Buffer too', () => {
    const chunk = Buffer.from(`${request}rest`, 'latin1')
    const reading = new HeadReader(defaultHeadLimits).receive(chunk)
    chunk.fill(0)
    expect(reading).toMatchObject({ head: encodeLatin1(request), rest: encodeLatin1('rest') })
  })

  test('H-H1-10: is found among lone LFs as well, so that they can be named', () => {
    expect(readText('GET / HTTP/1.1\nHost: h\n\nrest')).toMatchObject({ rest: encodeLatin1('rest') })
    expect(readText('GET / HTTP/1.1\r\nHost: h\r\n\nrest')).toMatchObject({ rest: encodeLatin1('rest') })
  })

  test('is not a line of one bare CR', () => {
    expect(readText('GET / HTTP/1.1\r\n\r\r\n')).toEqual({ kind: 'more' })
  })

  test('H-RES-02: the next head may follow in the rest', () => {
    const reader = new HeadReader(small)
    const first = reader.receive(encodeLatin1('HTTP 103\r\na: b\r\n\r\nHTTP 101\r\n\r\n'))
    expect(first).toMatchObject({ kind: 'head', head: encodeLatin1('HTTP 103\r\na: b\r\n\r\n') })
    expect(reader.receive(first.kind === 'head' ? first.rest : new Uint8Array(0))).toEqual({
      kind: 'head',
      head: encodeLatin1('HTTP 101\r\n\r\n'),
      rest: new Uint8Array(0),
    })
  })
})

describe('empty lines before the start line (RFC 9112 §2.2)', () => {
  const longest = '\r\n'.repeat(leadingEmptyLineLimit)

  test('are passed over up to the limit, and kept in the head', () => {
    const text = `${longest}GET / HTTP/1.1\r\n\r\n`
    expect(readText(text)).toMatchObject({ kind: 'head', head: encodeLatin1(text) })
  })

  test('one more ends the head, so that they are bounded', () => {
    expect(readText(`${longest}\r\nGET`)).toEqual({
      kind: 'head',
      head: encodeLatin1(`${longest}\r\n`),
      rest: encodeLatin1('GET'),
    })
  })
})

describe('H-H1-11: limits', () => {
  const start = 'GET / HTTP\r\n' // 10 bytes and CRLF
  const line = `a: ${'b'.repeat(17)}\r\n` // 20 bytes and CRLF

  test('everything at its limit passes', () => {
    expect(readText(`${start}${line}\r\n`, small)).toMatchObject({ kind: 'head' })
    expect(readText(`${start}a:1\r\nb:2\r\nc:3\r\n\r\n`, small)).toMatchObject({ kind: 'head' })
  })

  test('a start line of one byte more is refused at that byte', () => {
    expect(readText('GET / HTTP/1.1\r\n', small)).toEqual({
      kind: 'fault',
      fault: { rule: 'H-H1-11', found: 'GET / HTTP/', limit: 'startLine' },
      received: encodeLatin1('GET / HTTP/'),
    })
  })

  test('a CR just over the limit waits for what follows it', () => {
    expect(readText('GET / HTTP\r', small)).toEqual({ kind: 'more' })
    expect(readText('GET / HTTP\r\r', small)).toMatchObject({ kind: 'fault', fault: { limit: 'startLine' } })
    expect(readText('GET / HTTP\rx', small)).toMatchObject({ kind: 'fault', fault: { limit: 'startLine' } })
  })

  test('fields of one byte more are refused, in one line or over several', () => {
    expect(readText(`${start}a: ${'b'.repeat(18)}`, small)).toMatchObject({
      kind: 'fault',
      fault: { rule: 'H-H1-11', limit: 'fieldBytes', found: `a: ${'b'.repeat(18)}` },
    })
    expect(readText(`${start}a: bbbbbb\r\nc: ${'d'.repeat(9)}\r\n`, small)).toMatchObject({
      fault: { limit: 'fieldBytes', found: `c: ${'d'.repeat(9)}` },
    })
  })

  test('one field more is refused', () => {
    expect(readText(`${start}a:1\r\nb:2\r\nc:3\r\nd:4\r\n`, small)).toMatchObject({
      kind: 'fault',
      fault: { rule: 'H-H1-11', limit: 'fieldCount', found: 'd:4' },
    })
  })

  test('the defaults hold at their numbers', () => {
    const get = 'GET / HTTP/1.1\r\n'
    expect(readText(`${'x'.repeat(8192)}\r\n\r\n`)).toMatchObject({ kind: 'head' })
    expect(readText(`${'x'.repeat(8193)}\r\n\r\n`)).toMatchObject({ kind: 'fault', fault: { limit: 'startLine' } })
    expect(readText(`${get}${'x'.repeat(16_384)}\r\n\r\n`)).toMatchObject({ kind: 'head' })
    expect(readText(`${get}${'x'.repeat(16_385)}\r\n\r\n`)).toMatchObject({ fault: { limit: 'fieldBytes' } })
    expect(readText(`${get}${'a: b\r\n'.repeat(100)}\r\n`)).toMatchObject({ kind: 'head' })
    expect(readText(`${get}${'a: b\r\n'.repeat(101)}\r\n`)).toMatchObject({ fault: { limit: 'fieldCount' } })
  })

  test('after a fault nothing more is taken', () => {
    const reader = new HeadReader(small)
    const fault = reader.receive(encodeLatin1('x'.repeat(100)))
    expect(reader.receive(encodeLatin1('\r\n\r\n'))).toBe(fault)
    expect(reader.received).toHaveLength(11)
  })
})

describe('H-RES-15: splits', () => {
  // Few letters, so that line ends, empty lines and all three limits come up often.
  const heads = fc.string({ unit: fc.constantFrom('\r\n', '\r', '\n', 'a', 'b: c', 'HTTP'), maxLength: 30 })

  test('any split of any bytes gives the same reading', () => {
    fc.assert(
      fc.property(heads, fc.array(fc.nat(120), { maxLength: 5 }), (text, cuts) => {
        const bytes = encodeLatin1(text)
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((one, two) => one - two)
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
        const whole = read([bytes], small)
        expect(read(pieces, small)).toEqual(whole)
        expect(read(byteByByte(bytes), small)).toEqual(whole)
      }),
      { numRuns: 2000 },
    )
  })

  test('what is held can be seen at any time', () => {
    const reader = new HeadReader(defaultHeadLimits)
    for (const byte of byteByByte(encodeLatin1('GET / HT'))) reader.receive(byte)
    expect(reader.received).toEqual(encodeLatin1('GET / HT'))
  })
})

describe('H-SRV-25: work', () => {
  test('the largest head byte by byte moves each byte a bounded number of times', () => {
    const head = encodeLatin1(`GET / HTTP/1.1\r\n${`a: ${'b'.repeat(160)}\r\n`.repeat(99)}\r\n`)
    expect(head.length).toBeGreaterThan(16_000)
    const pieces = byteByByte(head)
    const copied = countCopied(() => {
      expect(read(pieces, defaultHeadLimits)).toMatchObject({ kind: 'head', head })
    })
    expect(copied).toBeGreaterThanOrEqual(head.length)
    expect(copied).toBeLessThan(4 * head.length)
  })

  test('each byte is looked at a bounded number of times', () => {
    const head = encodeLatin1(`GET / HTTP/1.1\r\n${`a: ${'b'.repeat(160)}\r\n`.repeat(99)}\r\n`)
    const reader = new HeadReader(defaultHeadLimits)
    let looked = 0
    for (const byte of head) {
      reader.receive(
        new Proxy(Uint8Array.of(byte), {
          get(target, key) {
            if (typeof key === 'string' && /^[0-9]+$/.test(key)) looked++
            const value: unknown = Reflect.get(target, key, target)
            return typeof value === 'function' ? value.bind(target) : value
          },
        }),
      )
    }
    expect(looked).toBeGreaterThanOrEqual(head.length)
    expect(looked).toBeLessThan(10 * head.length)
  })
})
