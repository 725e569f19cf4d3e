import { describe, expect, test, vi } from 'vitest'
import type { ReportChange } from '../../src/report/connection-report.ts'
import { Recorder } from '../../src/report/recorder.ts'
import { verdictOf } from '../../src/report/verdict.ts'

/** A recorder on a clock that goes on by one millisecond with every look. */
function recorderWith(observe?: (change: ReportChange) => void): Recorder {
  let time = 0
  return new Recorder({ url: 'ws://h/', startedAt: '2025-01-01T00:00:00.000Z', now: () => time++, observe })
}

describe('a recorder', () => {
  test('writes stages with their times, bytes and facts', () => {
    const recorder = recorderWith()
    const stage = recorder.begin('upgrade', { first: 1 })
    stage.fact('second', ['x'])
    stage.bytes(10, 20)
    stage.end(true)
    recorder.conclude(verdictOf('OPEN', {}))
    expect(recorder.report().stages).toEqual([
      {
        name: 'upgrade',
        startMs: 0,
        endMs: 1,
        ok: true,
        bytesSent: 10,
        bytesReceived: 20,
        facts: { first: 1, second: ['x'] },
      },
    ])
  })

  test('ends a stage once', () => {
    const recorder = recorderWith()
    const stage = recorder.begin('resolve')
    stage.end(false)
    stage.end(true)
    recorder.conclude(verdictOf('OPEN', {}))
    expect(recorder.report().stages).toMatchObject([{ ok: false, endMs: 1 }])
  })

  test('tells each step as it was at that time', () => {
    const told: ReportChange[] = []
    const recorder = recorderWith((change) => told.push(change))
    const stage = recorder.begin('resolve')
    stage.fact('host', 'h')
    stage.end(true)
    recorder.judged([{ id: 'H-REQ-02', ok: true, outcome: 'kept' }])
    recorder.conclude(verdictOf('OPEN', {}))
    expect(told.map(({ kind }) => kind)).toEqual(['stage', 'stage', 'rules', 'verdict'])
    expect(told[0]).toMatchObject({ stage: { endMs: null, ok: null, facts: {} } })
    expect(told[1]).toMatchObject({ stage: { endMs: 1, ok: true, facts: { host: 'h' } } })
  })

  test('goes on when an observer throws', () => {
    const recorder = recorderWith(() => {
      throw new Error('from the observer')
    })
    recorder.begin('resolve').end(true)
    recorder.conclude(verdictOf('OPEN', {}))
    expect(recorder.report().stages).toHaveLength(1)
  })

  test('goes on when an observer rejects, which ends no process', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const recorder = recorderWith(async () => {
      throw new Error('from the observer')
    })
    recorder.begin('resolve').end(true)
    recorder.conclude(verdictOf('OPEN', {}))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(recorder.report().stages).toHaveLength(1)
  })

  test('keeps verdicts in the order of the table, and of two on one rule the graver', () => {
    const recorder = recorderWith()
    recorder.judged([
      { id: 'H-RES-05', ok: false, outcome: 'broken' },
      { id: 'H-H1-09', ok: true, outcome: 'noted' },
    ])
    recorder.judged([
      { id: 'H-REQ-02', ok: true, outcome: 'kept' },
      { id: 'H-H1-09', ok: true, outcome: 'kept' },
    ])
    recorder.conclude(verdictOf('OPEN', {}))
    expect(recorder.report().rules).toEqual([
      { id: 'H-REQ-02', ok: true, outcome: 'kept' },
      { id: 'H-RES-05', ok: false, outcome: 'broken' },
      { id: 'H-H1-09', ok: true, outcome: 'noted' },
    ])
  })

  test('blames a stage that had ended well, or was never walked', () => {
    const recorder = recorderWith()
    recorder.begin('secure').end(true)
    recorder.begin('upgrade').end(false)
    recorder.blame('secure')
    recorder.blame('resolve')
    recorder.conclude(verdictOf('SECURE_FAILED', {}))
    expect(recorder.report().stages.map(({ name, ok }) => [name, ok])).toEqual([
      ['secure', false],
      ['upgrade', false],
      ['resolve', false],
    ])
  })

  test('gives snapshots that survive JSON and do not change', () => {
    const recorder = recorderWith()
    const stage = recorder.begin('open')
    recorder.conclude(verdictOf('OPEN', {}))
    const before = recorder.report()
    const copy: unknown = JSON.parse(JSON.stringify(before))
    stage.fact('late', true)
    stage.end(true)
    expect(before).toEqual(copy)
    expect(recorder.report().stages[0]?.ok).toBe(true)
  })

  test('has no report before the verdict', () => {
    expect(() => recorderWith().report()).toThrow('no verdict yet')
  })
})
