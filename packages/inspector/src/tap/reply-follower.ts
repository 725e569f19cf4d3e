import { defaultHeadLimits, HeadReader, parseResponseHead } from 'centouno/telling'
import type { ResponseHead } from 'centouno/telling'
import { bodyFraming, BodyScanner } from '../http/body-scanner.ts'

/** How far the reply to a request has come. */
export type ReplyProgress =
  | 'coming'
  /** It is whole, and another request may follow on the connection. */
  | 'over'
  /** What follows is no HTTP: frames, or a tunnel. */
  | 'switched'
  /** It lasts until the connection ends: it says so, or it is nothing that could be understood. */
  | 'until-end'

/** Follows the reply to one request as it passes, to know where it ends. */
export class ReplyFollower {
  /** The final reply's head, once it has come. */
  head: ResponseHead | undefined
  progress: ReplyProgress = 'coming'
  readonly #method: string
  readonly #heads = new HeadReader(defaultHeadLimits)
  #body: BodyScanner | undefined

  constructor(method: string) {
    this.#method = method
  }

  /** Takes what came, and returns what belongs to that which HTTP gave way to. */
  receive(bytes: Uint8Array): Uint8Array {
    let rest = bytes
    while (rest.length > 0 && this.progress === 'coming') {
      if (this.#body !== undefined) {
        rest = this.#body.receive(rest)
        if (this.#body.over) this.progress = 'over'
        continue
      }
      const reading = this.#heads.receive(rest)
      if (reading.kind === 'more') return nothing
      if (reading.kind === 'fault') {
        this.progress = 'until-end'
        return nothing
      }
      rest = reading.rest
      this.#respond(parseResponseHead(reading.head))
    }
    return this.progress === 'switched' ? rest : nothing
  }

  #respond(head: ResponseHead): void {
    const { status } = head
    if (status >= 100 && status <= 199 && status !== switchingProtocols) return
    this.head = head
    // RFC 9110 §9.3.6: any 2xx to CONNECT makes the connection a tunnel.
    const isTunnel = this.#method === 'CONNECT' && status >= 200 && status <= 299
    if (status === switchingProtocols || isTunnel) this.progress = 'switched'
    else if (status === 0) this.progress = 'until-end'
    else this.#frame(head)
  }

  #frame(head: ResponseHead): void {
    const framing = bodyFraming(head.fields, { kind: 'response', status: head.status, to: this.#method })
    if (framing === undefined) this.progress = 'over'
    else if (framing.kind === 'until-end') this.progress = 'until-end'
    else this.#body = new BodyScanner(framing)
  }
}

const switchingProtocols = 101
const nothing: Uint8Array = new Uint8Array(0)
