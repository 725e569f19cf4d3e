import { describe, expect, test } from 'vitest'
import type { Layer, Rung } from '../../src/wire/rung.ts'
import { ladderCap } from '../../page/src/ladder-model.ts'
import type { LadderView } from '../../page/src/ladder-model.ts'
import { isCarrier, ladderRows, layerCounts, parties, rowsInSight } from '../../page/src/ladder-rows.ts'
import type { LadderSight } from '../../page/src/ladder-rows.ts'
import { rung } from './sample.ts'

function ladder(...layers: Layer[]): LadderView {
  // Each at a time of its own, so that none carries the next.
  return { rungs: layers.map((layer, id) => rung({ id, layer, atMs: id })), omitted: 0, omittedFrames: {} }
}

function sight(part: Partial<LadderSight> = {}): LadderSight {
  return { hidden: new Set(), folded: new Set(), carriers: true, ...part }
}

function story(view: LadderView, part?: Partial<LadderSight>): string[] {
  return ladderRows(view, sight(part)).map((row) => {
    if (row.kind === 'group') return `${row.folded ? '▸' : '▾'} ${row.layer} ${row.count}`
    return row.kind === 'rung' ? `${row.rung.layer} ${row.rung.id}` : `omitted ${row.count}`
  })
}

const sample = ladder('tcp', 'tcp', 'http', 'websocket', 'websocket', 'tcp')

describe('rows', () => {
  test('rungs of one layer in a row stand under a line of their own, a single one does not', () => {
    expect(story(sample)).toEqual([
      '▾ tcp 2',
      'tcp 0',
      'tcp 1',
      'http 2',
      '▾ websocket 2',
      'websocket 3',
      'websocket 4',
      'tcp 5',
    ])
  })

  test('a folded layer leaves its lines', () => {
    expect(story(sample, { folded: new Set<Layer>(['tcp']) })).toEqual([
      '▸ tcp 2',
      'http 2',
      '▾ websocket 2',
      'websocket 3',
      'websocket 4',
      '▸ tcp 1',
    ])
  })

  test('a hidden layer leaves nothing, and what it stood between grows together', () => {
    const view = ladder('websocket', 'tcp', 'websocket')
    expect(story(view, { hidden: new Set<Layer>(['tcp']) })).toEqual(['▾ websocket 2', 'websocket 0', 'websocket 2'])
  })

  test('what is no longer kept is told where it was', () => {
    const layers = Array.from({ length: ladderCap.first + 1 }, (): Layer => 'websocket')
    const rows = story({ ...ladder(...layers), omitted: 7 })
    expect(rows.slice(-2)).toEqual(['omitted 7', `websocket ${ladderCap.first}`])
  })
})

describe('a carrier', () => {
  const record = rung({ id: 0, layer: 'tls', atMs: 5 })
  const frame = rung({ id: 1, layer: 'websocket', atMs: 5 })

  test('went with the rung above it, in the same direction at the same moment', () => {
    expect(isCarrier(record, frame)).toBe(true)
    expect(isCarrier(record, { ...frame, atMs: 6 })).toBe(false)
    expect(isCarrier(record, { ...frame, from: 'server' })).toBe(false)
    expect(isCarrier(frame, record)).toBe(false)
    expect(isCarrier(record, undefined)).toBe(false)
  })

  test('is left out when the reader does not ask for it', () => {
    const view = { rungs: [record, frame], omitted: 0, omittedFrames: {} }
    expect(story(view, { carriers: false })).toEqual(['websocket 1'])
    expect(story(view)).toEqual(['tls 0', 'websocket 1'])
  })
})

test('layers are counted from the lowest up; one without rungs is left out', () => {
  expect(layerCounts(sample.rungs)).toEqual([
    ['tcp', 3],
    ['http', 1],
    ['websocket', 2],
  ])
})

test('a proxy takes part when it says something', () => {
  const asked: Rung = { ...rung({}), to: 'proxy' }
  expect(parties(sample.rungs)).toEqual(['client', 'server'])
  expect(parties([...sample.rungs, asked])).toEqual(['client', 'proxy', 'server'])
})

test('of thousands of rows only those in sight are drawn, with some to spare', () => {
  const { from, to } = rowsInSight(20_000, 38, 380_000, 600)
  expect(from).toBeLessThanOrEqual(10_000)
  expect(to).toBeGreaterThanOrEqual(10_016)
  expect(to - from).toBeLessThan(40)
  expect(rowsInSight(3, 38, 0, 600)).toEqual({ from: 0, to: 3 })
  // Scrolled far down while most of the rows go away.
  expect(rowsInSight(2, 38, 380_000, 600)).toEqual({ from: 2, to: 2 })
})
