import type { PageOrder } from './agent-message.ts'
import { BrokenConnection } from './broken-connection.ts'
import type { PageConnection } from './page-connection.ts'
import { readOrder } from './read-order.ts'
import { RemoteConnection } from './remote-connection.ts'
import type { Tell } from './remote-connection.ts'
import { troubles } from './troubles.ts'
import type { TroubleCode } from './troubles.ts'

/** Connections one page may hold at a time. */
export const connectionsPerPage = 32

/** Carries out the orders of one page and tells it what happened. Nothing the page says can make it throw. */
export class PageSession {
  readonly #tell: Tell
  readonly #connections = new Map<string, PageConnection>()
  #ended = false

  constructor(tell: Tell) {
    this.#tell = tell
  }

  /** One message of the page. */
  receive(data: string | Uint8Array): void {
    if (this.#ended) return
    const reading = readOrder(data)
    if (!reading.ok) {
      this.#trouble(reading.id, 'ORDER_UNREADABLE')
      return
    }
    const { order } = reading
    try {
      const trouble = this.#carryOut(order)
      if (trouble !== undefined) this.#trouble(order.id, trouble)
    } catch (error) {
      // What the engine objects to in an argument, in its own words.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNEXPECTED'
      const sentence = error instanceof Error ? error.message : String(error)
      void this.#tell({ news: 'trouble', id: order.id, code, sentence })
    }
  }

  /** The page has gone away: so do its connections. Resolves when all are over. */
  async end(): Promise<void> {
    this.#ended = true
    const connections = [...this.#connections.values()]
    for (const connection of connections) connection.leave()
    await Promise.all(connections.map(({ over }) => over))
  }

  #carryOut(order: PageOrder): TroubleCode | undefined {
    if (order.order === 'connect' || order.order === 'break') {
      if (this.#connections.has(order.id)) return 'ID_TAKEN'
      if (this.#connections.size >= connectionsPerPage) return 'CONNECTION_LIMIT'
      const free = (): boolean => this.#connections.delete(order.id)
      if (order.order === 'connect') {
        this.#connections.set(order.id, new RemoteConnection(order, this.#tell, free))
        return undefined
      }
      const bytes = bytesFrom(order.request)
      if (bytes === undefined) return 'DATA_NOT_BASE64'
      this.#connections.set(order.id, new BrokenConnection(order, bytes, this.#tell, free))
      return undefined
    }
    const connection = this.#connections.get(order.id)
    if (connection === undefined) return 'ID_UNKNOWN'
    switch (order.order) {
      case 'cancel':
        connection.cancel()
        return undefined
      case 'terminate':
        connection.terminate()
        return undefined
      case 'send': {
        const payload = order.kind === 'text' ? order.data : bytesFrom(order.data)
        return payload === undefined ? 'DATA_NOT_BASE64' : connection.send(payload)
      }
      case 'ping': {
        const payload = bytesFrom(order.data)
        return payload === undefined ? 'DATA_NOT_BASE64' : connection.ping(payload)
      }
      case 'run-steps':
        return connection.runSteps(order.lines)
      case 'stop-steps':
        connection.stopSteps()
        return undefined
      case 'close':
        return connection.close(order.code ?? undefined, order.reason)
    }
  }

  #trouble(id: string, code: TroubleCode): void {
    void this.#tell({ news: 'trouble', id, code, sentence: troubles[code].en })
  }
}

/** Decodes base64 strictly: Node's own decoder skips what it does not know. */
function bytesFrom(base64: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : undefined
}
