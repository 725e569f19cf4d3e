import { defaultHeadLimits, HeadReader, parseRequestHead, parseResponseHead } from 'centouno/telling'
import type { RequestHead, ResponseHead } from 'centouno/telling'
import type { LayerReader, TellRung } from '../wire/layer-reader.ts'
import type { Party } from '../wire/rung.ts'
import type { TapePiece } from '../wire/tape.ts'
import { bodyFraming, BodyScanner } from './body-scanner.ts'
import { bodyRung, faultRung } from './body-rung.ts'
import { requestRung, responseRung } from './head-rung.ts'
import type { HeadPlace } from './head-rung.ts'
import { agreementOf } from './upgrade-request.ts'
import type { Agreement } from './upgrade-request.ts'

/** What comes after HTTP: frames, when the server switched; whatever the client says next, when a proxy opened a tunnel. */
export interface AfterHttp {
  readonly websocket: (agreement: Agreement) => LayerReader
  readonly tunnel: () => LayerReader
}

/** Is told what was read besides its rungs, secrets and all. */
export interface HttpWatcher {
  request(head: RequestHead, place: HeadPlace): void
  response(head: ResponseHead, place: HeadPlace): void
  /** The beginning of a response's body as it crossed, chunk sizes left in, and how many bytes it had in all. */
  body(bytes: Uint8Array, total: number, place: HeadPlace): void
}

export interface HttpReaderOptions {
  readonly watcher?: HttpWatcher | undefined
  /** Tells secrets as they crossed. Default: they are replaced. */
  readonly withSecrets?: boolean | undefined
}

/** What a client may send before it was answered, and we keep. */
const waitingBytes = 256 * 1024

/** Reads the opening handshake, and whatever HTTP comes before it: interim responses, refusals, a dialogue with a proxy. */
export class HttpReader implements LayerReader {
  readonly #tell: TellRung
  readonly #after: AfterHttp
  readonly #peer: Party
  readonly #options: HttpReaderOptions
  #requests = new HeadReader(defaultHeadLimits)
  #responses = new HeadReader(defaultHeadLimits)
  #request: RequestHead | undefined
  #requestBody: BodyScanner | undefined
  #response: ResponseHead | undefined
  #responseBody: BodyScanner | undefined
  /** Sent before the response came: what it is depends on the response. */
  #waiting: TapePiece[] = []
  #waitingLength = 0
  #above: LayerReader | undefined
  /** What a direction says is not HTTP: nothing more is read of it. */
  readonly #lost = { sent: false, received: false }

  constructor(peer: Party, tell: TellRung, after: AfterHttp, options: HttpReaderOptions = {}) {
    this.#options = options
    this.#peer = peer
    this.#tell = tell
    this.#after = after
  }

  receive(piece: TapePiece): void {
    if (this.#above !== undefined) return this.#above.receive(piece)
    if (this.#lost[piece.direction] || piece.bytes.length === 0) return
    if (piece.direction === 'sent') this.#readRequest(piece)
    else this.#readResponse(piece)
  }

  end(atMs: number): void {
    if (this.#above !== undefined) return this.#above.end(atMs)
    if (this.#responseBody !== undefined) this.#endResponse(atMs)
    const unread = [
      ['sent', this.#requests.received],
      ['received', this.#responses.received],
    ] as const
    for (const [direction, bytes] of unread) {
      if (bytes.length > 0 && !this.#lost[direction]) this.#tell(faultRung(direction, bytes, 'cut', this.#place(atMs)))
    }
  }

  #place(atMs: number): HeadPlace {
    const isProxy = this.#request?.method === 'CONNECT'
    const withSecrets = this.#options.withSecrets ?? false
    return { layer: isProxy ? 'proxy' : 'http', peer: isProxy ? 'proxy' : this.#peer, atMs, withSecrets }
  }

  #readRequest(piece: TapePiece): void {
    if (this.#requestBody !== undefined) {
      const rest = this.#requestBody.receive(piece.bytes)
      if (this.#requestBody.over) {
        this.#tell(bodyRung('sent', this.#requestBody, [this.#request], this.#place(piece.atMs)))
        this.#requestBody = undefined
      }
      return this.#keep({ ...piece, bytes: rest })
    }
    if (this.#request !== undefined) return this.#keep(piece)
    const reading = this.#requests.receive(piece.bytes)
    if (reading.kind === 'more') return
    if (reading.kind === 'fault') return this.#lose(piece, reading.received)
    this.#request = parseRequestHead(reading.head)
    const place = this.#place(piece.atMs)
    this.#tell(requestRung(this.#request, place))
    this.#options.watcher?.request(this.#request, place)
    const framing = bodyFraming(this.#request.fields, { kind: 'request' })
    if (framing !== undefined) this.#requestBody = new BodyScanner(framing)
    if (reading.rest.length > 0) this.#readRequest({ ...piece, bytes: reading.rest })
  }

  #keep(piece: TapePiece): void {
    if (piece.bytes.length === 0) return
    this.#waitingLength += piece.bytes.length
    if (this.#waitingLength > waitingBytes) return this.#lose(piece, piece.bytes)
    this.#waiting.push(piece)
  }

  #readResponse(piece: TapePiece): void {
    let rest = piece.bytes
    while (rest.length > 0 && this.#above === undefined) {
      if (this.#responseBody !== undefined) {
        rest = this.#responseBody.receive(rest)
        if (!this.#responseBody.over) return
        this.#endResponse(piece.atMs)
        continue
      }
      const reading = this.#responses.receive(rest)
      if (reading.kind === 'more') return
      if (reading.kind === 'fault') return this.#lose(piece, reading.received)
      rest = reading.rest
      this.#respond(parseResponseHead(reading.head), piece.atMs)
    }
    if (rest.length > 0) this.#above?.receive({ ...piece, bytes: rest })
  }

  #respond(head: ResponseHead, atMs: number): void {
    const place = this.#place(atMs)
    this.#tell(responseRung(head, this.#request, place))
    this.#options.watcher?.response(head, place)
    const { status } = head
    if (status === 101) return this.#passOn(this.#after.websocket(agreementOf(head, this.#request)))
    if (status >= 100 && status <= 199) return
    // RFC 9110 §9.3.6: any 2xx to CONNECT makes the connection a tunnel.
    if (this.#request?.method === 'CONNECT' && status >= 200 && status <= 299) return this.#passOn(this.#after.tunnel())
    this.#response = head
    const framing = bodyFraming(head.fields, { kind: 'response', status, to: this.#request?.method ?? '' })
    this.#responseBody = framing === undefined ? undefined : new BodyScanner(framing)
    if (framing === undefined) this.#endResponse(atMs)
  }

  /** A response is over; the client may make another request on this connection. */
  #endResponse(atMs: number): void {
    const body = this.#responseBody
    if (body !== undefined && body.total > 0) {
      this.#tell(bodyRung('received', body, [this.#request, this.#response], this.#place(atMs)))
      this.#options.watcher?.body(body.bytes, body.total, this.#place(atMs))
    }
    this.#response = undefined
    this.#responseBody = undefined
    this.#request = undefined
    for (const piece of this.#takeWaiting()) this.receive(piece)
  }

  #passOn(above: LayerReader): void {
    this.#above = above
    for (const piece of this.#takeWaiting()) above.receive(piece)
  }

  #takeWaiting(): TapePiece[] {
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingLength = 0
    return waiting
  }

  #lose({ direction, atMs }: TapePiece, received: Uint8Array): void {
    this.#lost[direction] = true
    this.#tell(faultRung(direction, received, 'too-large', this.#place(atMs)))
  }
}
