import { describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/capture-error.ts'
import { openCapture } from '../../src/capture/open-capture.ts'
import { ack, ipv4Bytes, ipv6Bytes, linkLayers, pcapFile, PcapngWriter, tcpBytes } from '../support/packet-writer.ts'
import type { TcpParts } from '../support/packet-writer.ts'
import { said, TcpTalk } from '../support/tcp-talk.ts'

const parts: TcpParts = {
  from: '192.0.2.1',
  to: '192.0.2.2',
  fromPort: 40_000,
  toPort: 80,
  sequence: 7,
  payload: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
}
const segment = tcpBytes(parts)
const packet = ipv4Bytes(parts.from, parts.to, segment)
const timeNs = 1_700_000_000_123_456_789n

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof CaptureError) return error.code
    throw error
  }
  return 'read'
}

describe('pcap', () => {
  for (const littleEndian of [true, false]) {
    for (const nanoseconds of [true, false]) {
      test(`${littleEndian ? 'little' : 'big'}-endian, ${nanoseconds ? 'nano' : 'micro'}seconds`, () => {
        const file = pcapFile(
          [
            { timeNs, bytes: packet },
            { timeNs: timeNs + 1_500_000n, bytes: packet },
          ],
          { littleEndian, nanoseconds },
        )
        const [connection] = openCapture(file).connections
        expect(connection?.startedAt).toBe('2023-11-14T22:13:20.123Z')
        expect(connection?.segments.map(({ atMs }) => atMs)).toEqual([0, 1.5])
        expect(connection?.client).toEqual({ address: '192.0.2.1', port: 40_000 })
        expect(connection && said(connection, 'sent')).toBe('GET / HTTP/1.1\r\n\r\n')
      })
    }
  }

  test('a file that ends within a packet tells what came before, and says so', () => {
    const file = pcapFile([
      { timeNs, bytes: packet },
      { timeNs, bytes: packet },
    ])
    const { connections, notes } = openCapture(file.subarray(0, -1))
    expect(connections[0]?.segments).toHaveLength(1)
    expect(notes.map(({ code }) => code)).toEqual(['cut-file'])
  })

  test('damage behind a packet is noted with its place; damage before all is an error', () => {
    const good = pcapFile([{ timeNs, bytes: packet }])
    const damage = new Uint8Array(64).fill(0xff)
    const { connections, notes } = openCapture(Buffer.concat([good, damage]))
    expect(connections).toHaveLength(1)
    expect(notes.map(({ code, text }) => [code, text.en])).toEqual([
      ['damaged', `The capture is damaged at byte ${good.length}. What stands before it is told; the rest is lost.`],
    ])
    expect(codeOf(() => openCapture(Buffer.concat([pcapFile([]), damage])))).toBe('CAPTURE_DAMAGED')
  })

  test('packets cut by the snapshot length leave a gap of what is missing', () => {
    const { connections, notes } = openCapture(
      pcapFile([{ timeNs, bytes: packet.subarray(0, -10), wireLength: packet.length }]),
    )
    expect(notes.map(({ code, count }) => [code, count])).toEqual([
      ['cut-packets', 1],
      ['bytes-missing', 1],
    ])
    expect(connections[0]?.gaps).toMatchObject([{ direction: 'sent', afterBytes: 8, bytes: 10 }])
    expect(connections[0]?.segments[0]?.payloadBytes).toBe(18)
  })
})

