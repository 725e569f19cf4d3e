import type { RequestHead, ResponseHead } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import type { HeadPlace } from '../http/head-rung.ts'
import { isUpgrade } from '../http/upgrade-request.ts'
import type { LadderWatcher } from '../ladder/ladder-builder.ts'
import { latin1 } from '../wire/base64.ts'

/** A request with what was answered. */
export interface SeenExchange {
  readonly request: RequestHead
  readonly askedAtMs: number
  /** True for one to a proxy, for a tunnel. */
  readonly toProxy: boolean
  /** The final response. */
  response: ResponseHead | undefined
  answeredAtMs: number
  /** Responses before it: `103 Early Hints`. */
  readonly interim: string[]
  body: string
  bodyCut: boolean
}

const firstFinalStatus = 200
const switching = 101

/** Gathers what was said on a connection while its ladder is built. */
export class SeenTalk implements LadderWatcher {
  readonly exchanges: SeenExchange[] = []
  readonly messages: LogEntry[] = []

  request(request: RequestHead, { atMs, layer }: HeadPlace): void {
    this.exchanges.push({
      request,
      askedAtMs: atMs,
      toProxy: layer === 'proxy',
      response: undefined,
      answeredAtMs: atMs,
      interim: [],
      body: '',
      bodyCut: false,
    })
  }

  response(head: ResponseHead, { atMs }: HeadPlace): void {
    const exchange = this.exchanges.at(-1)
    if (exchange === undefined) return
    const { status, reason } = head
    if (status >= 100 && status < firstFinalStatus && status !== switching) {
      exchange.interim.push(`${status} ${reason}`.trim())
      return
    }
    exchange.response = head
    exchange.answeredAtMs = atMs
  }

  body(bytes: Uint8Array, total: number): void {
    const exchange = this.exchanges.at(-1)
    if (exchange === undefined) return
    const isChunked = exchange.response?.fields.some(
      ({ name, value }) => name.toLowerCase() === 'transfer-encoding' && /\bchunked\s*$/i.test(value),
    )
    const content = isChunked === true ? withoutChunkSizes(bytes) : bytes
    exchange.body = new TextDecoder().decode(content, { stream: true })
    exchange.bodyCut = total > bytes.length
  }

  readonly message = (entry: LogEntry): void => {
    this.messages.push(entry)
  }

  /** The request for a WebSocket; undefined when there was none. */
  get upgrade(): SeenExchange | undefined {
    return this.exchanges.findLast(({ request, toProxy }) => !toProxy && isUpgrade(request))
  }

  /** The last ordinary request. */
  get ordinary(): SeenExchange | undefined {
    return this.exchanges.findLast(({ toProxy }) => !toProxy)
  }

  /** The request for a tunnel. */
  get tunnel(): SeenExchange | undefined {
    return this.exchanges.find(({ toProxy }) => toProxy)
  }
}

/**
 *     chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF        (RFC 9112 §7.1)
 */
function withoutChunkSizes(bytes: Uint8Array): Uint8Array {
  const pieces: number[] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(0x0a, at)
    if (end === -1) break
    const size = Number.parseInt(latin1(bytes.subarray(at, end)), 16)
    if (!(size > 0)) break
    pieces.push(...bytes.subarray(end + 1, end + 1 + size))
    at = end + 1 + size + '\r\n'.length
  }
  return Uint8Array.from(pieces)
}
