import type { ConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { Connection } from '../../../src/protocol/connection/connection.ts'
import { RecordingSink } from '../recording-sink.ts'

/** One end of a link: a connection, what it told, and what is on its way to the other end. */
export class LinkEnd {
  readonly sink = new RecordingSink()
  readonly connection: Connection
  /** Bytes on their way out. */
  readonly queue: number[] = []
  finQueued = false
  /** This end's FIN has arrived over there. */
  finDelivered = false
  closed = false

  constructor(role: 'client' | 'server', limits: ConnectionLimits) {
    const { sink } = this
    let keys = 0
    const maskingKey = (): Uint8Array => Uint8Array.from([7, 7, keys >> 8, keys++])
    this.connection = new Connection({ role, sink, limits, maskingKey })
    sink.onWrite = (bytes) => {
      if (this.finQueued) throw new Error('written after FIN')
      this.queue.push(...bytes)
    }
  }
}

/** Two connections and the wire between them, moved by hand; no sockets, no time of its own. */
export class MemoryLink {
  readonly client: LinkEnd
  readonly server: LinkEnd
  /** Which side sent its FIN first, and which second. */
  readonly finOrder: ('client' | 'server')[] = []
  now = 0

  constructor(limits: ConnectionLimits) {
    this.client = new LinkEnd('client', limits)
    this.server = new LinkEnd('server', limits)
    for (const side of ['client', 'server'] as const) {
      const end = this[side]
      end.sink.onEvent = ([kind]) => {
        if (kind === 'finish') {
          end.finQueued = true
          this.finOrder.push(side)
        }
        if (kind === 'abort') this.#reset(end)
      }
    }
  }

  other(end: LinkEnd): LinkEnd {
    return end === this.client ? this.server : this.client
  }

  /** Moves up to `count` bytes from one end to the other, then its FIN when that is all. True when something moved. */
  deliver(from: LinkEnd, count: number): boolean {
    const to = this.other(from)
    if (from.closed || to.closed || from.finDelivered) return false
    if (from.queue.length > 0) {
      to.connection.receive(Uint8Array.from(from.queue.splice(0, count)), this.now)
      return true
    }
    if (!from.finQueued) return false
    from.finDelivered = true
    to.connection.transportEnded(this.now)
    if (to.finDelivered) for (const end of [from, to]) this.#close(end)
    return true
  }

  /** Lets time pass. */
  wait(milliseconds: number): void {
    this.now += milliseconds
    for (const end of [this.client, this.server]) end.connection.tick(this.now)
  }

  #reset(end: LinkEnd): void {
    const peer = this.other(end)
    end.closed = true
    if (peer.closed) return
    peer.closed = true
    peer.connection.transportFailed(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), this.now)
    peer.connection.transportClosed(this.now)
  }

  #close(end: LinkEnd): void {
    if (end.closed) return
    end.closed = true
    end.connection.transportClosed(this.now)
  }
}
