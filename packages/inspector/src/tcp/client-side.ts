import { sameEndpoint } from './segment-reader.ts'
import type { Endpoint, TcpPacket } from './tcp-packet.ts'

/** By what it was seen who the client is; `port` and `first-packet` are guesses. */
export type ClientEvidence = 'syn' | 'syn-ack' | 'first-bytes' | 'port' | 'first-packet'

export interface ClientSide {
  readonly client: Endpoint
  readonly server: Endpoint
  readonly evidence: ClientEvidence
}

/** Says which side of a connection is the client: who sent the SYN, or, when the capture began later, who seems to. */
export function findClient(packets: readonly TcpPacket[]): ClientSide | undefined {
  const [first] = packets
  if (first === undefined) return undefined
  const syn = packets.find(({ header }) => header.flags.includes('SYN') && !header.flags.includes('ACK'))
  if (syn !== undefined) return side(syn, 'syn')
  const answer = packets.find(({ header }) => header.flags.includes('SYN'))
  if (answer !== undefined) return otherSide(answer, 'syn-ack')
  return byFirstBytes(packets) ?? byPort(first)
}

/** Each side's first bytes, where they say who speaks. */
function byFirstBytes(packets: readonly TcpPacket[]): ClientSide | undefined {
  const one = packets.find(({ payload }) => payload.length > 0)
  if (one === undefined) return undefined
  const other = packets.find(({ payload, source }) => payload.length > 0 && !sameEndpoint(source, one.source))
  for (const packet of other === undefined ? [one] : [one, other]) {
    if (speaksAsClient(packet.payload)) return side(packet, 'first-bytes')
    if (speaksAsServer(packet.payload)) return otherSide(packet, 'first-bytes')
  }
  return undefined
}

/** Ports that are given out for the time of a connection are the high ones. */
function byPort(packet: TcpPacket): ClientSide {
  const { source, destination } = packet
  if (source.port === destination.port) return side(packet, 'first-packet')
  return source.port > destination.port ? side(packet, 'port') : otherSide(packet, 'port')
}

function side({ source, destination }: TcpPacket, evidence: ClientEvidence): ClientSide {
  return { client: source, server: destination, evidence }
}

function otherSide({ source, destination }: TcpPacket, evidence: ClientEvidence): ClientSide {
  return { client: destination, server: source, evidence }
}

const methods = ['GET ', 'HEAD ', 'POST ', 'PUT ', 'DELETE ', 'CONNECT ', 'OPTIONS ', 'PATCH ', 'PRI * HTTP/2']
const tlsHandshake = 0x16
const tlsMajorVersion = 3
const clientHello = 1
const serverHello = 2

function speaksAsClient(bytes: Uint8Array): boolean {
  return methods.some((method) => beginsWith(bytes, method)) || isTlsHello(bytes, clientHello)
}

function speaksAsServer(bytes: Uint8Array): boolean {
  return beginsWith(bytes, 'HTTP/1.') || isTlsHello(bytes, serverHello)
}

/** RFC 8446 §5.1 and §4: a record's header is five bytes, then the message's type. */
function isTlsHello(bytes: Uint8Array, type: number): boolean {
  return bytes[0] === tlsHandshake && bytes[1] === tlsMajorVersion && bytes[5] === type
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, index) => bytes[index] === character.codePointAt(0))
}
