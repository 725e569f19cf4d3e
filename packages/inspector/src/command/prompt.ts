import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { clearLine, createInterface, cursorTo } from 'node:readline'
import type { Interface } from 'node:readline'
import type { Shell } from './shell.ts'

/** Lines of history that are offered again. */
const historyLines = 1_000
// What is typed may be secret: nobody else on this machine is to read it.
const ownerOnly = 0o600
const ownerOnlyFolder = 0o700

/** A line editor at a terminal, with what was typed in earlier sessions. What comes in between is shown above the line. */
export class Prompt {
  readonly #editor: Interface
  readonly #output: NodeJS.WritableStream
  #closed = false

  constructor(input: Shell['input'], output: NodeJS.WritableStream, historyFile: string | undefined) {
    this.#output = output
    this.#editor = createInterface({
      input,
      output,
      terminal: true,
      prompt: '> ',
      historySize: historyLines,
      removeHistoryDuplicates: true,
      history: historyFile === undefined ? [] : readHistory(historyFile),
    })
    if (historyFile !== undefined) this.#editor.on('line', (line) => appendHistory(historyFile, line))
  }

  /** Calls back with each line until the end of input or an interrupt, then `ended`. */
  listen(line: (text: string) => void, ended: () => void): void {
    this.#editor.on('line', line)
    this.#editor.on('SIGINT', () => this.#editor.close())
    this.#editor.on('close', () => {
      this.#closed = true
      // Over the prompt that stands there still.
      cursorTo(this.#output, 0)
      clearLine(this.#output, 0)
      ended()
    })
    this.#editor.prompt()
  }

  /** Prints something without disturbing what is being typed. */
  above(print: () => void): void {
    // A prompt after the end would take up reading the terminal again, and the process would never end.
    if (this.#closed) {
      print()
      return
    }
    cursorTo(this.#output, 0)
    clearLine(this.#output, 0)
    print()
    this.#editor.prompt(true)
  }

  close(): void {
    this.#editor.close()
  }
}

/** Where what was typed is kept (XDG Base Directory: state that should outlive a restart). */
export function historyPath(environment: Shell['environment']): string {
  const { XDG_STATE_HOME: state } = environment
  const folder = state === undefined || state === '' ? join(homedir(), '.local', 'state') : state
  return join(folder, 'centouno', 'history')
}

/** The latest first, as the editor wants it. Without a history one can still type. */
function readHistory(file: string): string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines
      .filter((line) => line !== '')
      .toReversed()
      .slice(0, historyLines)
  } catch {
    return []
  }
}

function appendHistory(file: string, line: string): void {
  if (line.trim() === '') return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: ownerOnlyFolder })
    appendFileSync(file, `${line}\n`, { mode: ownerOnly })
  } catch {
    // A home that cannot be written to is no reason to end a conversation.
  }
}
