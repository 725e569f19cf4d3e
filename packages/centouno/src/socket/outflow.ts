import { type Opcode, opcodes } from '../protocol/frame/opcode.ts'
import { gone } from '../transport/gone.ts'
import type { Transport } from '../transport/transport.ts'
import { Room, roomNow } from './room.ts'
import { type WaitingFrame, WaitingFrames } from './waiting-frames.ts'

/**
 * What a waiting frame costs besides its bytes: its view and its entry here, or in the transport. Without it a flood of
 * empty messages would seem to hold nothing. Measured with 40,000 that wait here, after collection: 146 to 155 bytes of
 * heap on Node 20, some 16 more on later ones; the rest is for the pages of the heap that are only partly used.
 */
export const frameOverhead = 256

/**
 * How much a blocked transport is given. What it has can neither be overtaken by a Pong nor be dropped, so it should be
 * little; but the replies to one full read (64 KiB) should leave in one write, and a write should be worth its system call.
 */
const mostHandedOver = 128 * 1024

/** Where no frame has ever had to wait, as on most sockets: nothing is put in there. */
const none = new WaitingFrames()

/**
 * Frames on their way to the transport. While it takes them, they pass straight through. While it does not, they wait
 * here: in order, except that a Ping or a Pong goes ahead of messages, between the fragments of one as well.
 */
export class Outflow {
  #transport: Transport
  readonly #handedOver: number
  #waiting = none
  #blocked = false
  /** Bytes of the frame that found no room: one large frame in the making is no sign of a peer that does not read. */
  #blocker = 0
  /** Overhead of the frames that were handed over while the transport was blocked. */
  #overhead = 0
  #finishing = false
  #room: Room | undefined

  /** @param budget bytes that may wait in all: at most half of them are handed over to a blocked transport */
  constructor(transport: Transport, budget: number) {
    this.#transport = transport
    this.#handedOver = Math.min(mostHandedOver, budget / 2)
  }

  /** True from a `write` that found no room until everything has been taken. */
  get blocked(): boolean {
    return this.#blocked
  }

  /** Bytes that wait, here and in the transport. */
  get bytes(): number {
    return this.#transport.queuedBytes + this.#waiting.bytes
  }

  /** What they cost to hold. */
  get heldBytes(): number {
    return this.bytes + (this.#blocked ? this.#overhead : 0) + this.#waiting.length * frameOverhead
  }

  /** The same without the frame that is on its way: what shows that the peer does not read. */
  get backlog(): number {
    return this.#blocked ? this.heldBytes - this.#blocker : 0
  }

  /**
   * Takes a frame: `bytes` from `start` to `end`, and `payload` behind them. Returns true when it found no room, and those
   * before it did.
   *
   * @param droppable it is a whole message, which may be dropped while it waits
   */
  write(
    bytes: Uint8Array,
    start: number,
    end: number,
    opcode: Opcode,
    droppable: boolean,
    payload?: Uint8Array,
  ): boolean {
    if (!this.#blocked) {
      if (this.#give(bytes, start, end, payload)) return false
      this.#block(end - start + (payload?.length ?? 0))
      return true
    }
    if (opcode === opcodes.ping || opcode === opcodes.pong || (this.#waiting.length === 0 && this.#givesMore())) {
      this.#handOver(bytes, start, end, payload)
      return false
    }
    if (this.#waiting === none) this.#waiting = new WaitingFrames()
    this.#waiting.push({ bytes: bytes.subarray(start, end), payload, droppable })
    return false
  }

  /** What was given to the transport has found no room when it should have left. */
  fill(): void {
    if (!this.#blocked) this.#block(0)
  }

  /** Drops the oldest message that may be; false when there is none. */
  dropOldest(): boolean {
    return this.#waiting.takeDroppable() !== undefined
  }

  /** Drops all that waits here, whatever it is. What the transport has stays. */
  discard(): void {
    this.#waiting.clear()
  }

  /** Sends FIN after all that waits. */
  finish(): void {
    if (this.#waiting.length === 0) this.#transport.finish()
    else this.#finishing = true
  }

  /** The transport can take more, and gets it. It may be blocked again afterwards. */
  drained(): void {
    this.#blocked = false
    if (this.#waiting.length > 0) this.#flush()
    if (this.#waiting.length > 0) return
    if (this.#finishing) this.#transport.finish()
    this.#finishing = false
    if (this.#blocked) return
    this.#room?.resolve()
    this.#room = undefined
  }

  /** Resolves when all has been taken. Its rejection counts as handled: a caller who ignores it loses nothing. */
  room(): Promise<void> {
    if (!this.#blocked) return roomNow
    return (this.#room ??= new Room()).promise
  }

  /** @param error Made only for somebody who waits: most sockets end with nobody waiting, and an error has a stack. */
  end(error: () => Error): void {
    this.discard()
    this.#transport = gone
    this.#room?.reject(error())
    this.#room = undefined
  }

  #flush(): void {
    this.#transport.cork()
    while (this.#waiting.length > 0 && (!this.#blocked || this.#givesMore())) {
      const frame = this.#waiting.shift() as WaitingFrame
      this.#handOver(frame.bytes, 0, frame.bytes.length, frame.payload)
    }
    this.#transport.uncork()
  }

  #givesMore(): boolean {
    return this.#transport.queuedBytes + this.#overhead < this.#handedOver
  }

  #handOver(bytes: Uint8Array, start: number, end: number, payload: Uint8Array | undefined): void {
    this.#overhead += frameOverhead
    if (!this.#give(bytes, start, end, payload)) this.#block(end - start + (payload?.length ?? 0))
  }

  #give(bytes: Uint8Array, start: number, end: number, payload: Uint8Array | undefined): boolean {
    const room = this.#transport.write(bytes, start, end)
    return payload === undefined ? room : this.#transport.write(payload)
  }

  #block(blocker: number): void {
    if (this.#blocked) return
    this.#blocked = true
    this.#blocker = blocker
    this.#overhead = frameOverhead
  }
}
