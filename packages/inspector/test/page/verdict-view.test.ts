import { expect, test } from 'vitest'
import { violationRow } from 'centouno/telling'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import { agentLost, noConnection } from '../../page/src/connection-model.ts'
import { verdictView } from '../../page/src/verdict-view.ts'
import { openReport, connectionAfter, refusedReport, stage } from './sample.ts'

const id = 'c1'
const opened: AgentNews = { news: 'report', id, report: openReport }

test('before anything it says what to do', () => {
  expect(verdictView(noConnection, 'en')).toMatchObject({ tone: 'calm', code: '' })
  expect(verdictView(noConnection, 'en').more).toMatch(/address/)
})

test('while connecting it names the stage that goes on', () => {
  const connection = connectionAfter({
    news: 'change',
    id,
    change: { kind: 'stage', stage: stage('connect', 0, null, null) },
  })
  expect(verdictView(connection, 'en')).toMatchObject({ tone: 'going', sentence: 'Connecting: TCP handshake …' })
  expect(verdictView(connection, 'zh').sentence).toBe('正在连接：TCP 握手……')
})

test('the verdict comes in the language of the page, with its code', () => {
  expect(verdictView(connectionAfter(opened), 'en')).toMatchObject({ tone: 'good', code: 'OPEN' })
  const refused = connectionAfter({ news: 'report', id, report: refusedReport })
  const [en, zh] = [verdictView(refused, 'en'), verdictView(refused, 'zh')]
  expect(en).toMatchObject({ tone: 'bad', code: 'UPGRADE_FORBIDDEN' })
  expect(en.sentence).toContain('403')
  expect(en.more).not.toBe('')
  expect(zh.sentence).not.toBe(en.sentence)
})

test('a certificate that is not believed: the page says which of its own switches lets one look nevertheless', () => {
  const verdict = { ...refusedReport.verdict, stage: 'secure', code: 'SECURE_SELF_SIGNED' } as const
  const refused = connectionAfter({ news: 'report', id, report: { ...refusedReport, verdict } })
  expect(verdictView(refused, 'en').more).toMatch(/ To look nevertheless, tick “Accept any certificate” /)
  expect(verdictView(refused, 'zh').more).toMatch(/。如果仍想查看，请在“请求设置”中勾选“接受任何证书”。$/)
})

test('after an end that was not clean it says how it ended, by its code, what to do, and what a browser would say', () => {
  const closing = {
    code: 1006,
    reason: '',
    clean: false,
    cause: 'protocol-violation',
    initiator: 'local',
    sent: { code: 1002, reason: '' },
    received: undefined,
    violation: 'FRAME_MASKED',
  } as const
  const view = verdictView(connectionAfter(opened, { news: 'closed', id, closing }), 'en')
  expect(view).toMatchObject({ tone: 'bad', code: 'FRAME_MASKED', sentence: violationRow('FRAME_MASKED').sentence.en })
  expect(view.more).toMatch(/^The server sends as if .* Status code 1006: /)
  const chinese = verdictView(connectionAfter(opened, { news: 'closed', id, closing }), 'zh')
  expect(chinese.sentence).toBe(violationRow('FRAME_MASKED').sentence.zh)
  expect(chinese.more).toMatch(/状态码 1006：/)
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
  const view = verdictView(connectionAfter(opened, { news: 'closed', id, closing }), 'en')
  expect(view.tone).toBe('calm')
  expect(view.code).toBe('END_CLOSED')
  expect(view.sentence).toBe('The other side closed the connection in good order, with 1000 (Normal Closure).')
})

test('losing the agent is told, and so is an attempt that was not made', () => {
  expect(verdictView(agentLost(connectionAfter(opened)), 'en')).toMatchObject({ tone: 'bad', code: '' })
  const refused = connectionAfter({ news: 'trouble', id, code: 'CONNECTION_LIMIT', sentence: '' })
  expect(verdictView(refused, 'en').sentence).toBe('The attempt was not made.')
})

// In a tap the banner said: This side closed the connection.
test.each([
  ['closing-handshake', 'local', /^The client closed it with 4001: “thanks”$/, /^客户端关闭了连接/],
  ['closing-handshake', 'remote', /^The server closed it with 4001: “thanks”$/, /^服务器关闭了连接/],
  ['local-abort', 'local', /^The client ended the TCP connection/, /^客户端结束了/],
  ['peer-fin', 'remote', /^The server ended the TCP connection/, /^服务器没有发送/],
  ['peer-reset', 'remote', /by the server or by something before it/, /服务器所为/],
  ['tls-alert', 'remote', /^The TLS layer of the server/, /^服务器的 TLS 层/],
] as const)(
  'of a connection that is watched it names client and server: %s, %s',
  (cause, initiator, english, chinese) => {
    const frame = { code: 4001, reason: 'thanks' }
    const closing = {
      code: 4001,
      reason: '',
      clean: true,
      cause,
      initiator,
      sent: frame,
      received: frame,
      violation: undefined,
    }
    const closed: AgentNews = { news: 'closed', id, closing }
    const watched = { ...connectionAfter(opened, closed), tapped: true }
    const [en, zh] = [verdictView(watched, 'en'), verdictView(watched, 'zh')]
    expect(en.sentence).toMatch(english)
    expect(zh.sentence).toMatch(chinese)
    expect(`${en.sentence} ${en.more}`).not.toMatch(/this side|other side/i)
    expect(`${zh.sentence} ${zh.more}`).not.toMatch(/本端|对方/)
  },
)
