import { describe, expect, test } from 'vitest'
import type { MemoryRow, Result, TimeRow } from '../../src/measure/result.ts'
import { memoryModes, modes } from '../../src/modes/modes.ts'
import { memoryCells, significant, timeCells, timeColumns } from '../../src/report/cells.ts'
import { type Judged, judgeGoals } from '../../src/report/goals.ts'
import { type CpuProfile, hotFunctions } from '../../src/report/hot-functions.ts'
import { resultAsMarkdown } from '../../src/report/markdown.ts'
import { alignTable, markdownTable } from '../../src/report/table.ts'

function row(peer: string, cpus: readonly number[], mode = 'echo-20x64'): TimeRow {
  const rounds = cpus.map((cpu) => ({
    cpu,
    loadCpu: 0.25,
    messages: 10,
    perSecond: 1234.5,
    subjectBusy: 0.99,
    loadBusy: 0.5,
  }))
  return { mode, peer, version: `${peer} 1.0`, rounds }
}

function result(parts: Partial<Result>): Result {
  return {
    format: 1,
    date: '2026-01-02',
    commit: 'abcdef0',
    node: 'v20.0.0',
    quick: false,
    machine: { cpu: 'a CPU', cores: 2, system: 'Linux 6', pinned: true },
    time: [],
    memory: [],
    omissions: [],
    ...parts,
  }
}

function memory(mode: string, peer: string, connections: number, bytes: number): MemoryRow {
  return { mode, peer, version: `${peer} 1.0`, connections, bytes }
}

function judged(parts: Partial<Result>): readonly Judged[] {
  return judgeGoals(result(parts), modes, memoryModes)
}

function growing(cpu: number, connections: number): TimeRow {
  return row('centouno', [cpu], `connections-${connections}`)
}

function node(id: number, functionName: string): CpuProfile['nodes'][number] {
  return { id, callFrame: { functionName, url: 'file:///a/b/c.js', lineNumber: 6 } }
}

describe('tables', () => {
  test('names stand left, figures right, and columns without any are left out', () => {
    const table = alignTable(
      ['peer', 'CPU', 'none'],
      [
        ['centouno', '1', ''],
        ['ws', '10.5', ''],
      ],
    )
    expect(table).toBe(['peer       CPU', 'centouno     1', 'ws        10.5'].join('\n'))
  })

  test('the same in Markdown', () => {
    expect(markdownTable(['peer', 'CPU'], [['ws', '10.5']])).toBe('| peer | CPU |\n| --- | --: |\n| ws | 10.5 |')
  })

  test.each([
    [0, '0'],
    [0.2345, '0.234'],
    [7.5, '7.50'],
    [65.43, '65.4'],
    [1234.5, '1235'],
    [0.00012, '0.0001'],
    [Number.NaN, '–'],
  ])('%f is shown as %s', (value, shown) => {
    expect(significant(value)).toBe(shown)
  })

  test('a row has its median, its spread, and how it compares to ws, now and before', () => {
    const rows = [row('centouno', [1, 2, 1.5]), row('ws', [15, 15, 30])]
    const before = result({ time: [row('centouno', [2]), row('ws', [10])] })
    const [own = []] = timeCells(rows, before)
    const named = Object.fromEntries(timeColumns.map((column, index) => [column, own[index]]))
    expect(named).toMatchObject({ peer: 'centouno', 'CPU µs': '1.50', spread: '±33 %', 'x ws': '10.0x' })
    expect(named).toMatchObject({ 'x ws before': '5.00x', busy: '99 %', 'load busy': '50 %', 'p50 µs': '' })
  })

  test('without ws there is nothing to compare to', () => {
    const cells = timeCells([row('centouno', [1])], undefined)
    expect(cells[0]?.slice(0, 5)).toEqual(['centouno', '1.00', '±0 %', '', ''])
  })

  test('memory is compared at the same number of connections', () => {
    const cells = memoryCells(
      [memory('idle', 'centouno', 10, 500), memory('idle', 'ws', 10, 1000), memory('idle', 'ws', 20, 1)],
      undefined,
    )
    expect(cells[0]).toEqual(['centouno', '10', '500', '0.500', ''])
  })
})

describe('goals', () => {
  test('are met at the limit, and not above it', () => {
    const bun = row('bun', [0.5])
    expect(judged({ time: [row('centouno', [0.5]), row('ws', [10]), bun] }).map(({ met }) => met)).toEqual([true, true])
    expect(judged({ time: [row('centouno', [0.51]), row('ws', [10]), bun] }).map(({ met }) => met)).toEqual([
      false,
      false,
    ])
  })

  test('are not judged without the figures', () => {
    expect(judged({ time: [row('centouno', [0.5])] })).toEqual([])
    expect(judged({ time: [row('ws', [0.5])] })).toEqual([])
  })

  test('cost that grows is told', () => {
    expect(judged({ time: [growing(8, 10), growing(9.2, 10_000)] })).toMatchObject([
      { mode: 'connections-*', met: true },
    ])
    expect(judged({ time: [growing(8, 10), growing(9.3, 10_000)] })).toMatchObject([
      { mode: 'connections-*', met: false },
    ])
  })

  test('memory is judged in shares, in bytes and in growth', () => {
    const found = judged({
      memory: [
        memory('idle', 'centouno', 10_000, 800),
        memory('idle', 'centouno', 20_000, 1000),
        memory('idle', 'ws', 10_000, 1000),
        memory('deflate-idle', 'centouno', 10_000, 40 * 1024 + 1),
      ],
    })
    expect(found.map(({ mode, met }) => [mode, met])).toEqual([
      ['idle', true],
      ['idle', false],
      ['deflate-idle', false],
    ])
  })
})

test('the document has goals, figures, what was left out, and where it was measured', () => {
  const text = resultAsMarkdown(
    result({
      time: [row('centouno', [0.5]), row('ws', [10])],
      omissions: [{ mode: 'deflate-1k', peer: 'deno', why: 'permessage-deflate is not offered' }],
    }),
    undefined,
    modes,
    memoryModes,
  )
  expect(text).toContain('2026-01-02, commit abcdef0, Node v20.0.0')
  expect(text).toContain('| echo-20x64 | 20.0x less CPU than ws | 20.0x less | yes |')
  expect(text).toContain('- deno: permessage-deflate is not offered')
  expect(text).not.toContain('## handshake')
})

test('the hottest function of a profile comes first, its calls added up over all its nodes', () => {
  const profile = {
    nodes: [node(1, 'cold'), node(2, 'hot'), node(3, 'hot'), node(4, 'never'), node(5, '(idle)')],
    samples: [1, 2, 5, 3, 3],
  }
  expect(hotFunctions(profile, 9)).toEqual([
    { name: 'hot', place: 'b/c.js:7', share: 0.75 },
    { name: 'cold', place: 'b/c.js:7', share: 0.25 },
  ])
})
