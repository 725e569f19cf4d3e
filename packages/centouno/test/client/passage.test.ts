import type { Closing } from '../../src/protocol/connection/closing.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { openPassage } from '../../src/client/open-passage.ts'
import type { Passage, PassageOutcome } from '../../src/client/passage.ts'
import type { ConnectionReport, ReportChange } from '../../src/report/connection-report.ts'
import { openingRequest } from '../support/raw-peer.ts'
import { closedPort, closeScriptedServers, head, scriptedServer, switchLines } from '../support/scripted-server.ts'
import type { Script } from '../support/scripted-server.ts'

/** An opening handshake that somebody else makes, looked at as it passes. */

const passages: Passage[] = []
afterEach(async () => {
  for (const passage of passages.splice(0)) passage.stream.destroy()
  await closeScriptedServers()
})

const told: ReportChange[] = []

async function carried(script: Script, request: string): Promise<PassageOutcome & { readonly passage: Passage }> {
  const server = await scriptedServer(script)
  told.length = 0
  const passage = await openPassage(server.url, '/rooms/1', { observe: (change) => void told.push(change) })
  passages.push(passage)
  const bytes = Buffer.from(request, 'latin1')
  passage.sent(bytes, { tapped: 'yes' })
  passage.stream.on('data', (chunk: Uint8Array) => passage.received(chunk))
  passage.stream.on('end', () => passage.receivedEnd())
  passage.stream.on('error', (error) => passage.receivedEnd(error))
  passage.stream.write(bytes)
  return { ...(await passage.outcome), passage }
}

const request = openingRequest('/rooms/1', 'Sec-WebSocket-Protocol: chat.v1')

const closing: Closing = {
  code: 1000,
  reason: 'enough',
  clean: true,
  cause: 'closing-handshake',
  initiator: 'local',
  sent: { code: 1000, reason: 'enough' },
  received: { code: 1000, reason: 'enough' },
  violation: undefined,
  error: undefined,
}

function stages({ stages: records }: ConnectionReport): (readonly [string, boolean | null])[] {
  return records.map(({ name, ok }) => [name, ok])
}

describe('a handshake that opens', () => {
  test('is reported with its stages, the request and the reply as they went, and every rule', async () => {
    const { report, accepted } = await carried((socket, sent) => {
      socket.write(head([...switchLines(sent), 'Sec-WebSocket-Protocol: chat.v1']))
    }, request)
    expect(accepted).toEqual({ subprotocol: 'chat.v1', extensions: [] })
    expect(report.verdict).toMatchObject({ ok: true, code: 'OPEN' })
    expect(report.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/rooms\/1$/)
    expect(report.request?.head).toBe(request)
    expect(report.response).toMatchObject({ status: 101 })
    expect(report.rules.filter(({ ok }) => !ok)).toEqual([])
    expect(report.stages.find(({ name }) => name === 'upgrade')?.facts).toEqual({ tapped: 'yes', status: 101 })
    expect(stages(report)).toEqual([
      ['resolve', true],
      ['connect', true],
      ['upgrade', true],
      ['open', null],
    ])
  })

  test('tells who stands between, where the reply shows it', async () => {
    const { report } = await carried((socket, sent) => {
      socket.write(head([...switchLines(sent), 'Server: nginx', 'Sec-WebSocket-Protocol: chat.v1']))
    }, request)
    expect(report.stages.find(({ name }) => name === 'upgrade')?.facts['through']).toBe('nginx')
  })

  test('and its end, as it is told', async () => {
    const { passage } = await carried(
      (socket, sent) => socket.write(head(switchLines(sent))),
      request.replace(/Sec-WebSocket-Protocol.*\r\n/, ''),
    )
    passage.closing(17, 23)
    passage.closed(closing, 'remote')
    passage.closed(closing, 'remote')
    const ended = told.flatMap((change) => (change.kind === 'stage' && change.stage.ok !== null ? [change.stage] : []))
    expect(ended.slice(-3)).toMatchObject([
      { name: 'open', ok: true, bytesSent: 17, bytesReceived: 23 },
      { name: 'close', ok: true, facts: { end: 'END_CLOSED', code: 1000, reason: 'enough' } },
      { name: 'disconnect', ok: true, facts: { firstFin: 'remote' } },
    ])
  })
})

