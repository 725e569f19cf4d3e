import { readTcpHeader } from '../tcp/tcp-header.ts'
import type { TcpPacket } from '../tcp/tcp-packet.ts'
import type { CaptureNotes } from './capture-notes.ts'
import type { CapturedPacket } from './captured-packet.ts'
import { FragmentStore } from './fragment-store.ts'
import { protocolTcp, readIpv4, readIpv6 } from './ip-packet.ts'
import { readLinkLayer } from './link-layer.ts'

/** Finds the TCP in captured packets, and notes what it leaves out and why. */
export class PacketDecoder {
  readonly #notes: CaptureNotes
  readonly #fragments = new FragmentStore()
  #lastTimeNs = 0n
  /** Packets that were given to it. */
  packets = 0
  /** LINKTYPE values that it could not read. */
  readonly unknownLinkTypes: Set<number> = new Set()
  /** Packets whose link layer it could read. */
  known = 0

  constructor(notes: CaptureNotes) {
    this.#notes = notes
  }

  /** The TCP of a packet; undefined when it carries none, or only a part of it. Never throws. */
  decode(packet: CapturedPacket): TcpPacket | undefined {
    this.packets++
    if (packet.timeNs === undefined) this.#notes.add('without-time')
    const timeNs = packet.timeNs ?? this.#lastTimeNs
    this.#lastTimeNs = timeNs
    const link = readLinkLayer(packet.linkType, packet.bytes)
    if (link === 'unknown') {
      this.unknownLinkTypes.add(packet.linkType)
      this.#notes.add('unknown-link-layer')
      return undefined
    }
    this.known++
    if (packet.bytes.length < packet.wireLength) this.#notes.add('cut-packets')
    if (link === 'not-ip') {
      this.#notes.add('not-tcp')
      return undefined
    }
    return this.#decodeIp(packet.bytes.subarray(link.start), link.version, timeNs)
  }

  /** No more will come. */
  end(): void {
    this.#fragments.end()
    if (this.#fragments.lost > 0) this.#notes.add('fragments-missing', {}, this.#fragments.lost)
  }

  #decodeIp(bytes: Uint8Array, version: 4 | 6, timeNs: bigint): TcpPacket | undefined {
    const read = version === 4 ? readIpv4(bytes) : readIpv6(bytes)
    if (read === undefined) {
      this.#notes.add('malformed')
      return undefined
    }
    let whole = read
    if (read.fragment !== undefined) {
      const joined = this.#fragments.add(read, read.fragment)
      if (joined === undefined) return undefined
      this.#notes.add('fragments-joined')
      whole = joined
    }
    if (whole.protocol !== protocolTcp) {
      this.#notes.add('not-tcp')
      return undefined
    }
    const header = readTcpHeader(whole.payload)
    if (header === undefined) {
      this.#notes.add('malformed')
      return undefined
    }
    return {
      timeNs,
      source: { address: whole.source, port: header.sourcePort },
      destination: { address: whole.destination, port: header.destinationPort },
      header,
      bytes: whole.payload,
      payload: whole.payload.subarray(header.length),
      payloadLength: whole.payloadLength - header.length,
    }
  }
}
