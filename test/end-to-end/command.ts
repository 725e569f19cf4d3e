import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The built command, as a user runs it. `npm test` builds it first; run `npm run build` before running these alone. */
const main = fileURLToPath(new URL('../../packages/inspector/dist/command/main.js', import.meta.url))

export interface CommandResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly process: ChildProcess
  /** Resolves with the first line on standard output that matches, or rejects when the command ends without it. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** What has come on standard error so far. */
  remarks(): string
  /** Ends it by a signal and tells how it went. */
  end(signal: NodeJS.Signals): Promise<CommandResult>
}

export function start(...words: string[]): RunningCommand {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  const lines: string[] = []
  const waiting = new Set<() => void>()
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`
    lines.push(line)
    for (const look of waiting) look()
  })
  const exited = once(child, 'close') as Promise<[number | null]>
  return {
    process: child,
    remarks: () => stderr,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          for (const line of lines) {
            const match = pattern.exec(line)
            if (match === null) continue
            waiting.delete(look)
            resolve(match)
            return
          }
        }
        waiting.add(look)
        look()
        void exited.then(() => reject(new Error(`ended without ${pattern}: ${stdout}${stderr}`)))
      }),
    end: async (signal) => {
      child.kill(signal)
      const [status] = await exited
      return { status, stdout, stderr }
    },
  }
}

export async function run(...words: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr }
}
