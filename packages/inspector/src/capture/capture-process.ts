import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { CaptureError } from './capture-error.ts'
import type { CaptureOrder, CaptureTool } from './capture-tool.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

/** Characters of the tool's last words that are kept. */
const wordsMax = 4096
const denied = /permission|not permitted|privilege|access denied|EACCES/i

/** A tool that captures, from when it does so to its end. */
export class CaptureProcess {
  readonly tool: string
  readonly #child: Child
  #words: string
  /** Resolves when it has ended and all it wrote was read: with an error when it ended without being asked to. */
  readonly ended: Promise<CaptureError | undefined>
  #stopping = false

  constructor(tool: CaptureTool, child: Child, words: string) {
    this.tool = tool.name
    this.#child = child
    this.#words = words
    child.stderr.on('data', (text: string) => (this.#words = lastOf(this.#words + text)))
    this.ended = new Promise((resolve) => {
      child.once('close', () => resolve(this.#stopping ? undefined : failureOf(tool, this.#words)))
    })
  }

  /** Packets that the kernel dropped because the tool was too slow, as it tells at its end; 0 when it does not. */
  get dropped(): number {
    const [, tcpdump, dumpcap] =
      /(\d+) packets dropped by kernel|received\/dropped on interface.*?: \d+\/(\d+)/.exec(this.#words) ?? []
    return Number(tcpdump ?? dumpcap ?? 0)
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#child.kill('SIGINT')
    await this.ended
  }
}

/**
 * Starts a tool and waits until it captures.
 *
 * @param take Called with what it writes, from the first byte on.
 * @returns Undefined when the tool is not on this machine.
 * @throws CaptureError when it may not capture, or cannot.
 */
export async function startTool(
  tool: CaptureTool,
  order: CaptureOrder,
  take: (chunk: Uint8Array) => void,
): Promise<CaptureProcess | undefined> {
  for (const command of tool.commands) {
    const child = spawn(command, [...tool.arguments(order)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its words are looked at, so they have to be English.
      env: { ...process.env, LC_ALL: 'C' },
    })
    child.stderr.setEncoding('utf8')
    child.stdout.on('data', take)
    const words = await readiness(tool, child)
    if (words !== undefined) return new CaptureProcess(tool, child, words)
  }
  return undefined
}

/** Resolves with what the tool has said once it captures; with undefined when there is no such command. */
function readiness(tool: CaptureTool, child: Child): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let words = ''
    const hear = (text: string): void => {
      words = lastOf(words + text)
      if (!tool.ready.test(words)) return
      child.stderr.off('data', hear)
      child.off('close', end)
      resolve(words)
    }
    const end = (): void => reject(failureOf(tool, words))
    child.stderr.on('data', hear)
    child.once('close', end)
    child.on('error', (error: NodeJS.ErrnoException) => {
      child.off('close', end)
      if (error.code === 'ENOENT') resolve(undefined)
      else reject(failureOf(tool, error.message))
    })
  })
}

function failureOf({ name }: CaptureTool, words: string): CaptureError {
  const lines = words.split('\n').map((line) => line.trim())
  // The first line that is a complaint: what comes before tells what it is about to do, what comes after is advice.
  const reason =
    lines.find((line) => line.startsWith(`${name}:`) || denied.test(line)) ?? lines.find(Boolean) ?? 'it ended'
  const told = reason.replace(`${name}: `, '').replace(/\.$/, '')
  return new CaptureError(denied.test(words) ? 'CAPTURE_NOT_PERMITTED' : 'CAPTURE_FAILED', { tool: name, reason: told })
}

function lastOf(words: string): string {
  return words.slice(-wordsMax)
}
