import { describe, expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import * as model from '../../page/src/connection-model.ts'
import { line, openReport, openVerdict, pageAfter, refusedReport, stage } from './sample.ts'

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

describe('hello', () => {
  test('brings the demo addresses and touches nothing else', () => {
    const demo = { echo: 'ws://a/echo', chat: 'ws://a/chat', time: 'ws://a/time' }
    const page = model.applyNews(model.emptyPage, { news: 'hello', demo, version: '1.2.3' })
    expect(page).toEqual({ ...model.emptyPage, demo, version: '1.2.3' })
  })
})

describe('an attempt', () => {
  test('is connecting from the moment it is asked for', () => {
    expect(pageAfter().connection).toMatchObject({ id, url: openReport.url, phase: 'connecting', stages: [] })
  })

  test('a stage told again replaces what was told before, in its place', () => {
    const page = pageAfter(
      { news: 'change', id, change: { kind: 'stage', stage: stage('resolve', 0, null, null) } },
      { news: 'change', id, change: { kind: 'stage', stage: stage('connect', 5, null, null) } },
      { news: 'change', id, change: { kind: 'stage', stage: stage('resolve', 0, 5, true) } },
    )
    expect(page.connection.stages).toEqual([stage('resolve', 0, 5, true), stage('connect', 5, null, null)])
  })

  test('shows request, reply, rules and verdict as they are told, before the report', () => {
    const { request, response, rules } = openReport
    if (request === null || response === null) throw new Error('the sample has both')
    const page = pageAfter(
      { news: 'change', id, change: { kind: 'request', request } },
      { news: 'change', id, change: { kind: 'response', response } },
      { news: 'change', id, change: { kind: 'rules', rules } },
      { news: 'change', id, change: { kind: 'verdict', verdict: openVerdict } },
    )
    expect(page.connection).toMatchObject({ phase: 'connecting', request, response, rules, verdict: openVerdict })
  })

  test('the report decides: open or failed', () => {
    expect(pageAfter(opened).connection).toMatchObject({ phase: 'open', verdict: openVerdict })
    expect(pageAfter({ news: 'report', id, report: refusedReport }).connection.phase).toBe('failed')
  })

  test('a new attempt forgets the last one and its trouble', () => {
    const page = pageAfter(opened, { news: 'message', id, entry: line('a') }, { ...trouble, id })
    const next = model.beginAttempt(page, 'c2', 'ws://b/')
    expect(next.trouble).toBeNull()
    expect(next.connection).toMatchObject({ id: 'c2', phase: 'connecting', log: [], logged: 0, verdict: null })
  })

  test('news of an earlier connection change nothing', () => {
    const page = pageAfter(opened)
    for (const late of [goodbye, { news: 'message', id, entry: line('late') } as const, { ...trouble, id }]) {
      const other = { ...page, connection: { ...page.connection, id: 'c2' } }
      expect(model.applyNews(other, late)).toBe(other)
    }
  })
})

const trouble = { news: 'trouble', code: 'NOT_OPEN', sentence: 'It is not open.' } as const

describe('closing', () => {
  test('goes from open over closing to closed', () => {
    const closing = model.beginClosing(pageAfter(opened))
    expect(closing.connection.phase).toBe('closing')
    const closed = model.applyNews(closing, goodbye)
    expect(closed.connection.phase).toBe('closed')
    expect(closed.connection.closing?.code).toBe(1000)
  })

  test('can only begin where something is open', () => {
    const page = pageAfter()
    expect(model.beginClosing(page)).toBe(page)
  })

  test('an order to close that was refused leaves it open', () => {
    const page = model.applyNews(model.beginClosing(pageAfter(opened)), { ...trouble, id })
    expect(page.connection.phase).toBe('open')
    expect(page.trouble).toEqual({ code: 'NOT_OPEN', sentence: 'It is not open.' })
  })

  test('a report that comes after the end does not reopen it', () => {
    expect(pageAfter(goodbye, opened).connection.phase).toBe('closed')
  })
})

describe('trouble', () => {
  test('ends an attempt that gets no report', () => {
    expect(pageAfter({ ...trouble, id }).connection.phase).toBe('failed')
  })

  test('is shown when it names no connection, and can be dismissed', () => {
    const page = model.applyNews(pageAfter(opened), { ...trouble, id: '' })
    expect(page.trouble?.code).toBe('NOT_OPEN')
    expect(page.connection.phase).toBe('open')
    expect(model.dismissTrouble(page).trouble).toBeNull()
  })
})

describe('the agent goes away', () => {
  test('what was alive is lost with it', () => {
    for (const page of [pageAfter(), pageAfter(opened), model.beginClosing(pageAfter(opened))]) {
      expect(model.agentLost(page).connection.phase).toBe('lost')
    }
  })

  test('what was over stays as it was', () => {
    for (const page of [model.emptyPage, pageAfter(opened, goodbye), pageAfter({ ...trouble, id })]) {
      expect(model.agentLost(page)).toBe(page)
    }
  })
})

function messages(count: number): AgentNews[] {
  return Array.from({ length: count }, (_, index) => ({ news: 'message', id, entry: line(`${index + 1}`) }))
}

describe('the log', () => {
  test('keeps every line up to its cap', () => {
    const { log, logged } = pageAfter(opened, ...messages(model.logCap)).connection
    expect(log.length).toBe(model.logCap)
    expect(logged).toBe(model.logCap)
    expect(log[0]?.number).toBe(1)
  })

  test('forgets the oldest line beyond its cap, and goes on counting', () => {
    const { log, logged } = pageAfter(opened, ...messages(model.logCap + 1)).connection
    expect(log.length).toBe(model.logCap)
    expect(logged).toBe(model.logCap + 1)
    expect(log[0]).toMatchObject({ number: 2, entry: { data: '2' } })
    expect(log.at(-1)).toMatchObject({ number: model.logCap + 1, entry: { data: `${model.logCap + 1}` } })
  })
})

describe('reportSoFar', () => {
  test('is null before the first stage, and the report once it is there', () => {
    expect(model.reportSoFar(model.emptyPage.connection)).toBeNull()
    expect(model.reportSoFar(pageAfter(opened).connection)).toEqual(openReport)
  })

  test('stands in for the verdict while there is none, and does not call it open', () => {
    const page = pageAfter({ news: 'change', id, change: { kind: 'stage', stage: stage('resolve', 0, null, null) } })
    expect(model.reportSoFar(page.connection)).toMatchObject({ url: openReport.url, verdict: { ok: false, code: '' } })
  })
})
