import type { ConnectionReport, RuleVerdict, StageName, StageRecord, Verdict } from 'centouno/telling'
import type { AgentNews, LogEntry } from '../../src/agent/agent-message.ts'
import type { Rung } from '../../src/wire/rung.ts'
import { applyAll, beginAttempt } from '../../page/src/connection-model.ts'
import type { ConnectionView } from '../../page/src/connection-model.ts'

/** Samples of what an agent tells, for the tests of the page. */

export const requestHead: string = [
  'GET /echo HTTP/1.1',
  'Host: 127.0.0.1:9000',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  '',
  '',
].join('\r\n')

export const responseHead: string = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  '',
  '',
].join('\r\n')

export function stage(name: StageName, startMs: number, endMs: number | null, ok: boolean | null): StageRecord {
  return { name, startMs, endMs, ok, bytesSent: null, bytesReceived: null, facts: {} }
}

export const openVerdict: Verdict = { ok: true, stage: 'open', code: 'OPEN', sentence: '', hint: '', details: {} }

export const refusedVerdict: Verdict = {
  ok: false,
  stage: 'upgrade',
  code: 'UPGRADE_FORBIDDEN',
  sentence: '',
  hint: '',
  details: { status: 403, reason: 'Forbidden' },
}

export function verdict(id: string, outcome: RuleVerdict['outcome']): RuleVerdict {
  return { id, ok: outcome !== 'broken', outcome }
}

export const openReport: ConnectionReport = {
  url: 'ws://127.0.0.1:9000/echo',
  startedAt: '2026-01-01T00:00:00.000Z',
  verdict: openVerdict,
  stages: [
    stage('resolve', 0, 10, true),
    stage('connect', 10, 30, true),
    stage('upgrade', 30, 100, true),
    stage('open', 100, null, null),
  ],
  request: { head: requestHead, method: 'GET', target: '/echo', fields: [] },
  response: {
    head: responseHead,
    status: 101,
    reason: 'Switching Protocols',
    fields: [],
    body: '',
    bodyCut: false,
  },
  rules: [verdict('H-REQ-05', 'kept'), verdict('H-RES-05', 'kept')],
}

export const refusedReport: ConnectionReport = {
  ...openReport,
  verdict: refusedVerdict,
  stages: [stage('resolve', 0, 10, true), stage('connect', 10, 30, true), stage('upgrade', 30, 100, false)],
}

export function line(data: string): LogEntry {
  return { direction: 'received', kind: 'text', data, bytes: data.length, atMs: 1 }
}

/** The attempt `c1`, of which so much has been told. */
export function connectionAfter(...news: AgentNews[]): ConnectionView {
  return applyAll(beginAttempt('c1', openReport.url), news)
}

/** A rung of which only some parts matter. */
export function rung(part: Partial<Rung>): Rung {
  return {
    id: 0,
    layer: 'tcp',
    from: 'client',
    to: 'server',
    atMs: 0,
    label: { en: '', zh: '' },
    sentence: { en: '', zh: '' },
    clause: '',
    inferred: false,
    decrypted: false,
    alarming: false,
    bytes: '',
    byteCount: 0,
    fields: [],
    ...part,
  }
}
