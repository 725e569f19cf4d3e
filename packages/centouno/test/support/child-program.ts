import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { Figures } from './figures.ts'

/** A question to a child program; `ask` names it, the rest is its argument. */
export interface Question {
  readonly ask: string
  readonly [argument: string]: unknown
}

/**
 * A program in a process of its own, so that what kills it can be seen and what it holds can be measured. It is asked
 * over IPC, one question at a time or several, and answers each by its number.
 */
export class ChildProgram {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  #number = 0
  #stderr = ''
  #ended = false

  constructor(child: ChildProcess) {
    this.#child = child
    child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()))
    child.on('message', ({ number, answer, error }: { number: number; answer?: never; error?: string }) => {
      const asked = this.#waiting.get(number)
      this.#waiting.delete(number)
      if (error === undefined) asked?.resolve(answer as never)
      else asked?.reject(new Error(error))
    })
    child.on('close', (code, signal) => {
      this.#ended = true
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`the program ended (${code ?? signal}): ${this.#stderr}`))
      }
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  ask<Answer>(question: Question): Promise<Answer> {
    this.#number += 1
    const number = this.#number
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new Error(`the program had ended: ${this.#stderr}`))
        return
      }
      this.#waiting.set(number, { resolve, reject })
      this.#child.send({ number, question })
    })
  }

  /** Throws when it has ended, or has warned of anything. */
  mustBeUnharmed(): void {
    if (this.#ended || this.#stderr !== '') throw new Error(`ended: ${this.#ended}; it said: ${this.#stderr}`)
  }

  /** Memory and handles after a forced collection. */
  figures(): Promise<Figures> {
    return this.ask({ ask: 'figures' })
  }

  async stop(): Promise<void> {
    if (this.#ended) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }
}

const running = new Set<ChildProgram>()
let bundles: Promise<string> | undefined

const programs = ['abuse-server', 'abuse-client', 'bare-server', 'large-message'] as const

/**
 * Starts a program of this folder, made from the sources as they are.
 *
 * @param flags for V8, besides those that it always gets
 */
export async function startProgram(
  name: (typeof programs)[number],
  argument: object = {},
  flags: readonly string[] = [],
): Promise<ChildProgram> {
  bundles ??= bundle()
  const file = join(await bundles, `${name}.mjs`)
  const child = fork(file, [JSON.stringify(argument)], {
    execArgv: ['--expose-gc', '--enable-source-maps', ...flags],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const program = new ChildProgram(child)
  running.add(program)
  return program
}

/** For `afterAll`: ends every program and removes what was made for them. */
export async function stopPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop()))
  running.clear()
  if (bundles) await rm(await bundles, { recursive: true, force: true })
  bundles = undefined
}

/** Node 20 runs no TypeScript. */
async function bundle(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'centouno-programs-'))
  const here = fileURLToPath(new URL('.', import.meta.url))
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      sourcemap: true,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: Object.fromEntries(programs.map((name) => [name, join(here, `${name}.ts`)])),
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  })
  return outDir
}
