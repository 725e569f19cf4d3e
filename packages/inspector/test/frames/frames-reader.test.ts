import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FramesReader } from '../../src/frames/frames-reader.ts'
import type { Agreement } from '../../src/http/upgrade-request.ts'
import { rungBytesLimit } from '../../src/wire/layer-reader.ts'
import type { RungDraft } from '../../src/wire/layer-reader.ts'
import type { DerivedBytes } from '../../src/wire/rung.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { field, fieldBytes, hex, piece, shown, toldOf } from '../support/tape.ts'

/** Frames as rungs: the examples of RFC 6455 §5.7 and RFC 7692 §7.2.3, and what breaks the rules. */

const plain: Agreement = { extensions: [] }

function deflating(...parameters: string[]): Agreement {
  return {
    extensions: [{ name: 'permessage-deflate', parameters: parameters.map((name) => ({ name, value: undefined })) }],
  }
}

function read(pieces: readonly TapePiece[], agreement: Agreement = plain): RungDraft[] {
  return toldOf((tell) => new FramesReader(agreement, tell), pieces)
}

function only(pieces: readonly TapePiece[], agreement?: Agreement): RungDraft {
  const rungs = read(pieces, agreement)
  expect(rungs).toHaveLength(1)
  return rungs[0] as RungDraft
}

function derived(rung: RungDraft, kind: DerivedBytes['kind']): DerivedBytes | undefined {
  return rung.derived?.find((one) => one.kind === kind)
}

/** A frame of the server: FIN and opcode, then a length of seven bits, then the payload. */
function fromServer(first: number, payload: string | Uint8Array): TapePiece {
  const bytes = Buffer.from(payload)
  return piece('received', Buffer.concat([Buffer.of(first, bytes.length), bytes]))
}

describe('the header, bit by bit', () => {
  test('RFC 6455 §5.7: a single-frame masked text message', () => {
    // FIN, opcode 1; MASK, length 5; key 37fa213d; "Hello" under it.
    const rung = only([piece('sent', hex('81 85 37fa213d 7f9f4d5158'), 7)])
    expect(rung).toMatchObject({
      layer: 'websocket',
      from: 'client',
      to: 'server',
      atMs: 7,
      label: { en: 'Text, 5 bytes' },
      alarming: false,
    })
    expect(field(rung, 'FIN')).toMatchObject({ value: '1', start: 0, end: 1, bits: [0, 0] })
    expect(field(rung, 'RSV1')).toMatchObject({ value: '0', bits: [1, 1] })
    expect(field(rung, 'opcode')).toMatchObject({ value: 'Text (1)', bits: [4, 7] })
    expect(field(rung, 'MASK')).toMatchObject({ value: '1', start: 1, end: 2, bits: [0, 0] })
    expect(field(rung, 'Payload len')).toMatchObject({ value: '5 bytes', bits: [1, 7] })
    expect(fieldBytes(rung, 'Masking-key').toString('hex')).toBe('37fa213d')
    expect(fieldBytes(rung, 'Payload data').toString('hex')).toBe('7f9f4d5158')
    expect(derived(rung, 'payload')).toMatchObject({ text: 'Hello', byteCount: 5 })
  })

  test.each([
    [125, 2, 'Payload len'],
    [126, 4, 'Extended payload length'],
    [65_535, 4, 'Extended payload length'],
    [65_536, 10, 'Extended payload length'],
  ])('a payload of %i bytes has a header of %i', (length, header, name) => {
    const lengthBytes = Buffer.alloc(header - 2)
    if (header === 4) lengthBytes.writeUInt16BE(length)
    if (header === 10) lengthBytes.writeBigUInt64BE(BigInt(length))
    const second = header === 2 ? length : header === 4 ? 126 : 127
    const rung = only([piece('received', Buffer.concat([Buffer.of(0x82, second), lengthBytes, Buffer.alloc(length)]))])
    expect(field(rung, name).value).toBe(`${length} bytes`)
    expect(rung).toMatchObject({ alarming: false, byteCount: header + length })
    expect(shown(rung).length).toBe(Math.min(rungBytesLimit, header + length))
  })
})

