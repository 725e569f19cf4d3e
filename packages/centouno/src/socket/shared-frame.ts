import { encodeFrame, encodeTextFrame } from '../protocol/frame/frame-encoder.ts'
import { opcodes } from '../protocol/frame/opcode.ts'
import type { Clock } from '../transport/clock.ts'
import { PreparedMessage } from './deflate/prepared-message.ts'
import type { Message } from './inbox.ts'

/** A message as one unmasked frame, which is made once and given to many sockets; and compressed, for those that agreed. */
export class SharedFrame {
  readonly message: Message
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  #prepared: PreparedMessage | undefined
  #clock: Clock | undefined
  #now = 0

  constructor(message: Message) {
    const { bytes, start, end } =
      typeof message === 'string'
        ? encodeTextFrame(message, undefined)
        : encodeFrame(opcodes.binary, true, message, message.length, undefined)
    this.message = message
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  get opcode(): typeof opcodes.text | typeof opcodes.binary {
    return typeof this.message === 'string' ? opcodes.text : opcodes.binary
  }

  get prepared(): PreparedMessage {
    return (this.#prepared ??= new PreparedMessage(this.message))
  }

  /** The time at which it is sent: asked once, not for each socket. */
  sentAt(clock: Clock): number {
    if (clock !== this.#clock) {
      this.#clock = clock
      this.#now = clock.now()
    }
    return this.#now
  }
}
