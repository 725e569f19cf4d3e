import { describe, expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import { agentLost, beginClosing, noConnection } from '../../page/src/connection-model.ts'
import type { ConnectionView } from '../../page/src/connection-model.ts'
import { establishmentMs, formatMs, stageTimeline } from '../../page/src/stage-timeline.ts'
import type { StageLine } from '../../page/src/stage-timeline.ts'
import { openReport, connectionAfter, refusedReport, stage } from './sample.ts'

const id = 'c1'
const opened: AgentNews = { news: 'report', id, report: openReport }
const closed = (clean: boolean): AgentNews => ({
  news: 'closed',
  id,
  closing: {
    code: clean ? 1000 : 1006,
    reason: '',
    clean,
    cause: clean ? 'closing-handshake' : 'peer-fin',
    initiator: 'remote',
    sent: undefined,
    received: undefined,
    violation: undefined,
  },
})

function states(connection: ConnectionView): Record<string, string> {
  return Object.fromEntries(stageTimeline(connection).map(({ name, state }) => [name, state]))
}

describe('which stages are shown', () => {
  test('before anything: the stages of ws, all waiting', () => {
    expect(states(noConnection)).toEqual({
      resolve: 'waiting',
      connect: 'waiting',
      upgrade: 'waiting',
      open: 'waiting',
      close: 'waiting',
      disconnect: 'waiting',
    })
  })

  test.each(['wss://a/', ' WSS://a/', 'https://a/'])('secure is expected for %j', (url) => {
    expect(states({ ...noConnection, url })).toHaveProperty('secure', 'waiting')
  })

  test('proxy only when one was walked through', () => {
    const connection = { ...noConnection, stages: [stage('proxy', 0, 1, true)] }
    expect(Object.keys(states(connection))).toContain('proxy')
    expect(Object.keys(states(noConnection))).not.toContain('proxy')
  })
})

describe('their states', () => {
  test('one goes on, those before it are done, those after it wait', () => {
    const connection = connectionAfter(
      { news: 'change', id, change: { kind: 'stage', stage: stage('resolve', 0, 5, true) } },
      { news: 'change', id, change: { kind: 'stage', stage: stage('connect', 5, null, null) } },
    )
    expect(states(connection)).toMatchObject({ resolve: 'done', connect: 'going', upgrade: 'waiting' })
  })

  test('after a failure nothing waits any more', () => {
    expect(states(connectionAfter({ news: 'report', id, report: refusedReport }))).toEqual({
      resolve: 'done',
      connect: 'done',
      upgrade: 'failed',
      open: 'unreached',
      close: 'unreached',
      disconnect: 'unreached',
    })
  })

  test('open goes on while it is open, whether its record has an end or not', () => {
    const ended = { ...openReport, stages: [...openReport.stages.slice(0, 3), stage('open', 100, 100, true)] }
    for (const report of [openReport, ended]) {
      expect(states(connectionAfter({ news: 'report', id, report }))).toHaveProperty('open', 'going')
    }
  })

  test('close goes on when this side has asked for it', () => {
    expect(states(beginClosing(connectionAfter(opened)))).toMatchObject({ open: 'done', close: 'going' })
  })

  test('a clean closing is done, another has failed; TCP has ended either way', () => {
    const common = { open: 'done', disconnect: 'done' }
    expect(states(connectionAfter(opened, closed(true)))).toMatchObject({ ...common, close: 'done' })
    expect(states(connectionAfter(opened, closed(false)))).toMatchObject({ ...common, close: 'failed' })
  })

  test('a stage that was going on when the agent went away was not reached', () => {
    const connection = connectionAfter({
      news: 'change',
      id,
      change: { kind: 'stage', stage: stage('resolve', 0, null, null) },
    })
    expect(states(agentLost(connection))).toMatchObject({ resolve: 'unreached', connect: 'unreached' })
  })
})

function bars(connection: ConnectionView): readonly StageLine['bar'][] {
  return stageTimeline(connection).map(({ bar }) => bar)
}

describe('the waterfall', () => {
  test('is scaled to the time it took to open; what follows has no bar', () => {
    expect(bars(connectionAfter(opened))).toEqual([
      { left: 0, width: 10 },
      { left: 10, width: 20 },
      { left: 30, width: 70 },
      null,
      null,
      null,
    ])
  })

  test('begins with the first stage, however late that was', () => {
    const stages = [stage('resolve', 60, 70, true), stage('connect', 70, 100, true)]
    expect(bars({ ...noConnection, stages }).slice(0, 2)).toEqual([
      { left: 0, width: 25 },
      { left: 25, width: 75 },
    ])
  })

  test('gives a stage that goes on as much room as what came before it', () => {
    const stages = [stage('resolve', 0, 20, true), stage('connect', 20, null, null)]
    expect(bars({ ...noConnection, stages }).slice(0, 2)).toEqual([
      { left: 0, width: 50 },
      { left: 50, width: 50 },
    ])
  })

  test('a stage of no time can still be seen, and stays inside', () => {
    const stages = [stage('resolve', 0, 0, true), stage('connect', 0, 50, true), stage('upgrade', 50, 50, false)]
    for (const line of stageTimeline({ ...noConnection, stages })) {
      if (line.bar === null) continue
      expect(line.bar.width).toBeGreaterThan(0.5)
      expect(line.bar.left + line.bar.width).toBeLessThanOrEqual(100)
    }
  })

  test('durations are told only for stages that ended', () => {
    const durations = stageTimeline(connectionAfter(opened)).map(({ durationMs }) => durationMs)
    expect(durations).toEqual([10, 20, 70, null, null, null])
  })

  test('the whole is told once there is a verdict', () => {
    const connection = connectionAfter({
      news: 'change',
      id,
      change: { kind: 'stage', stage: stage('resolve', 0, 5, true) },
    })
    expect(establishmentMs(connection)).toBeNull()
    expect(establishmentMs(connectionAfter(opened))).toBe(100)
  })
})

test('facts come in the order they were learned, lists joined, bytes last', () => {
  const record = {
    ...stage('resolve', 0, 1, true),
    facts: { addresses: ['::1', '127.0.0.1'], literal: false },
    bytesSent: 12,
  }
  const [line] = stageTimeline({ ...noConnection, stages: [record] })
  expect(line?.facts).toEqual([
    ['addresses', { en: '::1, 127.0.0.1', zh: '::1, 127.0.0.1' }],
    ['literal', { en: 'no', zh: '否' }],
    ['bytesSent', { en: '12', zh: '12' }],
  ])
})

test.each([
  [0.4211, '0.42 ms'],
  [12.34, '12.3 ms'],
  [123.4, '123 ms'],
  [1234, '1.23 s'],
  [61_000, '61.0 s'],
])('%d ms is told as %s', (ms, told) => {
  expect(formatMs(ms)).toBe(told)
})
