import type { ConnectionReport, Field, StageRecord, Verdict } from 'centouno/telling'

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

const requestFields: readonly Field[] = [
  { name: 'Host', value: 'chat.example:8080' },
  { name: 'Upgrade', value: 'websocket' },
  { name: 'Connection', value: 'Upgrade' },
  { name: 'Sec-WebSocket-Key', value: key },
  { name: 'Sec-WebSocket-Version', value: '13' },
  { name: 'Origin', value: 'https://page.example' },
  { name: 'Sec-WebSocket-Protocol', value: 'chat.v1, echo.v1' },
  { name: 'Cookie', value: 'session=top-secret' },
]

const responseFields: readonly Field[] = [
  { name: 'Upgrade', value: 'websocket' },
  { name: 'Connection', value: 'Upgrade' },
  { name: 'Sec-WebSocket-Accept', value: accept },
  { name: 'Sec-WebSocket-Protocol', value: 'chat.v1' },
]

/** A head as it goes over the wire. */
function headOf(startLine: string, fields: readonly Field[]): string {
  return `${startLine}\r\n${fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** A stage that took from one time to another. */
export function stage(
  name: StageRecord['name'],
  startMs: number,
  endMs: number | null,
  ok: boolean | null = endMs === null ? null : true,
  facts: StageRecord['facts'] = {},
): StageRecord {
  return { name, startMs, endMs, ok, bytesSent: null, bytesReceived: null, facts }
}

/** A verdict as a report carries it. */
export function verdict(code: string, stageName: Verdict['stage'], details: Verdict['details'] = {}): Verdict {
  return { ok: code === 'OPEN', stage: stageName, code, sentence: '', hint: '', details }
}

export const resolved: StageRecord = stage('resolve', 0, 1.5, true, { host: 'chat.example', addresses: ['192.0.2.7'] })
export const connected: StageRecord = stage('connect', 1.5, 4, true, { address: '192.0.2.7', port: 8080 })

/** A handshake that went well. */
export const openReport: ConnectionReport = {
  url: 'ws://chat.example:8080/room?x=1',
  startedAt: '2026-01-01T00:00:00.000Z',
  verdict: { ...verdict('OPEN', 'open', { subprotocol: 'chat.v1' }), sentence: 'The connection is open.' },
  stages: [resolved, connected, stage('upgrade', 4, 10), stage('open', 10, null)],
  request: {
    head: headOf('GET /room?x=1 HTTP/1.1', requestFields),
    method: 'GET',
    target: '/room?x=1',
    fields: requestFields,
  },
  response: {
    head: headOf('HTTP/1.1 101 Switching Protocols', responseFields),
    status: 101,
    reason: 'Switching Protocols',
    fields: responseFields,
    body: '',
    bodyCut: false,
  },
  rules: [
    { id: 'H-REQ-02', ok: true, outcome: 'kept' },
    { id: 'H-REQ-11', ok: true, outcome: 'noted', found: { en: 'A note.', zh: '一条说明。' } },
    { id: 'H-REQ-15', ok: true, outcome: 'idle' },
  ],
}

/** The server answered with ordinary HTTP and named the rule it refused by. */
export const refusedReport: ConnectionReport = {
  ...openReport,
  verdict: verdict('UPGRADE_UPGRADE_REQUIRED', 'upgrade', { status: 426, reason: 'Upgrade Required' }),
  stages: [resolved, connected, stage('upgrade', 4, 10, false)],
  response: {
    head: headOf('HTTP/1.1 426 Upgrade Required', [{ name: 'Sec-WebSocket-Version', value: '13' }]),
    status: 426,
    reason: 'Upgrade Required',
    fields: [{ name: 'Sec-WebSocket-Version', value: '13' }],
    body: 'H-REQ-12: the version is not 13.\nSend 13.\n',
    bodyCut: false,
  },
  rules: [],
}
