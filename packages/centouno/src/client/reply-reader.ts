import { decodeLatin1 } from '../protocol/encoding/latin1.ts'
import { defaultHeadLimits } from '../protocol/http/head-limits.ts'
import { HeadReader } from '../protocol/http/head-reader.ts'
import type { HeadFault, ResponseHead } from '../protocol/http/head.ts'
import { quote } from '../protocol/http/quote.ts'
import { parseResponseHead } from '../protocol/http/response-head.ts'
import { otherProtocolCode } from '../report/other-protocol.ts'
import { ReplyBody } from './reply-body.ts'
import { StageFailure } from './stage-failure.ts'

/** The final reply to a request: to the opening request, or to the one for a tunnel. */
export interface Reply {
  readonly head: ResponseHead
  /** Empty for one that switches, which has none. */
  readonly body: string
  readonly bodyCut: boolean
  /** Bytes after one that switches: they are of what the stream turned into, the first frames of a WebSocket. */
  readonly early: Uint8Array
}

const protocolName = 'HTTP/'
/** Which status turns the stream into something else than HTTP. */
export type Switches = (status: number) => boolean

/** 101 does, for the opening handshake. */
export const isSwitch: Switches = (status) => status === 101

/** Any 2xx does, for CONNECT (RFC 9110 §9.3.6). */
export const isTunnel: Switches = (status) => status >= 200 && status <= 299

const firstFinalStatus = 200
const excerptBytes = 64
/** Interim responses before we give up; servers send one or two. */
const interimLimit = 16

/**
 * Reads the reply to a request from the bytes of the stream, split in whatever way: skips interim responses (H-RES-02),
 * stops right after the head of one that switches, and reads on to the end of the body of any other (H-RES-01).
 */
export class ReplyReader {
  /** All bytes that came. */
  receivedBytes = 0
  /** Interim responses that were skipped: `103 Early Hints`. */
  readonly interim: string[] = []
  readonly #heads = new HeadReader(defaultHeadLimits)
  #excerpt: Uint8Array = new Uint8Array(0)
  readonly #switches: Switches
  #head: ResponseHead | undefined
  #body: ReplyBody | undefined

  constructor(switches: Switches) {
    this.#switches = switches
  }

  /** What came first, quoted for a person; empty when nothing came. */
  get received(): string {
    return quote(decodeLatin1(this.#excerpt))
  }

  /** Whether the head of a reply that does not switch has come, so that only the rest of its body is missing. */
  get inBody(): boolean {
    return this.#body !== undefined
  }

  /** Takes the next bytes. Returns the reply once it is whole; throws a StageFailure when it can be none. */
  receive(chunk: Uint8Array): Reply | undefined {
    this.#note(chunk)
    if (this.#body !== undefined) return this.#readBody(chunk)
    let bytes = chunk
    for (;;) {
      const reading = this.#heads.receive(bytes)
      if (reading.kind === 'more') return undefined
      if (reading.kind === 'fault') throw headTooLarge(reading.fault)
      const head = parseResponseHead(reading.head)
      if (head.status === 0) throw new StageFailure('UPGRADE_GARBAGE', { received: quote(head.text) })
      if (this.#switches(head.status)) return { head, body: '', bodyCut: false, early: reading.rest }
      bytes = reading.rest
      if (head.status >= firstFinalStatus) {
        this.#head = head
        this.#body = new ReplyBody(head)
        return this.#readBody(bytes)
      }
      this.#skip(head)
    }
  }

  /** The peer sent FIN. Returns the reply if that is how it ends, or if only its body is incomplete. */
  ended(): Reply {
    this.#body?.end()
    return this.soFar() ?? fail('UPGRADE_ENDED', this.received)
  }

  /** The reply as far as its body has come; undefined when not even its head has. */
  soFar(): Reply | undefined {
    if (this.#head === undefined || this.#body === undefined) return undefined
    return { head: this.#head, body: this.#body.text(), bodyCut: this.#body.cut, early: new Uint8Array(0) }
  }

  #readBody(bytes: Uint8Array): Reply | undefined {
    this.#body?.receive(bytes)
    return this.#body?.over === true ? this.soFar() : undefined
  }

  #skip(head: ResponseHead): void {
    this.interim.push(head.reason === '' ? String(head.status) : `${head.status} ${head.reason}`)
    if (this.interim.length > interimLimit) {
      throw new StageFailure('UPGRADE_ENDLESS_INTERIM', { count: this.interim.length })
    }
  }

  // Another protocol is recognized by its first bytes: a server that waits after its greeting would let us wait too.
  #note(chunk: Uint8Array): void {
    this.receivedBytes += chunk.length
    if (this.#excerpt.length === excerptBytes) return
    const room = excerptBytes - this.#excerpt.length
    this.#excerpt = Uint8Array.from([...this.#excerpt, ...chunk.subarray(0, room)])
    const start = decodeLatin1(this.#excerpt.subarray(0, protocolName.length)).toUpperCase()
    if (!protocolName.startsWith(start)) fail(otherProtocolCode(this.#excerpt), this.received)
  }
}

function headTooLarge({ rule, found }: HeadFault): StageFailure {
  return new StageFailure('UPGRADE_HEAD_TOO_LARGE', { rule, found })
}

function fail(code: string, received: string): never {
  throw new StageFailure(code, { received })
}
