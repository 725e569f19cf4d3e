import type { StageName, Text } from 'centouno/telling'

/** Who says it: the two ends, or the path between them (names, TCP, certificates). */
export type Speaker = 'client' | 'server' | 'network'

/** One line of a handshake told as a conversation. */
export interface DialogueLine {
  readonly who: Speaker
  readonly stage: StageName
  readonly text: Text
  /** The part of the wire it explains, as sent; secrets are replaced. */
  readonly quote?: string
  /** True for what must have happened but is not visible to a program without a capture, such as TCP's SYN. */
  readonly inferred?: true
}

/** Makes the lines of one stage; each call appends one. */
export class StageLines {
  readonly lines: DialogueLine[] = []
  readonly #stage: StageName

  constructor(stage: StageName) {
    this.#stage = stage
  }

  say(who: Speaker, text: Text, quote?: string): void {
    this.lines.push(quote === undefined ? { who, stage: this.#stage, text } : { who, stage: this.#stage, text, quote })
  }

  /** Says what is only inferred. */
  infer(who: Speaker, text: Text, quote: string): void {
    this.lines.push({ who, stage: this.#stage, text, quote, inferred: true })
  }
}