describe('messages', () => {
  test('RFC 6455 §5.7: fragments are joined when the last one comes', () => {
    const rungs = read([fromServer(0x01, 'Hel'), fromServer(0x80, 'lo')])
    expect(rungs.map(({ label }) => label.en)).toEqual([
      'Text, 3 bytes, more follows',
      'Continuation, 2 bytes, the last part',
    ])
    expect(derived(rungs[0] as RungDraft, 'message')).toBeUndefined()
    expect(derived(rungs[1] as RungDraft, 'message')).toMatchObject({ text: 'Hello', byteCount: 5 })
  })

  test('a control frame between fragments belongs to none', () => {
    const rungs = read([fromServer(0x01, 'Hel'), fromServer(0x89, ''), fromServer(0x80, 'lo')])
    expect(rungs.some(({ alarming }) => alarming)).toBe(false)
    expect(derived(rungs[2] as RungDraft, 'message')?.text).toBe('Hello')
  })

  test('RFC 7692 §7.2.3.1: a compressed message is inflated', () => {
    const rung = only([fromServer(0xc1, hex('f248cdc9c90700'))], deflating())
    expect(rung).toMatchObject({ alarming: false, label: { en: 'Text, 7 bytes, compressed' } })
    expect(derived(rung, 'inflated')).toMatchObject({ text: 'Hello', byteCount: 5 })
    expect(derived(rung, 'payload')).toBeUndefined()
  })

  test('RFC 7692 §7.2.3.2: with context takeover the second message refers to the first', () => {
    const rungs = read([fromServer(0xc1, hex('f248cdc9c90700')), fromServer(0xc1, hex('f200110000'))], deflating())
    expect(derived(rungs[1] as RungDraft, 'inflated')?.text).toBe('Hello')
  })

  test('with no_context_takeover each stands for itself, in its own direction only', () => {
    const agreement = deflating('server_no_context_takeover')
    const rungs = read([fromServer(0xc1, hex('f248cdc9c90700')), fromServer(0xc1, hex('f200110000'))], agreement)
    expect(derived(rungs[1] as RungDraft, 'inflated')?.text).not.toBe('Hello')
  })

  test('RFC 7692 §7.2.3.1: a compressed message in two fragments', () => {
    const rungs = read([fromServer(0x41, hex('f248cd')), fromServer(0x80, hex('c9c90700'))], deflating())
    expect(derived(rungs[1] as RungDraft, 'inflated')?.text).toBe('Hello')
  })

  test('whatever zlib deflates in a row is inflated again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 6 }),
        async (texts) => {
          const deflate = createDeflateRaw()
          const frames: TapePiece[] = []
          for (const text of texts) {
            const compressed = await new Promise<Buffer>((resolve) => {
              deflate.write(text)
              deflate.flush(constants.Z_SYNC_FLUSH, () => resolve(deflate.read() as Buffer))
            })
            const payload = compressed.subarray(0, -4)
            const head =
              payload.length < 126
                ? Buffer.of(0xc1, payload.length)
                : Buffer.of(0xc1, 126, payload.length >> 8, payload.length)
            frames.push(piece('received', Buffer.concat([head, payload])))
          }
          deflate.close()
          const rungs = read(frames, deflating())
          expect(rungs.map((rung) => derived(rung, 'inflated')?.text)).toEqual(texts)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('what inflates without end is not inflated, and says so', () => {
    const bomb = deflateRawSync(Buffer.alloc(8 * 1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
    const head = Buffer.of(0xc2, 126, bomb.length >> 8, bomb.length & 0xff)
    const rung = only([piece('received', Buffer.concat([head, bomb]))], deflating())
    expect(derived(rung, 'inflated')).toBeUndefined()
    expect(rung.sentence.en).toContain('could not be inflated')
  })
})

describe('control frames', () => {
  test('a Close has its code and reason as fields', () => {
    const rung = only([fromServer(0x88, Buffer.concat([hex('03e8'), Buffer.from('done')]))])
    expect(rung).toMatchObject({ label: { en: 'Close 1000' }, clause: 'RFC 6455 §5.5.1', alarming: false })
    expect(field(rung, 'Status code')).toMatchObject({ value: '1000 (Normal Closure)', start: 2, end: 4 })
    expect(fieldBytes(rung, 'Reason').toString()).toBe('done')
    expect(rung.sentence.en).toContain('“done”')
  })

  test('a masked Close is read under its mask', () => {
    // Key 01020304, code 1001 (03e9).
    const rung = only([piece('sent', hex('88 82 01020304 02eb'))])
    expect(rung.label.en).toBe('Close 1001')
  })
})

describe('what breaks the rules is alarming, and the sentence says which', () => {
  test.each([
    ['§5.1: a client that does not mask', piece('sent', hex('81 00')), 'RFC 6455 §5.1'],
    ['§5.1: a server that masks', piece('received', hex('81 80 00000000')), 'RFC 6455 §5.1'],
    ['§5.2: a reserved bit', piece('received', hex('c1 00')), 'RFC 6455 §5.2'],
    ['§5.2: a reserved opcode', piece('received', hex('83 00')), 'RFC 6455 §5.2'],
    ['§5.2: a length in more bytes than it needs', piece('received', hex('82 7e 0000')), 'RFC 6455 §5.2'],
    ['§5.4: a continuation of nothing', fromServer(0x80, 'x'), 'RFC 6455 §5.4'],
    ['§5.5: a fragmented Ping', fromServer(0x09, ''), 'RFC 6455 §5.5'],
    ['§5.5.1: a Close of one byte', fromServer(0x88, 'x'), 'RFC 6455 §5.5.1'],
    ['§5.6: text that is no UTF-8', fromServer(0x81, hex('c328')), 'RFC 6455 §8.1'],
  ])('%s', (_, bytes, clause) => {
    const rung = only([bytes])
    expect(rung.alarming).toBe(true)
    expect(rung.clause).toBe(clause)
  })

  test('RFC 7692 §6.1: RSV1 on a control frame, although the extension is agreed', () => {
    expect(only([fromServer(0xc9, '')], deflating())).toMatchObject({ alarming: true, clause: 'RFC 7692 §6.1' })
  })

  test('§5.5.1: anything after a Close', () => {
    const rungs = read([fromServer(0x88, ''), fromServer(0x81, 'late')])
    expect(rungs.map(({ alarming }) => alarming)).toEqual([false, true])
  })

  test('§5.2: after a length with its highest bit set nothing more can be told apart', () => {
    const rungs = read([piece('received', hex('82 7f ffffffffffffffff 81 00'))])
    expect(rungs).toHaveLength(1)
    expect(rungs[0]).toMatchObject({ alarming: true, clause: 'RFC 6455 §5.2' })
  })

  test('a frame that the end of the connection cuts', () => {
    expect(read([piece('received', hex('81 05 4865'))])).toMatchObject([
      { label: { en: 'Unfinished frame' }, alarming: true, byteCount: 4 },
    ])
  })
})

test('however the bytes are cut, the same is told', () => {
  const frames = [
    piece('sent', hex('81 85 37fa213d 7f9f4d5158')),
    piece('sent', hex('01 83 37fa213d 7f9f4d')),
    piece('sent', hex('89 80 00000000')),
    piece('sent', hex('80 82 37fa213d 5b95')),
    piece('sent', hex('82 fe 0080 01020304')),
    piece('sent', Buffer.alloc(128, 7)),
    piece('sent', hex('88 80 00000000')),
  ]
  const bytes = Buffer.concat(frames.map((one) => one.bytes))
  const whole = read([piece('sent', bytes)])
  expect(whole).toHaveLength(6)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 30 }), (sizes) => {
      const cut: TapePiece[] = []
      for (let at = 0, index = 0; at < bytes.length; index++) {
        const size = sizes[index % sizes.length] as number
        cut.push(piece('sent', bytes.subarray(at, at + size)))
        at += size
      }
      expect(read(cut)).toEqual(whole)
    }),
    { numRuns: 100 },
  )
})
