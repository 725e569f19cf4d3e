import type { TapNews } from '../tap/tap-listener.ts'
import type { Tell } from './remote-connection.ts'

/** What is kept for pages that are opened later, and what may wait for one that reads too slowly: characters, about. */
const keptWeight = 32 * 1024 * 1024
const waitingWeight = 32 * 1024 * 1024
/** What a piece of news weighs besides its payload. */
const baseWeight = 1_000

interface Kept {
  readonly news: TapNews[]
  weight: number
}

interface Follower {
  readonly tell: Tell
  readonly behind: () => void
  waiting: number
}

/** Hands what a tap tells to the pages, those that come late included. */
export class TapFeed {
  readonly #kept = new Map<string, Kept>()
  readonly #followers = new Set<Follower>()
  #weight = 0

  /** News of a connection. */
  take(news: TapNews): void {
    const weight = weightOf(news)
    this.#keep(news, weight)
    for (const follower of this.#followers) this.#hand(follower, news, weight)
  }

  /**
   * Tells a page all that is kept, and then what comes. Traffic does not wait for pages: one that cannot keep up is told
   * nothing more, and `behind` is called.
   *
   * @returns what ends it
   */
  follow(tell: Tell, behind: () => void): () => void {
    const follower: Follower = { tell, behind, waiting: 0 }
    this.#followers.add(follower)
    for (const { news } of this.#kept.values()) {
      for (const each of news) void tell(each)
    }
    return () => this.#followers.delete(follower)
  }

  #hand(follower: Follower, news: TapNews, weight: number): void {
    follower.waiting += weight
    if (follower.waiting > waitingWeight) {
      this.#followers.delete(follower)
      follower.behind()
      return
    }
    void follower.tell(news).then(() => (follower.waiting -= weight))
  }

  #keep(news: TapNews, weight: number): void {
    const kept = this.#kept.get(news.id) ?? { news: [], weight: 0 }
    if (news.news === 'tapped') this.#kept.set(news.id, kept)
    kept.news.push(news)
    kept.weight += weight
    this.#weight += weight
    // The oldest connection is forgotten first; of the only one, the older half of what can be missed.
    for (const [id, oldest] of this.#kept) {
      if (this.#weight <= keptWeight) return
      if (this.#kept.size > 1) {
        this.#kept.delete(id)
        this.#weight -= oldest.weight
      } else {
        this.#halve(oldest)
      }
    }
  }

  #halve(kept: Kept): void {
    const half = Math.floor(kept.news.length / 2)
    const left = kept.news.filter(({ news }, index) => index >= half || !(news === 'message' || news === 'rung'))
    const weight = left.reduce((sum, each) => sum + weightOf(each), 0)
    this.#weight += weight - kept.weight
    kept.weight = weight
    kept.news.splice(0, kept.news.length, ...left)
  }
}

function weightOf(news: TapNews): number {
  if (news.news === 'message') return baseWeight + news.entry.data.length
  if (news.news === 'rung') return baseWeight + news.rung.bytes.length
  return baseWeight * 4
}
