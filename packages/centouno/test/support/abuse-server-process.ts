import { setTimeout as delay } from 'node:timers/promises'
import type { ListenOptions } from '../../src/server/listen.ts'
import type { Testimony } from './abuse-client.ts'
import { type ChildProgram, startProgram } from './child-program.ts'
import type { Figures } from './figures.ts'

export const mebibyte: number = 1024 * 1024

/**
 * For a process whose resident memory is to tell what it holds. V8 keeps the young generation that a busy time has made
 * it take, whether anything lives in it or not: up to 48 MiB in Node 20 and 22, more than twice as much since 24.
 */
export const smallYoungGeneration: readonly string[] = ['--max-semi-space-size=1']

/** Mebibytes by which a process has grown. */
export interface Growth {
  /** What it holds: heap and buffers. Exact after a collection. */
  readonly held: number
  /**
   * What the system has given it. V8 keeps a young generation that has grown (see `smallYoungGeneration`), and malloc
   * keeps what was freed, so that this also tells of garbage: the busier the machine, the more of it there was.
   */
  readonly resident: number
}

export function growth(before: Figures, after: Figures): Growth {
  const held = after.heapUsed + after.external - before.heapUsed - before.external
  return { held: held / mebibyte, resident: (after.rss - before.rss) / mebibyte }
}

/** How often a server counted each way of refusing and of ending. */
export interface Counts {
  readonly refusals: Readonly<Record<string, number>>
  readonly ends: Readonly<Record<string, number>>
}

/** The naive echo server in its process, and what a test asks of it. */
export class AbuseServer {
  readonly program: ChildProgram
  readonly port: number

  private constructor(program: ChildProgram, port: number) {
    this.program = program
    this.port = port
  }

  static async start(options: Partial<ListenOptions> = {}, flags: readonly string[] = []): Promise<AbuseServer> {
    const program = await startProgram('abuse-server', options, flags)
    return new AbuseServer(program, await program.ask<number>({ ask: 'port' }))
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/`
  }

  counts(): Promise<Counts> {
    return this.program.ask({ ask: 'counts' })
  }

  sockets(): Promise<number> {
    return this.program.ask({ ask: 'sockets' })
  }

  descriptors(): Promise<number | undefined> {
    return this.program.ask({ ask: 'descriptors' })
  }

  /** Milliseconds of CPU that its process has used, which other processes do not add to. */
  busy(): Promise<number> {
    return this.program.ask({ ask: 'busy' })
  }

  /** Has its event loop watched, from now on or anew. */
  watchLoop(): Promise<void> {
    return this.program.ask({ ask: 'watchLoop' })
  }

  /** Milliseconds of CPU that its event loop took at most, since it is watched, to come round. */
  longestRound(): Promise<number> {
    return this.program.ask({ ask: 'longestRound' })
  }

  figures(): Promise<Figures> {
    return this.program.figures()
  }

  async growthSince(before: Figures): Promise<Growth> {
    return growth(before, await this.figures())
  }

  /** Waits until `reached` holds of the counts; gives the last ones when it does not in time, for the assertion to fail on. */
  async countsOnce(reached: (counts: Counts) => boolean, within: number = 30_000): Promise<Counts> {
    for (const deadline = performance.now() + within; performance.now() < deadline;) {
      const counts = await this.counts()
      if (reached(counts)) return counts
      await delay(20)
    }
    return this.counts()
  }

  /** Resolves when no socket is left, and no handshake. */
  async emptied(within: number = 30_000): Promise<void> {
    for (const deadline = performance.now() + within; performance.now() < deadline;) {
      const handles = await this.program.ask<Readonly<Record<string, number>>>({ ask: 'handles' })
      if ((await this.sockets()) === 0 && (handles['TCPSocketWrap'] ?? 0) === 0) return
      await delay(20)
    }
    throw new Error(`connections are left: ${JSON.stringify(await this.program.figures())}`)
  }

  /** The longest wait of another client, in a process of its own, while `attack` runs. */
  async witnessed<Result>(attack: () => Promise<Result>): Promise<{ result: Result; testimony: Testimony }> {
    const witness = await startProgram('abuse-client')
    await witness.ask({ ask: 'watch', url: this.url })
    const result = await attack()
    const testimony = await witness.ask<Testimony>({ ask: 'testimony' })
    await witness.stop()
    return { result, testimony }
  }
}
