import { expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import { agentLost, emptyPage } from '../../page/src/connection-model.ts'
import { verdictView } from '../../page/src/verdict-view.ts'
import { openReport, pageAfter, refusedReport, stage } from './sample.ts'

const id = 'c1'
const opened: AgentNews = { news: 'report', id, report: openReport }

test('before anything it says what to do', () => {
  expect(verdictView(emptyPage.connection, 'en')).toMatchObject({ tone: 'calm', code: '' })
  expect(verdictView(emptyPage.connection, 'en').more).toMatch(/address/)
})

test('while connecting it names the stage that goes on', () => {
  const page = pageAfter({ news: 'change', id, change: { kind: 'stage', stage: stage('connect', 0, null, null) } })
  expect(verdictView(page.connection, 'en')).toMatchObject({ tone: 'going', sentence: 'Connecting: TCP handshake …' })
  expect(verdictView(page.connection, 'zh').sentence).toBe('正在连接：TCP 握手……')
})

test('the verdict comes in the language of the page, with its code', () => {
  expect(verdictView(pageAfter(opened).connection, 'en')).toMatchObject({ tone: 'good', code: 'OPEN' })
  const refused = pageAfter({ news: 'report', id, report: refusedReport }).connection
  const [en, zh] = [verdictView(refused, 'en'), verdictView(refused, 'zh')]
  expect(en).toMatchObject({ tone: 'bad', code: 'UPGRADE_FORBIDDEN' })
  expect(en.sentence).toContain('403')
  expect(en.more).not.toBe('')
  expect(zh.sentence).not.toBe(en.sentence)
})

test('after the end it says how it ended, who began, and which rule was broken', () => {
  const closing = {
    code: 1002,
    reason: 'masked',
    clean: false,
    cause: 'protocol-violation',
    initiator: 'local',
    sent: { code: 1002, reason: '' },
    received: undefined,
    violation: 'FRAME_MASKED',
  } as const
  const view = verdictView(pageAfter(opened, { news: 'closed', id, closing }).connection, 'en')
  expect(view).toMatchObject({ tone: 'bad', code: '1002' })
  expect(view.sentence).toContain('“masked”')
  expect(view.more).toMatch(/FRAME_MASKED.*This side began/)
})

test('a clean end is calm, and an empty reason leaves no empty quotes', () => {
  const closing = {
    code: 1000,
    reason: '',
    clean: true,
    cause: 'closing-handshake',
    initiator: 'remote',
    sent: undefined,
    received: undefined,
    violation: undefined,
  } as const
  const view = verdictView(pageAfter(opened, { news: 'closed', id, closing }).connection, 'en')
  expect(view.tone).toBe('calm')
  expect(view.sentence).toBe('The connection was open, and is closed with 1000.')
})

test('losing the agent is told, and so is an attempt that was not made', () => {
  expect(verdictView(agentLost(pageAfter(opened)).connection, 'en')).toMatchObject({ tone: 'bad', code: '' })
  const refused = pageAfter({ news: 'trouble', id, code: 'CONNECTION_LIMIT', sentence: '' })
  expect(verdictView(refused.connection, 'en').sentence).toBe('The attempt was not made.')
})
