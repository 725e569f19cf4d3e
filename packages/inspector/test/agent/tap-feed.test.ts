import { expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import { TapFeed } from '../../src/agent/tap-feed.ts'
import type { TapNews } from '../../src/tap/tap-listener.ts'

const never = (): void => {
  throw new Error('The page keeps up.')
}

function tapped(id: string): TapNews {
  return { news: 'tapped', id, url: 'ws://x' }
}

function message(id: string, length: number): TapNews {
  const entry = { direction: 'sent', kind: 'text', data: 'x'.repeat(length), bytes: length, atMs: 0 } as const
  return { news: 'message', id, entry }
}

function page(): { told: AgentNews[]; tell: (news: AgentNews) => Promise<void> } {
  const told: AgentNews[] = []
  return {
    told,
    async tell(news) {
      told.push(news)
    },
  }
}

test('a page is told what was, then what comes, until it goes', () => {
  const feed = new TapFeed()
  const news = [tapped('tap-1'), message('tap-1', 1), message('tap-1', 2), message('tap-1', 3)] as const
  feed.take(news[0])
  feed.take(news[1])
  const { told, tell } = page()
  const leave = feed.follow(tell, never)
  feed.take(news[2])
  leave()
  feed.take(news[3])
  expect(told).toEqual(news.slice(0, 3))
})

const mebibyte = 1024 * 1024

test('what is kept is bounded: the oldest connections go first, then the older messages of the only one', () => {
  const feed = new TapFeed()
  for (const id of ['tap-1', 'tap-2']) {
    feed.take(tapped(id))
    for (let count = 0; count < 20; count += 1) feed.take(message(id, mebibyte))
  }
  const second = page()
  feed.follow(second.tell, never)()
  expect(second.told.map((news) => 'id' in news && news.id)).toEqual(Array.from({ length: 21 }, () => 'tap-2'))
  for (let count = 0; count < 100; count += 1) feed.take(message('tap-2', mebibyte))
  const { told, tell } = page()
  feed.follow(tell, never)()
  expect(told[0]).toEqual(tapped('tap-2'))
  expect(told.length).toBeGreaterThan(10)
  expect(told.length).toBeLessThanOrEqual(33)
})

test('a page that does not read is told so, and then nothing more', () => {
  const feed = new TapFeed()
  let behind = 0
  let told = 0
  feed.follow(
    () => {
      told += 1
      return new Promise(() => {})
    },
    () => (behind += 1),
  )
  feed.take(tapped('tap-1'))
  for (let count = 0; count < 100; count += 1) feed.take(message('tap-1', mebibyte))
  expect(behind).toBe(1)
  expect(told).toBeLessThan(33)
})
