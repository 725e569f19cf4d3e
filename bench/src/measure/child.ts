import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { existsSync } from 'node:fs'
import type { Line } from './control-line.ts'
import { withMostDescriptors } from './descriptors.ts'

export interface ChildCommand {
  readonly command: string
  readonly arguments: readonly string[]
  /** The core to stay on, where the system can hold it there. */
  readonly core: number | undefined
}

/** Milliseconds a child may take for one order. Connecting 20,000 sockets on a busy machine takes most of it. */
const patience = 60_000

/** A process of the bench: started, pinned, given orders, ended. */
export class Child {
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>
  readonly #lines: Line[] = []
  #waiting: ((line: Line | undefined) => void) | undefined
  #complaints = ''
  #over = false

  constructor(child: ChildCommand) {
    const [command, ...words] = [...pinning(child.core), ...withMostDescriptors, child.command, ...child.arguments]
    this.#process = spawn(command ?? child.command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#exited = once(this.#process, 'close')
      .catch((error: unknown) => (this.#complaints += String(error)))
      .finally(() => {
        this.#over = true
        this.#waiting?.(undefined)
      })
    this.#process.stdin?.on('error', () => {})
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#complaints += chunk.toString()))
    createInterface({ input: this.#process.stdout ?? process.stdin }).on('line', (text) => this.#receive(text))
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** What it tells next. @throws when it ends, or says nothing for too long. */
  async next(): Promise<Line> {
    const line = this.#lines.shift() ?? (this.#over ? undefined : await this.#wait())
    if (!line) throw new Error(this.#over ? `The process ended. ${this.#lastWords()}` : 'The process did not answer.')
    return line
  }

  order(order: Line): Promise<Line> {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`)
    return this.next()
  }

  async end(): Promise<void> {
    this.#process.stdin?.end()
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), 3000)
    await this.#exited
    clearTimeout(kill)
  }

  #receive(text: string): void {
    // Runtimes have their own to say on standard output now and then.
    if (!text.startsWith('{')) return
    const line = JSON.parse(text) as Line
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting(line)
    else this.#lines.push(line)
  }

  /** The line with the error, of all that runtimes print around it. */
  #lastWords(): string {
    const lines = this.#complaints.split('\n').filter((line) => line.trim() !== '')
    return (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? '').trim()
  }

  #wait(): Promise<Line | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), patience)
      this.#waiting = (line) => {
        clearTimeout(timer)
        resolve(line)
      }
    })
  }
}

const taskset = ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path))

/** Whether processes are held to a core here. */
export const canPin: boolean = taskset !== undefined

function pinning(core: number | undefined): string[] {
  return core === undefined || taskset === undefined ? [] : [taskset, '-c', String(core)]
}
