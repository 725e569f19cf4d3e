import type { LogEntry } from '../agent/agent-message.ts'
import type { Agreement } from '../http/upgrade-request.ts'
import type { Direction, TapePiece } from '../wire/tape.ts'
import { frameEntry } from './frame-entry.ts'
import type { FrameFault } from './frame-judge.ts'
import { readingSide } from './reading-side.ts'
import type { ReadingSide } from './reading-side.ts'

/** Who is told what passes. */
export interface MessageListener {
  /** Each message and control frame as it ends. */
  message(entry: LogEntry): void
  /** A frame that breaks a rule. It is told before what it completes. */
  fault(direction: Direction, fault: FrameFault): void
}

/** Tells the messages of an open connection and no rungs, which cost more: much may pass. */
export class MessagesReader {
  readonly #listener: MessageListener
  readonly #sides: Readonly<Record<Direction, ReadingSide>>

  constructor(agreement: Agreement, listener: MessageListener) {
    this.#listener = listener
    this.#sides = { sent: readingSide('sent', agreement), received: readingSide('received', agreement) }
  }

  receive({ direction, bytes, atMs }: TapePiece): void {
    const { scanner, joiner, judge } = this.#sides[direction]
    for (const frame of scanner.receive(bytes)) {
      const part = joiner.take(frame)
      const fault = judge.judge(frame, part)
      if (fault !== undefined) this.#listener.fault(direction, fault)
      const entry = frameEntry(frame, part, direction, atMs)
      if (entry !== undefined) this.#listener.message(entry)
    }
  }
}
