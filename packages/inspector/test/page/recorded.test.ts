import { describe, expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import { linesOf } from '../../page/src/message-history.ts'
import { noConnection } from '../../page/src/connection-model.ts'
import { connectionOf, harText, openRecorded, recordedOf, sessionText } from '../../page/src/recorded.ts'
import { verdictView } from '../../page/src/verdict-view.ts'
import { connectionAfter, line, openReport, refusedReport, rung } from './sample.ts'

const news: AgentNews[] = [
  { news: 'report', id: 'c1', report: openReport },
  { news: 'message', id: 'c1', entry: line('hello') },
  { news: 'rung', id: 'c1', rung: rung({ id: 1, layer: 'websocket' }) },
]

describe('a session', () => {
  test('opens as it was saved, but over', () => {
    const live = connectionAfter(...news)
    const [recorded, ...others] = openRecorded(sessionText([live], '1.2.3'))
    if (recorded === undefined) throw new Error('one was saved')
    expect(others).toEqual([])
    const { stages, request, response, rules, verdict, ladder, messages, url } = live
    expect(connectionOf(recorded, 'f1')).toMatchObject({
      id: 'f1',
      phase: 'closed',
      url,
      stages,
      request,
      response,
      rules,
      verdict,
      ladder,
      messages,
    })
  })

  test('tells its end without taking sides', () => {
    const frame = { code: 4001, reason: 'thanks' }
    const closing = {
      code: 4001,
      reason: 'thanks',
      clean: true,
      cause: 'closing-handshake',
      initiator: 'local',
      sent: frame,
      received: frame,
      violation: undefined,
    } as const
    const live = connectionAfter(...news, { news: 'closed', id: 'c1', closing })
    expect(verdictView(live, 'en').sentence).toMatch(/^This side closed/)
    const [recorded] = openRecorded(sessionText([live], '1.2.3'))
    const opened = recorded && connectionOf(recorded, 'f1')
    expect(opened && verdictView(opened, 'en').sentence).toBe('The client closed it with 4001: “thanks”')
  })

  test('a connection that failed has failed', () => {
    const failed = connectionAfter({ news: 'report', id: 'c1', report: refusedReport })
    const [recorded] = openRecorded(sessionText([failed], '1.2.3'))
    expect(recorded && connectionOf(recorded, 'f1').phase).toBe('failed')
  })

  test('what was never begun is not saved', () => {
    expect(recordedOf(noConnection)).toBeUndefined()
    expect(openRecorded(sessionText([noConnection, connectionAfter(...news)], '1'))).toHaveLength(1)
  })
})

test('a HAR has the messages, and opens again', () => {
  const [recorded] = openRecorded(harText([connectionAfter(...news)], '1.2.3'))
  if (recorded === undefined) throw new Error('one was exported')
  const { messages, url } = connectionOf(recorded, 'f1')
  expect(url).toBe(openReport.url)
  expect(linesOf(messages).flat()[0]?.entry).toMatchObject({ direction: 'received', kind: 'text', data: 'hello' })
})

test.each([
  ['', 'FILE_UNKNOWN'],
  ['pcap', 'FILE_UNKNOWN'],
  ['{"a":1}', 'FILE_UNKNOWN'],
  ['{"a":', 'FILE_NOT_JSON'],
  ['{"format":"centouno-session","version":9,"creator":"","secrets":"kept","connections":[]}', 'SESSION_VERSION'],
])('%j is refused with %s', (text, code) => {
  expect(() => openRecorded(text)).toThrow(expect.objectContaining({ code }))
})
