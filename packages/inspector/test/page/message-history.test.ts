import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import { countLines, placeOf, sliceLines } from '../../page/src/lines.ts'
import { blockBounds, emptyHistory, historyBounds, linesOf, tell } from '../../page/src/message-history.ts'
import type { MessageHistory } from '../../page/src/message-history.ts'
import { line } from './sample.ts'

function numbered(count: number): LogEntry[] {
  return Array.from({ length: count }, (_, index) => line(`${index + 1}`))
}

function kept(history: MessageHistory): number {
  return countLines(linesOf(history))
}

describe('a history', () => {
  test('keeps what was told in order, however it was told', () => {
    const lines = numbered(blockBounds.lines * 2 + 3)
    const atOnce = tell(emptyHistory, lines)
    const oneByOne = lines.reduce((history, one) => tell(history, [one]), emptyHistory)
    expect(oneByOne).toEqual(atOnce)
    expect(linesOf(atOnce).map((piece) => piece.length)).toEqual([blockBounds.lines, blockBounds.lines, 3])
    expect(linesOf(atOnce).flat()[700]).toMatchObject({ number: 701, entry: { data: '701' } })
  })

  test('being told nothing, it stays the same', () => {
    const history = tell(emptyHistory, numbered(2))
    expect(tell(history, [])).toBe(history)
  })

  test('what is full is never copied again', () => {
    const before = tell(emptyHistory, numbered(blockBounds.lines + 1))
    const after = tell(before, numbered(1))
    expect(after.blocks[0]).toBe(before.blocks[0])
    expect(after.blocks[1]).not.toBe(before.blocks[1])
  })

  test('keeps as many lines as it may, and forgets the oldest of one more', () => {
    const full = tell(emptyHistory, numbered(historyBounds.lines))
    expect(kept(full)).toBe(historyBounds.lines)
    expect(full).toMatchObject({ told: historyBounds.lines, forgotten: 0 })
    const over = tell(full, numbered(1))
    expect(over).toMatchObject({ told: historyBounds.lines + 1, forgotten: blockBounds.lines })
    expect(kept(over) + over.forgotten).toBe(over.told)
    expect(linesOf(over)[0]?.[0]?.number).toBe(blockBounds.lines + 1)
  })

  test('is bounded by what its lines hold, too', () => {
    const long = line('x'.repeat(blockBounds.characters))
    const most = historyBounds.characters / blockBounds.characters
    const full = tell(
      emptyHistory,
      Array.from({ length: most }, () => long),
    )
    expect(kept(full)).toBe(most)
    expect(tell(full, [long]).forgotten).toBe(1)
  })

  test('the newest line stays, however long it is', () => {
    const huge = { ...line(''), data: { length: historyBounds.characters + 1 } as unknown as string }
    const history = tell(tell(emptyHistory, numbered(3)), [line('x'.repeat(blockBounds.characters)), huge])
    expect(linesOf(history).flat().at(-1)?.number).toBe(5)
    expect(kept(history)).toBeGreaterThan(0)
    expect(kept(tell(history, [huge]))).toBe(1)
  })

  test('names the frame of each line, the forgotten ones counted', () => {
    const pong: LogEntry = { ...line(''), direction: 'sent', kind: 'pong' }
    const history = tell(tell(emptyHistory, [...numbered(historyBounds.lines), pong]), [...numbered(1), pong])
    expect(
      linesOf(history)
        .flat()
        .slice(-3)
        .map(({ frame }) => frame),
    ).toEqual(['sent pong 1', `received message ${historyBounds.lines + 1}`, 'sent pong 2'])
  })
})

describe('lines in pieces', () => {
  const lines = [[3, 4, 7], [], [9], [12, 13]].map((piece) =>
    piece.map((number) => ({ number, entry: line(''), frame: '' })),
  )
  const all = lines.flat()

  test('every slice is that of all of them', () => {
    expect(countLines(lines)).toBe(6)
    for (let from = 0; from <= 7; from += 1) {
      for (let to = from; to <= 7; to += 1) expect(sliceLines(lines, from, to)).toEqual(all.slice(from, to))
    }
  })

  test.each([
    [0, 0],
    [3, 0],
    [5, 2],
    [7, 2],
    [8, 3],
    [9, 3],
    [10, 4],
    [13, 5],
    [14, 6],
  ])('number %i, or the next, stands at %i', (number, place) => {
    expect(placeOf(lines, number)).toBe(place)
  })
})
