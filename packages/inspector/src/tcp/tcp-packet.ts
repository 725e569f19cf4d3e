import type { TcpHeader } from './tcp-header.ts'

/** One end of a TCP connection. */
export interface Endpoint {
  /** IPv4 with dots, IPv6 as RFC 5952 writes it, without brackets. */
  readonly address: string
  readonly port: number
}

/** A packet that carries TCP, with what is needed to place it. */
export interface TcpPacket {
  readonly timeNs: bigint
  readonly source: Endpoint
  readonly destination: Endpoint
  readonly header: TcpHeader
  /** The header with its options, then the payload as far as it was captured. */
  readonly bytes: Uint8Array
  readonly payload: Uint8Array
  /** How long the payload was on the wire. */
  readonly payloadLength: number
}
