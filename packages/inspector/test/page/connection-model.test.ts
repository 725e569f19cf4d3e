import { describe, expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import * as model from '../../page/src/connection-model.ts'
import { connectionAfter, line, openReport, openVerdict, refusedReport, rung, stage } from './sample.ts'

const id = 'c1'
const opened: AgentNews = { news: 'report', id, report: openReport }
const goodbye: AgentNews = {
  news: 'closed',
  id,
  closing: {
    code: 1000,
    reason: '',
    clean: true,
    cause: 'closing-handshake',
    initiator: 'local',
    sent: { code: 1000, reason: '' },
    received: { code: 1000, reason: '' },
    violation: undefined,
  },
}
const step = (at: number, kind: 'going' | 'done' | 'stopped'): AgentNews => ({
  news: 'step',
  id,
  at,
  outcome: { kind },
})
const trouble = { news: 'trouble', code: 'NOT_OPEN', sentence: 'It is not open.' } as const

describe('an attempt', () => {
  test('is connecting from the moment it is asked for', () => {
    expect(connectionAfter()).toMatchObject({ id, url: openReport.url, phase: 'connecting', stages: [], tapped: false })
  })

  test('of another program is connecting from the moment it is told of', () => {
    expect(model.beginTapped('t1', 'ws://a/')).toMatchObject({ id: 't1', phase: 'connecting', tapped: true })
  })

  test('a stage told again replaces what was told before, in its place', () => {
    const connection = connectionAfter(
      { news: 'change', id, change: { kind: 'stage', stage: stage('resolve', 0, null, null) } },
      { news: 'change', id, change: { kind: 'stage', stage: stage('connect', 5, null, null) } },
      { news: 'change', id, change: { kind: 'stage', stage: stage('resolve', 0, 5, true) } },
    )
    expect(connection.stages).toEqual([stage('resolve', 0, 5, true), stage('connect', 5, null, null)])
  })

  test('shows request, reply, rules and verdict as they are told, before the report', () => {
    const { request, response, rules } = openReport
    if (request === null || response === null) throw new Error('the sample has both')
    const connection = connectionAfter(
      { news: 'change', id, change: { kind: 'request', request } },
      { news: 'change', id, change: { kind: 'response', response } },
      { news: 'change', id, change: { kind: 'rules', rules } },
      { news: 'change', id, change: { kind: 'verdict', verdict: openVerdict } },
    )
    expect(connection).toMatchObject({ phase: 'connecting', request, response, rules, verdict: openVerdict })
  })

  test('the report decides: open or failed', () => {
    expect(connectionAfter(opened)).toMatchObject({ phase: 'open', verdict: openVerdict })
    expect(connectionAfter({ news: 'report', id, report: refusedReport }).phase).toBe('failed')
  })

  test('news of another connection change nothing', () => {
    const other = model.beginAttempt('c2', openReport.url)
    const demo = { echo: 'ws://a/echo', chat: 'ws://a/chat', time: 'ws://a/time' }
    const late: AgentNews[] = [
      opened,
      goodbye,
      { news: 'message', id, entry: line('late') },
      { news: 'rung', id, rung: rung({}) },
      { ...trouble, id },
      { news: 'tapped', id: 'c3', url: 'ws://a/' },
      { news: 'hello', demo, version: '1.2.3' },
    ]
    expect(model.applyAll(other, late)).toBe(other)
  })
})

describe('closing', () => {
  test('goes from open over closing to closed', () => {
    const closing = model.beginClosing(connectionAfter(opened))
    expect(closing.phase).toBe('closing')
    expect(model.applyAll(closing, [goodbye])).toMatchObject({ phase: 'closed', closing: { code: 1000 } })
  })

  test('can only begin where something is open', () => {
    const connection = connectionAfter()
    expect(model.beginClosing(connection)).toBe(connection)
  })

  test('an order to close that was refused leaves it open', () => {
    const connection = model.applyAll(model.beginClosing(connectionAfter(opened)), [{ ...trouble, id }])
    expect(connection.phase).toBe('open')
    expect(connection.trouble).toEqual({ code: 'NOT_OPEN', sentence: 'It is not open.' })
  })

  test('a report that comes after the end does not reopen it', () => {
    expect(connectionAfter(goodbye, opened).phase).toBe('closed')
  })
})

describe('trouble', () => {
  test('ends an attempt that gets no report', () => {
    expect(connectionAfter({ ...trouble, id }).phase).toBe('failed')
  })

  test('can be dismissed', () => {
    const connection = connectionAfter(opened, { ...trouble, id })
    expect(connection.trouble?.code).toBe('NOT_OPEN')
    const dismissed = model.dismissTrouble(connection)
    expect(dismissed.trouble).toBeNull()
    expect(model.dismissTrouble(dismissed)).toBe(dismissed)
  })
})

describe('the agent goes away', () => {
  test('what was alive is lost with it', () => {
    for (const alive of [connectionAfter(), connectionAfter(opened), model.beginClosing(connectionAfter(opened))]) {
      expect(model.agentLost(alive).phase).toBe('lost')
    }
  })

  test('what was over stays as it was', () => {
    for (const over of [model.noConnection, connectionAfter(opened, goodbye), connectionAfter({ ...trouble, id })]) {
      expect(model.agentLost(over)).toBe(over)
    }
  })
})

test('messages and rungs are told in the order in which they came, whatever came between', () => {
  const { messages, ladder, phase } = connectionAfter(
    { news: 'message', id, entry: line('one') },
    opened,
    { news: 'rung', id, rung: rung({ id: 1 }) },
    { news: 'message', id, entry: line('two') },
    { news: 'rung', id, rung: rung({ id: 2 }) },
    goodbye,
  )
  expect(messages.blocks.flatMap(({ entries }) => entries.map(({ entry }) => entry.data))).toEqual(['one', 'two'])
  expect(ladder.rungs.map((one) => one.id)).toEqual([1, 2])
  expect(phase).toBe('closed')
})

describe('saved steps', () => {
  test('are told by their places, and go on until the last was told', () => {
    const going = connectionAfter(opened, step(0, 'going'), step(0, 'done'), step(1, 'going'))
    expect(going.steps).toEqual([{ kind: 'done' }, { kind: 'going' }])
    expect(model.hasStepsGoing(going)).toBe(true)
    const stopped = connectionAfter(opened, step(0, 'going'), step(0, 'done'), step(1, 'going'), step(1, 'stopped'))
    expect(stopped.steps).toEqual([{ kind: 'done' }, { kind: 'stopped' }])
    expect(model.hasStepsGoing(stopped)).toBe(false)
  })

  test('that are run anew begin anew; with the agent gone none goes on', () => {
    const anew = model.beginSteps(connectionAfter(opened, step(0, 'done'), step(1, 'stopped')))
    expect(anew.steps).toEqual([{ kind: 'going' }])
    expect(model.hasStepsGoing(model.agentLost(anew))).toBe(false)
  })

  test('that were asked for too late were not begun', () => {
    const asked = model.beginSteps(connectionAfter(opened))
    expect(model.applyAll(asked, [{ ...trouble, id }]).steps).toEqual([])
    expect(model.applyAll(asked, [{ ...trouble, code: 'SEND_LIMIT', id }]).steps).toEqual([{ kind: 'going' }])
  })
})

describe('reportSoFar', () => {
  test('is null before the first stage, and the report once it is there', () => {
    expect(model.reportSoFar(model.noConnection)).toBeNull()
    expect(model.reportSoFar(connectionAfter(opened))).toEqual(openReport)
  })

  test('stands in for the verdict while there is none, and does not call it open', () => {
    const news: AgentNews = {
      news: 'change',
      id,
      change: { kind: 'stage', stage: stage('resolve', 0, null, null) },
    }
    expect(model.reportSoFar(connectionAfter(news))).toMatchObject({
      url: openReport.url,
      verdict: { ok: false, code: '' },
    })
  })
})
