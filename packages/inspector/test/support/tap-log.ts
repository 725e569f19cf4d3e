import type { ConnectionReport, Text, ToldClosing } from 'centouno/telling'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import type { PassedRequest, TapListener, TapNews } from '../../src/tap/tap-listener.ts'
import { readTapTarget } from '../../src/tap/tap-target.ts'
import { startTap } from '../../src/tap/tap.ts'
import type { Tap, TapOptions } from '../../src/tap/tap.ts'

/** Keeps what a tap tells, and lets a test wait for it. */
export class TapLog implements TapListener {
  readonly told: TapNews[] = []
  readonly faults: string[] = []
  readonly requests: PassedRequest[] = []
  readonly away: Text[] = []
  #news: () => void = () => {}

  news(news: TapNews): void {
    this.told.push(news)
    this.#news()
  }

  fault(_id: string, direction: string, { clause }: { readonly clause: string }): void {
    this.faults.push(`${direction} ${clause}`)
    this.#news()
  }

  passed(request: PassedRequest): void {
    this.requests.push(request)
    this.#news()
  }

  turnedAway(why: Text): void {
    this.away.push(why)
    this.#news()
  }

  /** The report of the connection of that number, once there is one. */
  report(number: number): Promise<ConnectionReport> {
    return this.#find((news) => (news.news === 'report' && news.id === `tap-${number}` ? news.report : undefined))
  }

  /** How the connection of that number ended, once it has. */
  closing(number: number): Promise<ToldClosing> {
    return this.#find((news) => (news.news === 'closed' && news.id === `tap-${number}` ? news.closing : undefined))
  }

  entries(number: number): LogEntry[] {
    return this.told.flatMap((news) => (news.news === 'message' && news.id === `tap-${number}` ? [news.entry] : []))
  }

  /** Resolves once this is so. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#news = resolve))
  }

  async #find<Found>(read: (news: TapNews) => Found | undefined): Promise<Found> {
    let found: Found | undefined
    await this.until(() => {
      found = this.told.map(read).find((each) => each !== undefined)
      return found !== undefined
    })
    return found as Found
  }
}

/** A running tap with what it tells. */
export interface LoggedTap extends Tap {
  readonly log: TapLog
  readonly url: string
}

/** Starts a tap before this target. */
export async function tapBefore(target: string, options: Partial<TapOptions> = {}): Promise<LoggedTap> {
  const log = new TapLog()
  const tap = await startTap({
    port: 0,
    target: readTapTarget(target),
    rewriting: { keepHost: false, origin: undefined },
    allowedHosts: [],
    reaching: {},
    withLadder: false,
    listener: log,
    ...options,
  })
  return { ...tap, log, url: `ws://127.0.0.1:${tap.port}` }
}
