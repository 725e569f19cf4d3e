import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import { countLines } from '../../page/src/lines.ts'
import { FilteredHistory, matcher, messageKinds, noFilter, passesAll } from '../../page/src/message-filter.ts'
import type { MessageFilter } from '../../page/src/message-filter.ts'
import { blockBounds, emptyHistory, tell } from '../../page/src/message-history.ts'
import { toBase64 } from '../../page/src/payload.ts'
import { line } from './sample.ts'

const hello: LogEntry = line('Hello, 你好')
const bytes: LogEntry = {
  ...line(toBase64(Uint8Array.of(0, 0x48, 0x65, 0x6c, 0xff))),
  kind: 'binary',
  direction: 'sent',
}
const ping: LogEntry = { ...line(toBase64(Uint8Array.of(1))), kind: 'ping' }
const close: LogEntry = { ...line('bye'), kind: 'close', code: 4001, direction: 'sent' }
const all = [hello, bytes, ping, close]

function passing(filter: Partial<MessageFilter>): readonly LogEntry[] {
  return all.filter(matcher({ ...noFilter, ...filter }))
}

describe('a filter', () => {
  test('that asks for nothing lets everything pass', () => {
    expect(passing({})).toEqual(all)
    expect(passesAll(noFilter)).toBe(true)
  })

  test('by direction and kind', () => {
    expect(passing({ direction: 'sent' })).toEqual([bytes, close])
    expect(passing({ kinds: new Set(['text', 'ping']) })).toEqual([hello, ping])
    expect(passing({ kinds: new Set(messageKinds), direction: 'received' })).toEqual([hello, ping])
    expect(passesAll({ ...noFilter, kinds: new Set(['text']) })).toBe(false)
  })

  test.each([
    ['hello', [hello]],
    ['你好', [hello]],
    ['BYE', [close]],
    ['4001', [close]],
    ['400', []],
    ['Hel', [hello, bytes]],
    ['48 65 6c ff', [bytes]],
    ['0048', [bytes]],
    ['01', [ping]],
    ['nowhere', []],
  ])('finds %j', (search, found) => {
    expect(passing({ search })).toEqual(found)
    expect(passesAll({ ...noFilter, search })).toBe(false)
  })
})

function yes(): boolean {
  return true
}

describe('the filtered lines of a history', () => {
  test('are all that pass, in order', () => {
    const lines = Array.from({ length: blockBounds.lines * 3 }, (_, index) => line(index % 2 === 0 ? 'even' : 'odd'))
    const found = new FilteredHistory({ ...noFilter, search: 'odd' }).lines(tell(emptyHistory, lines), yes)
    expect(countLines(found ?? [])).toBe((blockBounds.lines * 3) / 2)
    expect(found?.flat()[1]?.number).toBe(4)
  })

  test('a search goes on where it was interrupted, and does not look at anything twice', () => {
    const asked = { count: 0 }
    const counting = (data: string): LogEntry => ({
      ...line(data),
      get kind(): LogEntry['kind'] {
        asked.count += 1
        return 'text'
      },
    })
    const lines = Array.from({ length: blockBounds.lines * 3 }, () => counting('x'))
    const history = tell(emptyHistory, lines)
    asked.count = 0
    const filtered = new FilteredHistory({ ...noFilter, kinds: new Set(['text']) })
    for (const unfinished of [1, 2]) {
      let looked = 0
      expect(filtered.lines(history, () => looked++ === 0)).toBeUndefined()
      expect(asked.count).toBe(blockBounds.lines * unfinished)
    }
    expect(countLines(filtered.lines(history, yes) ?? [])).toBe(blockBounds.lines * 3)
    expect(asked.count).toBe(blockBounds.lines * 3)
    filtered.lines(history, yes)
    expect(asked.count).toBe(blockBounds.lines * 3)
  })
})
