import { EventEmitter, once } from 'node:events'
import type { Output } from '../../src/command/terminal.ts'
import { Terminal } from '../../src/command/terminal.ts'

/** A stream that keeps what is written to it, and lets a test wait for it. */
export class Capture implements Output {
  readonly isTTY: boolean
  text = ''
  readonly #written = new EventEmitter()

  constructor(isTTY = false) {
    this.isTTY = isTTY
  }

  write(text: string): boolean {
    this.text += text
    this.#written.emit('write')
    return true
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1)
  }

  /** Resolves with the first match of the pattern in all that has been or will be written. */
  async match(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(50_000)
    for (;;) {
      const match = pattern.exec(this.text)
      if (match) return match
      await once(this.#written, 'write', { signal: deadline })
    }
  }
}

/** A terminal whose two streams are captured. */
export function captured(): { terminal: Terminal; result: Capture; remarks: Capture } {
  const result = new Capture()
  const remarks = new Capture()
  return { terminal: new Terminal(result, remarks, {}), result, remarks }
}
