import { readConnection } from './captured-connection.ts'
import type { CapturedConnection } from './captured-connection.ts'
import { ConnectionPackets } from './connection-packets.ts'
import type { Endpoint, TcpPacket } from './tcp-packet.ts'

/** Tells the connections of a capture apart: by their endpoints, and by the SYN where the same endpoints met again. */
export class ConnectionTracker {
  readonly #latest = new Map<string, ConnectionPackets>()
  readonly #all: ConnectionPackets[] = []

  add(packet: TcpPacket): void {
    const key = [endpointKey(packet.source), endpointKey(packet.destination)].sort().join(' ')
    const latest = this.#latest.get(key)
    if (latest?.holds(packet) === true) {
      latest.add(packet)
      return
    }
    const next = new ConnectionPackets()
    next.add(packet)
    this.#latest.set(key, next)
    this.#all.push(next)
  }

  /** The connections, in the order in which their first packets were captured. */
  connections(): CapturedConnection[] {
    return this.#all.map((gathered) => readConnection(gathered)).filter((connection) => connection !== undefined)
  }
}

function endpointKey({ address, port }: Endpoint): string {
  return `${address} ${port}`
}