describe('pcapng', () => {
  for (const littleEndian of [true, false]) {
    const writer = new PcapngWriter(littleEndian)
    const order = littleEndian ? 'little-endian' : 'big-endian'

    test(`${order}: enhanced and simple packets, resolutions, offsets, and blocks nobody knows`, () => {
      const offset = Buffer.alloc(8)
      if (littleEndian) offset.writeBigInt64LE(1_700_000_000n)
      else offset.writeBigInt64BE(1_700_000_000n)
      const file = Buffer.concat([
        writer.section(),
        // Microseconds, as without an option.
        writer.interface(101),
        // if_tsresol 9: nanoseconds.
        writer.interface(101, [[9, Buffer.from([9])]]),
        // if_tsresol with the high bit: units of 2^-10 s; if_tsoffset: whole seconds to add.
        writer.interface(101, [
          [9, Buffer.from([0x8a])],
          [14, offset],
        ]),
        writer.block(0x7777, Buffer.from('unknown')),
        writer.enhancedPacket(0, 1_700_000_000_000_000n, packet),
        writer.enhancedPacket(1, 1_700_000_000_002_000_000n, packet),
        writer.enhancedPacket(2, 512n, packet),
        writer.simplePacket(packet),
      ])
      const { connections, notes } = openCapture(file)
      expect(connections[0]?.segments.map(({ atMs }) => atMs)).toEqual([0, 2, 500, 500])
      expect(notes.map(({ code, count }) => [code, count])).toEqual([['without-time', 1]])
    })

    test(`${order}: the keys within come with those beside it`, () => {
      const file = Buffer.concat([
        writer.section(),
        writer.interface(101),
        writer.secrets(0x544c534b, Buffer.from('CLIENT_RANDOM aa bb')),
        writer.secrets(0x57474b4c, Buffer.from('WireGuard')),
        writer.enhancedPacket(0, 0n, packet),
      ])
      const { keyLog, notes } = openCapture(file, 'CLIENT_RANDOM cc dd\n')
      expect(keyLog).toBe('CLIENT_RANDOM cc dd\nCLIENT_RANDOM aa bb\n')
      expect(notes.map(({ code }) => code)).toEqual(['secrets-unknown'])
    })
  }

  test('sections of both byte orders, each with its own interfaces', () => {
    const little = new PcapngWriter(true)
    const big = new PcapngWriter(false)
    const ethernet = Buffer.concat([linkLayers['Ethernet']?.before(4) ?? new Uint8Array(0), packet])
    const { connections } = openCapture(
      Buffer.concat([
        little.section(),
        little.interface(1),
        little.enhancedPacket(0, 0n, ethernet),
        big.section(),
        big.interface(101),
        big.enhancedPacket(0, 0n, packet),
      ]),
    )
    expect(connections[0]?.segments).toHaveLength(2)
  })

  test('a packet of an interface that the section has not described is damage', () => {
    const writer = new PcapngWriter(true)
    const file = Buffer.concat([
      writer.section(),
      writer.interface(101),
      writer.section(),
      writer.enhancedPacket(0, 0n, packet),
    ])
    expect(codeOf(() => openCapture(file))).toBe('CAPTURE_DAMAGED')
  })
})

describe('link layers', () => {
  for (const [name, { type, before }] of Object.entries(linkLayers)) {
    test(`${name}: IPv4 and IPv6`, () => {
      const six = ipv6Bytes('2001:db8:0:0:0:0:0:1', '2001:db8:0:0:0:0:0:2', segment)
      const file = pcapFile(
        [
          { timeNs, bytes: Buffer.concat([before(4), packet]) },
          { timeNs, bytes: Buffer.concat([before(6), six]) },
        ],
        { linkType: type },
      )
      const { connections, notes } = openCapture(file)
      expect(connections.map(({ client }) => client.address)).toEqual(['192.0.2.1', '2001:db8::1'])
      expect(connections.map((each) => said(each, 'sent'))).toEqual(Array(2).fill('GET / HTTP/1.1\r\n\r\n'))
      expect(notes).toEqual([])
    })
  }

  test('one that is not known is an error that names its number', () => {
    expect(() => openCapture(pcapFile([{ timeNs, bytes: packet }], { linkType: 147 }))).toThrow(/type 147/)
    expect(codeOf(() => openCapture(pcapFile([{ timeNs, bytes: packet }], { linkType: 147 })))).toBe(
      'CAPTURE_LINK_LAYER',
    )
  })

  test('the padding of a short Ethernet frame is not payload', () => {
    const short = ipv4Bytes(parts.from, parts.to, tcpBytes({ ...parts, payload: Buffer.from('hi') }))
    const { type, before } = linkLayers['Ethernet'] ?? { type: 0, before: () => new Uint8Array(0) }
    const file = pcapFile([{ timeNs, bytes: Buffer.concat([before(4), short, Buffer.alloc(4)]) }], { linkType: type })
    expect(said(openCapture(file).connections[0] ?? { tape: [] }, 'sent')).toBe('hi')
  })
})

/** The fragment header of IPv6 (RFC 8200 §4.5), with the identification 5. */
function fragment(next: number, offset: number, more: number): Uint8Array {
  return Buffer.from([next, 0, offset >> 8, (offset & 0xff) | more, 0, 0, 0, 5])
}

