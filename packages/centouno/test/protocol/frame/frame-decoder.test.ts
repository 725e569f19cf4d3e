import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameDecoder } from '../../../src/protocol/frame/frame-decoder.ts'
import { frame, hex, join, toHex } from '../wire.ts'

const fromServer = { masked: false, reservedBits: 0 }

/** Feeds the chunks and writes down every step. */
function steps(...chunks: readonly Uint8Array[]): string[] {
  const decoder = new FrameDecoder(fromServer)
  const log: string[] = []
  for (const chunk of chunks) {
    decoder.feed(chunk)
    // Each step but the last takes a byte or is one of the two that a frame has: this many is more than enough.
    for (let count = 0; count <= 2 * chunk.length + 2; count++) {
      const step = decoder.next()
      if (step === 'payload') {
        const piece = decoder.chunk.subarray(decoder.pieceStart, decoder.pieceEnd)
        log.push(`${decoder.pieceOffset}: ${toHex(piece)}${decoder.frameEnds ? ' end' : ''}`)
      } else if (step === 'header') {
        log.push(`header ${decoder.header.opcode} ${decoder.header.payloadLength}`)
      } else {
        log.push(step)
        break
      }
    }
  }
  return log
}

describe('steps', () => {
  test('a frame in one chunk: header, one piece, and no more', () => {
    expect(steps(hex('82 03 010203'))).toEqual(['header 2 3', '0: 01 02 03 end', 'more'])
  })

  test('an empty frame has one empty piece', () => {
    expect(steps(hex('89 00'))).toEqual(['header 9 0', '0:  end', 'more'])
  })

  test('an empty frame at the end of a chunk does not wait for the next one', () => {
    expect(steps(hex('82 00 8900'))).toEqual(['header 2 0', '0:  end', 'header 9 0', '0:  end', 'more'])
  })

  test('a payload over three chunks comes in pieces that know their place', () => {
    expect(steps(hex('82 05 0102'), hex('03'), hex('0405'))).toEqual([
      'header 2 5',
      '0: 01 02',
      'more',
      '2: 03',
      'more',
      '3: 04 05 end',
      'more',
    ])
  })

  test('a header over several chunks, empty ones between', () => {
    expect(steps(hex('82'), hex(''), hex('7e'), hex('00'), hex('7e aa'))).toEqual([
      'more',
      'more',
      'more',
      'more',
      'header 2 126',
      '0: aa',
      'more',
    ])
  })

  test('a held header is not mixed up with the one after it', () => {
    expect(steps(hex('82'), hex('01 aa 82 01 bb 82'), hex('01 cc'))).toEqual([
      'more',
      'header 2 1',
      '0: aa end',
      'header 2 1',
      '0: bb end',
      'more',
      'header 2 1',
      '0: cc end',
      'more',
    ])
  })

  test('a violation is a step, also when the header was held', () => {
    expect(steps(hex('83 00'))).toEqual(['FRAME_RESERVED_OPCODE'])
    expect(steps(hex('81'), hex('80'))).toEqual(['more', 'FRAME_MASKED'])
  })
})

test('it lets go of a chunk with its last step, so that a waiting connection pins no read buffer', () => {
  const decoder = new FrameDecoder(fromServer)
  for (const bytes of ['82 05 01', '02', '03 04 05', '82', '7e']) {
    decoder.feed(hex(bytes))
    while (decoder.next() !== 'more') expect(decoder.chunk.length).toBeGreaterThan(0)
    expect(decoder.chunk.length).toBe(0)
  }
})

test('any frames, cut anywhere: the same headers and the same bytes', () => {
  const frames = fc.array(
    fc.record({
      opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
      payload: fc.uint8Array({ maxLength: 125 }),
      long: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(frames, fc.array(fc.nat({ max: 600 }), { maxLength: 12 }), (shapes, cuts) => {
      const payloads = shapes.map(({ opcode, payload, long }) =>
        long && opcode < 8 ? join(payload, new Uint8Array(130)) : payload,
      )
      const bytes = join(...shapes.map(({ opcode }, index) => frame(opcode, payloads[index] ?? '')))
      const decoder = new FrameDecoder(fromServer)
      const seen: number[][] = []
      const places = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      let at = 0
      for (const place of places) {
        decoder.feed(bytes.slice(at, place))
        at = place
        for (let step = decoder.next(); step !== 'more'; step = decoder.next()) {
          if (step === 'header') seen.push([])
          else if (step === 'payload') {
            if (decoder.pieceOffset !== seen.at(-1)?.length) throw new Error('a piece out of its place')
            seen.at(-1)?.push(...decoder.chunk.subarray(decoder.pieceStart, decoder.pieceEnd))
          } else throw new Error(step)
        }
      }
      expect(seen).toEqual(payloads.map((payload) => Array.from(payload)))
    }),
  )
})
