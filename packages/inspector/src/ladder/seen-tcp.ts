import type { WireEnds } from 'centouno'
import type { LiveCapture } from '../capture/live-capture.ts'
import type { Endpoint } from '../tcp/tcp-packet.ts'
import type { TapePiece } from '../wire/tape.ts'
import { CapturedPace } from './captured-pace.ts'
import type { LadderBuilder } from './ladder-builder.ts'

/** One TCP connection of this process as a live capture sees it, with what it carries. */
export class SeenTcp {
  readonly #builder: LadderBuilder
  readonly #pace: CapturedPace
  /** Resolves when it has ended on the wire, or the capture has, and all of it was told. */
  readonly told: Promise<void>
  #closed: (atMs: number) => void = () => {}
  #over = false

  /** @param startMs When the attempt began, in milliseconds since 1970. */
  constructor(builder: LadderBuilder, capture: LiveCapture, ends: WireEnds, startMs: number) {
    this.#builder = builder
    this.#pace = new CapturedPace(builder)
    const closed = new Promise<number>((resolve) => (this.#closed = resolve))
    const seen = capture.follow(endpointOf(ends.local), endpointOf(ends.remote), startMs, (segment) => {
      if (!this.#over) this.#pace.segment(segment)
    })
    this.told = this.#finish(seen, closed)
  }

  piece(piece: TapePiece): void {
    this.#pace.piece(piece)
  }

  /** The socket has closed; its last segments may still be on their way. */
  closed(atMs: number): void {
    this.#closed(atMs)
  }

  /** Another connection takes its place, as a redirect makes it: what still comes of this one is not told. */
  leave(atMs: number): void {
    this.#pace.end()
    this.#end(atMs)
  }

  async #finish(seen: Promise<boolean>, closed: Promise<number>): Promise<void> {
    await seen
    this.#pace.end()
    this.#end(await closed)
  }

  #end(atMs: number): void {
    if (this.#over) return
    this.#over = true
    this.#builder.end(atMs)
  }
}

/** `192.0.2.1:80` or `[2001:db8::1]:80`. */
export function endpointOf(written: string): Endpoint {
  const colon = written.lastIndexOf(':')
  return { address: written.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(written.slice(colon + 1)) }
}