describe('IP', () => {
  test('IPv4 options, and a length of 0 from a card that cuts large sends itself', () => {
    const options = ipv4Bytes(parts.from, parts.to, segment, { options: new Uint8Array(8).fill(1) })
    const offloaded = ipv4Bytes(parts.from, parts.to, segment, { totalLength: 0 })
    for (const bytes of [options, offloaded]) {
      const [connection] = openCapture(pcapFile([{ timeNs, bytes }])).connections
      expect(connection && said(connection, 'sent')).toBe('GET / HTTP/1.1\r\n\r\n')
    }
  })

  test('IPv4 fragments are joined in any order; one alone is told as missing', () => {
    const first = ipv4Bytes(parts.from, parts.to, segment.subarray(0, 24), { id: 9, moreFragments: true })
    const second = ipv4Bytes(parts.from, parts.to, segment.subarray(24), { id: 9, fragmentOffset: 3 })
    for (const fragments of [
      [first, second],
      [second, first],
    ]) {
      const { connections, notes } = openCapture(pcapFile(fragments.map((bytes) => ({ timeNs, bytes }))))
      expect(connections[0] && said(connections[0], 'sent')).toBe('GET / HTTP/1.1\r\n\r\n')
      expect(notes.map(({ code, count }) => [code, count])).toEqual([['fragments-joined', 1]])
    }
    const { notes } = openCapture(
      pcapFile([
        { timeNs, bytes: packet },
        { timeNs, bytes: second },
      ]),
    )
    expect(notes.map(({ code, count }) => [code, count])).toEqual([['fragments-missing', 1]])
  })

  test('IPv6 extension headers are passed over, fragments joined', () => {
    const from = '2001:db8:0:0:0:0:0:1'
    const to = '2001:db8:0:1:0:0:0:2'
    // Hop-by-hop options (0), destination options (60), then TCP (6).
    const extensions = Buffer.concat([Buffer.from([60, 0, 1, 4, 0, 0, 0, 0]), Buffer.from([6, 1]), Buffer.alloc(14)])
    const { connections, notes } = openCapture(
      pcapFile([
        { timeNs, bytes: ipv6Bytes(from, to, segment, 0, extensions) },
        { timeNs, bytes: ipv6Bytes(from, to, segment.subarray(24), 44, fragment(6, 24, 0)) },
        { timeNs, bytes: ipv6Bytes(from, to, segment.subarray(0, 24), 44, fragment(6, 0, 1)) },
        // RFC 6946: the only fragment of its packet.
        { timeNs, bytes: ipv6Bytes(from, to, segment, 44, fragment(6, 0, 0)) },
      ]),
    )
    expect(connections[0]?.server.address).toBe('2001:db8:0:1::2')
    expect(connections[0]?.segments.map(({ payloadBytes }) => payloadBytes)).toEqual([18, 18, 18])
    expect(notes.map(({ code }) => code)).toEqual(['fragments-joined'])
  })

  test('what contradicts itself, and what is no TCP, is counted and left out', () => {
    const { connections, notes } = openCapture(
      pcapFile([
        { timeNs, bytes: packet },
        // A header of less than its least length.
        { timeNs, bytes: Uint8Array.of(0x41, ...packet.subarray(1)) },
        // UDP.
        { timeNs, bytes: ipv4Bytes(parts.from, parts.to, segment, { protocol: 17 }) },
        // TCP whose header is longer than the packet.
        { timeNs, bytes: ipv4Bytes(parts.from, parts.to, tcpBytes(parts).subarray(0, 19)) },
      ]),
    )
    expect(connections[0]?.segments).toHaveLength(1)
    expect(notes.map(({ code, count }) => [code, count])).toEqual([
      ['malformed', 2],
      ['not-tcp', 1],
    ])
  })
})

describe('what is no capture is told with a code and what to do', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'CAPTURE_UNKNOWN_FORMAT'],
    ['text', Buffer.from('GET / HTTP/1.1'), 'CAPTURE_UNKNOWN_FORMAT'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'CAPTURE_COMPRESSED'],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), 'CAPTURE_COMPRESSED'],
    ['no packets', pcapFile([]), 'CAPTURE_WITHOUT_TCP'],
    [
      'only UDP',
      pcapFile([{ timeNs, bytes: ipv4Bytes('1.2.3.4', '1.2.3.5', segment, { protocol: 17 }) }]),
      'CAPTURE_WITHOUT_TCP',
    ],
  ])('%s', (_name, bytes, code) => {
    expect(codeOf(() => openCapture(bytes))).toBe(code)
  })

  test('the sentence names what was found, in both languages', () => {
    const error = new CaptureError('CAPTURE_UNKNOWN_FORMAT', { found: '47 45 54 20' })
    expect(error.sentence.en).toContain('47 45 54 20')
    expect(error.sentence.zh).toContain('47 45 54 20')
    expect(error.hint.en).toContain('tcpdump -w')
    expect(new CaptureError('CAPTURE_UNKNOWN_FORMAT', { found: '' }).sentence.en).toBe(
      'This is no capture: it is neither pcap nor pcapng.',
    )
  })
})

test('a whole connection: who, when, what was said, and how it ended', () => {
  const talk = new TcpTalk().open().say('sent', 'hello').raw('received').say('received', 'world').finish('received')
  talk.finish('sent').raw('received', { flags: ack })
  const [connection] = openCapture(pcapFile(talk.packets)).connections
  expect(connection).toMatchObject({
    client: { address: '192.0.2.1', port: 40_000 },
    server: { address: '192.0.2.2', port: 80 },
    evidence: 'syn',
    end: 'both-finished',
    gaps: [],
    differing: 0,
  })
  expect(
    connection?.tape.map(({ direction, atMs, bytes }) => [direction, atMs, Buffer.from(bytes).toString()]),
  ).toEqual([
    ['sent', 3, 'hello'],
    ['received', 5, 'world'],
  ])
  expect(connection?.segments.map(({ flags }) => flags.join(' '))).toEqual([
    'SYN',
    'SYN ACK',
    'ACK',
    'ACK',
    'ACK',
    'ACK',
    'ACK FIN',
    'ACK FIN',
    'ACK',
  ])
})
