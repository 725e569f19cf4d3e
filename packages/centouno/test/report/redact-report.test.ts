import { expect, test } from 'vitest'
import type { ConnectionReport } from '../../src/report/connection-report.ts'
import { hidden } from '../../src/report/hiding.ts'
import { Recorder } from '../../src/report/recorder.ts'
import { redactReport } from '../../src/report/redact-report.ts'
import { verdictOf } from '../../src/report/verdict.ts'

const secret = 'S3cr3t-0123456789'
const url = `ws://h/chat?token=${secret}`
const fields = [
  { name: 'Host', value: 'h' },
  { name: 'Cookie', value: `session=${secret}` },
  { name: 'Sec-WebSocket-Protocol', value: `chat.v1, bearer.${secret}` },
]
const request = {
  head: `GET /chat?token=${secret} HTTP/1.1\r\n${fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`,
  method: 'GET',
  target: `/chat?token=${secret}`,
  fields,
}
const response = {
  head: `HTTP/1.1 404 Not Found\r\nSet-Cookie: session=${secret}\r\n\r\n`,
  status: 404,
  reason: 'Not Found',
  fields: [{ name: 'Set-Cookie', value: `session=${secret}` }],
  body: '',
  bodyCut: false,
}
const found = { en: `offered were \`bearer.${secret}\``, zh: `客户端提出的是 \`bearer.${secret}\`` }
const verdict = verdictOf('UPGRADE_NOT_FOUND', { url, target: request.target, host: 'h', port: 80 })

test('a recorder writes no secret, and tells none', () => {
  const told: unknown[] = []
  const recorder = new Recorder({ url, startedAt: '', now: () => 0, observe: (change) => told.push(change) })
  recorder.request(request)
  recorder.response(response)
  recorder.judged([{ id: 'H-RES-10', ok: false, outcome: 'broken', found }])
  recorder.conclude(verdict)
  expect(JSON.stringify([told, recorder.report()])).not.toContain('S3cr3t')
  expect(recorder.report()).toMatchObject({
    url: `ws://h/chat?token=${hidden}`,
    verdict: { code: 'UPGRADE_NOT_FOUND' },
  })
})

test('a report from elsewhere is shown without its secrets, and without those of the attempts before it', () => {
  const plain = {
    url,
    startedAt: '',
    verdict,
    stages: [],
    request,
    response,
    rules: [{ id: 'H-RES-10', ok: false, outcome: 'broken', found }],
  } satisfies ConnectionReport
  const shown = redactReport({ ...plain, earlier: [plain] })
  expect(JSON.stringify(shown)).not.toContain('S3cr3t')
  expect(shown.request?.fields[0]).toEqual({ name: 'Host', value: 'h' })
  expect(redactReport({ ...plain, request: null, response: null })).toMatchObject({ request: null, response: null })
  expect(redactReport(shown)).toEqual(shown)
})

test('a user name and a password in a URL are not shown', () => {
  const report = {
    url: 'ws://h/',
    startedAt: '',
    verdict: verdictOf('URI_INVALID', { url: 'ws://ada:p@ss@h/', rule: 'H-URI-02' }),
    stages: [],
    request: null,
    response: null,
    rules: [],
  } satisfies ConnectionReport
  expect(redactReport(report).verdict.details).toMatchObject({ url: `ws://${hidden}@h/` })
  expect(JSON.stringify(redactReport(report))).not.toContain('p@ss')
})
