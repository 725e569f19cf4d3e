import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/capture-error.ts'
import { CaptureReader } from '../../src/capture/capture-reader.ts'
import type { CapturedPacket, CaptureTaker } from '../../src/capture/captured-packet.ts'
import { openCapture } from '../../src/capture/open-capture.ts'
import { linkLayers, pcapFile, PcapngWriter } from '../support/packet-writer.ts'
import { TcpTalk } from '../support/tcp-talk.ts'

/** Reading has two outcomes, read or a CaptureError, whatever the bytes are. */

const talk = new TcpTalk().open().say('sent', 'hello').say('received', 'world').finish('sent').finish('received')
const linkTypes = [...new Set(Object.values(linkLayers).map(({ type }) => type))]
const writer = new PcapngWriter(true)

function pcapng(): Uint8Array {
  return Buffer.concat([
    writer.section(),
    writer.interface(101),
    writer.secrets(0x544c534b, Buffer.from('CLIENT_RANDOM aa bb\n')),
    ...talk.packets.map(({ timeNs, bytes }) => writer.enhancedPacket(0, timeNs / 1000n, bytes)),
  ])
}

/** Opens a file, and looks at all that is told of it. */
function outcome(bytes: Uint8Array): string {
  try {
    const { connections } = openCapture(bytes)
    // Nothing is told that was not in the file.
    const told = connections.flatMap(({ tape }) => tape).reduce((sum, piece) => sum + piece.bytes.length, 0)
    expect(told).toBeLessThanOrEqual(bytes.length)
    return 'read'
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    return error.code
  }
}

test('damage at any places of a capture', () => {
  const files = [pcapFile(talk.packets), pcapFile(talk.packets, { littleEndian: false }), pcapng()]
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(),
      (file, changes, cut) => {
        const bytes = Uint8Array.from(file)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        outcomes.add(outcome(cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes))
      },
    ),
    { numRuns: 2000 },
  )
  // Both were met: the property was not true for want of cases.
  expect(outcomes).toContain('read')
  expect(outcomes).toContain('CAPTURE_DAMAGED')
})

test('any bytes behind a good beginning', () => {
  const beginnings = [pcapFile([]), Buffer.concat([writer.section(), writer.interface(1)]), new Uint8Array(0)]
  fc.assert(
    fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 300 }), (beginning, bytes) => {
      outcome(Buffer.concat([beginning, bytes]))
    }),
    { numRuns: 1000 },
  )
})

test('any bytes as packets of every link layer', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...linkTypes),
      fc.array(fc.uint8Array({ maxLength: 120 }), { minLength: 1, maxLength: 5 }),
      (linkType, packets) => {
        outcome(
          pcapFile(
            packets.map((bytes) => ({ timeNs: 0n, bytes })),
            { linkType },
          ),
        )
      },
    ),
    { numRuns: 1000 },
  )
})

/** All that a file tells when it comes in these chunks. */
function collect(chunks: readonly Uint8Array[]): readonly (CapturedPacket | string)[] {
  const told: (CapturedPacket | string)[] = []
  const taker: CaptureTaker = {
    packet: (packet) => void told.push({ ...packet, bytes: Uint8Array.from(packet.bytes) }),
    keyLog: (text) => void told.push(text),
    unknownSecrets: () => void told.push('unknown'),
  }
  const reader = new CaptureReader(taker)
  for (const chunk of chunks) reader.receive(chunk)
  expect(reader.end()).toBe(true)
  return told
}

test('a file tells the same in whatever pieces it comes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(pcapFile(talk.packets), pcapng()),
      fc.array(fc.nat(2000), { maxLength: 12 }),
      (file, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % file.length).sort((first, second) => first - second), file.length]
        const chunks = places.slice(1).map((end, index) => file.subarray(places[index], end))
        expect(collect(chunks)).toEqual(collect([file]))
      },
    ),
    { numRuns: 200 },
  )
})

test('a length beyond every bound is refused before its bytes are awaited', () => {
  const reader = new CaptureReader({ packet() {}, keyLog() {}, unknownSecrets() {} })
  const file = Buffer.concat([pcapFile([]), Buffer.alloc(16)])
  file.writeUInt32LE(262_145, 24 + 8)
  expect(() => reader.receive(file)).toThrow(CaptureError)
  // n passes: the largest packet is merely awaited.
  file.writeUInt32LE(262_144, 24 + 8)
  const patient = new CaptureReader({ packet() {}, keyLog() {}, unknownSecrets() {} })
  patient.receive(file)
  expect(patient.end()).toBe(false)
})