describe('a handshake that fails', () => {
  test('by a refusal keeps the connection, and says what the server says', async () => {
    const { report, accepted, passage } = await carried(
      (socket) =>
        socket.write(head(['HTTP/1.1 404 Not Found', 'Content-Type: text/plain', 'Content-Length: 4']) + 'gone'),
      request,
    )
    expect(accepted).toBeUndefined()
    expect(report.verdict).toMatchObject({ ok: false, stage: 'upgrade', code: 'UPGRADE_NOT_FOUND' })
    expect(report.verdict.details).toMatchObject({ target: '/rooms/1', says: 'gone' })
    expect(passage.stream.destroyed).toBe(false)
  })

  test('by a body without end is told without waiting for it', async () => {
    const { report } = await carried((socket) => socket.write(head(['HTTP/1.1 200 OK']) + 'and so on'), request)
    expect(report.verdict.code).toBe('UPGRADE_OK_INSTEAD')
    expect(report.response).toMatchObject({ body: 'and so on', bodyCut: true })
  })

  test('by a 101 that breaks a rule', async () => {
    const { report } = await carried(
      (socket, sent) => socket.write(head(switchLines(sent.replace(/Key: ..../, 'Key: AAAA')))),
      request,
    )
    expect(report.verdict.code).toBe('UPGRADE_ACCEPT_WRONG')
  })

  test('by a request that breaks one: it is carried all the same, and the rule is told', async () => {
    const broken = request.replace('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 12')
    const { report } = await carried((socket, sent) => socket.write(head(switchLines(sent))), broken)
    expect(report.request?.head).toBe(broken)
    expect(report.rules.filter(({ ok }) => !ok).map(({ id }) => id)).toContain('H-REQ-12')
  })

  test('by a request that is none', async () => {
    const { report } = await carried((socket) => socket.end('what?\r\n\r\n'), 'hello\r\n\r\n')
    expect(report.verdict.code).toBe('UPGRADE_GARBAGE')
  })

  test('by silence, a reset, and a client that has left', async () => {
    const ended = await carried((socket) => socket.end(), request)
    expect(ended.report.verdict.code).toBe('UPGRADE_ENDED')
    const reset = await carried((socket) => socket.resetAndDestroy(), request)
    expect(reset.report.verdict.code).toBe('UPGRADE_RESET')
    const left = await carried(() => passages.at(-1)?.abandoned('the client has left'), request)
    expect(left.report.verdict).toMatchObject({ code: 'ABORTED', stage: 'upgrade' })
    expect(left.report.verdict.sentence).toContain('the client has left')
    const silent = await carried(() => passages.at(-1)?.timedOut(300), request)
    expect(silent.report.verdict).toMatchObject({ code: 'UPGRADE_TIMEOUT', details: { timeout: 300 } })
    // What comes after the verdict changes nothing.
    passages.at(-1)?.timedOut(400)
    expect(passages.at(-1)?.decided?.report.verdict.details).toMatchObject({ timeout: 300 })
  })
})

test('a server that cannot be reached rejects as connect does', async () => {
  const port = await closedPort()
  await expect(openPassage(`ws://127.0.0.1:${port}`, '/chat#x')).rejects.toMatchObject({ code: 'CONNECT_REFUSED' })
  await expect(openPassage('nothing')).rejects.toMatchObject({ code: 'URI_INVALID' })
  await expect(openPassage('ws://127.0.0.1', '/', { tls: 7 as never })).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
  })
})

test('a reset is passed on as one', async () => {
  const server = await scriptedServer(() => {})
  const passage = await openPassage(server.url)
  passage.reset()
  await server.gone
  expect(passage.stream.destroyed).toBe(true)
})
