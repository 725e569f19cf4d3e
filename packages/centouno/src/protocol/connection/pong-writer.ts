import { opcodes } from '../frame/opcode.ts'
import type { FrameWriter } from './frame-writer.ts'

/** Answers Pings. */
export class PongWriter {
  readonly #writer: FrameWriter
  /** What the Pong will carry that waits for the transport to drain. */
  #held: Uint8Array | undefined

  constructor(writer: FrameWriter) {
    this.#writer = writer
  }

  /** @param blocked the transport takes nothing: the answer waits */
  answer(payload: Uint8Array, blocked: boolean): void {
    // §5.5.3: only the newest Ping needs its Pong. So one of them waits, however many come while the peer does not read.
    if (blocked) this.#held = payload.slice()
    else this.#writer.control(opcodes.pong, payload)
  }

  sendHeld(): void {
    const payload = this.#held
    if (payload === undefined) return
    this.#held = undefined
    this.#writer.control(opcodes.pong, payload)
  }
}
