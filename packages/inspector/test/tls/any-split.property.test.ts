import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../src/demo/certificate.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { converse } from '../support/tls-conversation.ts'
import type { Conversation } from '../support/tls-conversation.ts'
import { readTls } from '../support/tls-tape.ts'

const conversations: Conversation[] = []

beforeAll(async () => {
  const certificate = await makeCertificate()
  for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
    conversations.push(await converse({ server: { ...certificate, maxVersion } }))
  }
})

/** The same tape, each piece cut into pieces of these lengths, in turn. */
function cut(pieces: readonly TapePiece[], lengths: readonly number[]): TapePiece[] {
  let turn = 0
  return pieces.flatMap((piece) => {
    const parts: TapePiece[] = []
    for (let at = 0; at < piece.bytes.length; turn += 1) {
      const end = at + (lengths[turn % lengths.length] ?? 1)
      parts.push({ ...piece, bytes: piece.bytes.subarray(at, end) })
      at = end
    }
    return parts
  })
}

function changed(piece: TapePiece, place: number, change: number): TapePiece {
  const bytes = Uint8Array.from(piece.bytes)
  const where = place % bytes.length
  bytes[where] = (bytes[where] ?? 0) ^ change
  return { ...piece, bytes }
}

describe('the reader of TLS', () => {
  test('tells the same, however the tape is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }), (lengths) => {
        for (const { pieces, keys } of conversations) {
          const whole = readTls(pieces, { keys })
          const cutUp = readTls(cut(pieces, lengths), { keys })
          expect(cutUp.rungs).toEqual(whole.rungs)
          expect(cutUp.plain).toEqual(whole.plain)
        }
      }),
      { numRuns: 20 },
    )
  })

  test('tells the same byte by byte', () => {
    for (const { pieces, keys } of conversations) {
      expect(readTls(cut(pieces, [1]), { keys }).rungs).toEqual(readTls(pieces, { keys }).rungs)
    }
  })

  const direction = fc.constantFrom('sent', 'received')
  const garbage = fc.record({ direction, atMs: fc.constant(0), bytes: fc.uint8Array({ maxLength: 300 }) })

  test('tells any bytes, or that they are no TLS, and never throws', () => {
    fc.assert(
      fc.property(fc.array(garbage, { maxLength: 8 }), (pieces) => {
        const total = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
        expect(readTls(pieces).rungs.length > 0).toBe(total > 0)
      }),
    )
  })

  test('tells any handshake message', () => {
    const version = fc.constantFrom('sent', 'received')
    fc.assert(
      fc.property(version, fc.nat({ max: 30 }), fc.uint8Array({ maxLength: 200 }), (from, type, body) => {
        const message = Buffer.concat([Buffer.from([type, 0, 0, body.length]), body])
        const record = Buffer.concat([Buffer.from([22, 3, 3, 0, message.length]), message])
        const { rungs } = readTls([{ direction: from, atMs: 0, bytes: record }])
        expect(rungs).toHaveLength(1)
        expectNested(rungs[0]?.fields ?? [], 0, record.length)
      }),
      { numRuns: 300 },
    )
  })

  test('stays on its feet when bytes of a real connection are changed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (place, change) => {
        for (const { pieces, keys } of conversations) {
          const at = place % pieces.length
          const damaged = pieces.map((piece, index) => (index === at ? changed(piece, place, change) : piece))
          expect(readTls(damaged, { keys }).rungs.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 80 },
    )
  })

  test('points with every field into the bytes, children within their parents', () => {
    for (const { pieces, keys } of conversations) {
      for (const { fields, byteCount } of readTls(pieces, { keys }).rungs) expectNested(fields, 0, byteCount)
    }
  })
})

function expectNested(fields: Readings, start: number, end: number): void {
  for (const field of fields) {
    expect(field.start).toBeGreaterThanOrEqual(start)
    expect(field.end).toBeLessThanOrEqual(end)
    expect(field.start).toBeLessThanOrEqual(field.end)
    expectNested(field.fields ?? [], field.start, field.end)
  }
}

type Readings = ReturnType<typeof readTls>['rungs'][number]['fields']
