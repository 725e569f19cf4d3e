import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import type { ClientSocket } from '../../src/client/client-socket.ts'
import type { StageName, StageRecord } from '../../src/report/connection-report.ts'
import { closeScriptedServers, head, scriptedServer, switchLines, type Script } from '../support/scripted-server.ts'
import { frame, join, utf8 } from '../protocol/wire.ts'

afterEach(closeScriptedServers)

// Close, with the status code 1000 (0x03e8) and 4001 (0x0fa1)
const close1000 = frame(8, Uint8Array.of(0x03, 0xe8))
const close4001 = frame(8, join(Uint8Array.of(0x0f, 0xa1), utf8('bye')))

async function opened(after: Script): Promise<ClientSocket> {
  const server = await scriptedServer((socket, request) => {
    socket.write(head(switchLines(request)))
    after(socket, request)
  })
  return connect(server.url)
}

function stage(socket: ClientSocket, name: StageName): StageRecord | undefined {
  return socket.report.stages.find((record) => record.name === name)
}

describe("a client socket's report", () => {
  test('gains the stages close and disconnect after a closing handshake begun here', async () => {
    const socket = await opened((peer) => {
      peer.removeAllListeners('data')
      // Whatever comes now is the client's Close.
      peer.once('data', () => peer.end(close1000))
    })
    const before = socket.report
    await socket.close(1000)
    expect(before.stages.map(({ name }) => name)).toEqual(['resolve', 'connect', 'upgrade', 'open'])
    const { stages } = socket.report
    expect(stages.map(({ name, ok }) => [name, ok]).slice(3)).toEqual([
      ['open', true],
      ['close', true],
      ['disconnect', true],
    ])
    for (const [index, record] of stages.entries()) {
      expect(record.startMs).toBeGreaterThanOrEqual(stages[index - 1]?.endMs ?? 0)
      expect(record.endMs).toBeGreaterThanOrEqual(record.startMs)
    }
    expect(stage(socket, 'close')?.facts).toMatchObject({
      code: 1000,
      cause: 'closing-handshake',
      initiator: 'local',
      sent: 1000,
      received: 1000,
    })
    expect(stage(socket, 'disconnect')?.facts).toEqual({ firstFin: 'remote' })
  })

  test('tells a closing handshake begun by the server', async () => {
    const socket = await opened((peer) => peer.end(close4001))
    await socket.closed
    expect(stage(socket, 'close')).toMatchObject({
      ok: true,
      facts: { code: 4001, reason: 'bye', initiator: 'remote', sent: 4001, received: 4001 },
    })
  })

  test('tells a connection that ended without a Close', async () => {
    const socket = await opened((peer) => peer.end())
    expect(await socket.closed).toMatchObject({ code: 1006, clean: false, cause: 'peer-fin' })
    expect(stage(socket, 'close')).toMatchObject({ ok: false, facts: { code: 1006, cause: 'peer-fin' } })
    expect(stage(socket, 'disconnect')).toMatchObject({ ok: true, facts: { firstFin: 'remote' } })
  })

  test('tells a reset', async () => {
    const socket = await opened((peer) => {
      // Not before the client has read the 101: a reset takes back what has not been read.
      peer.once('data', () => peer.resetAndDestroy())
    })
    void socket.send('I am here')
    expect(await socket.closed).toMatchObject({ code: 1006, cause: 'peer-reset' })
    expect(stage(socket, 'disconnect')).toMatchObject({ ok: false, facts: { firstFin: 'none' } })
  })

  test('tells a violation of the protocol', async () => {
    const socket = await opened((peer) => {
      peer.write(frame(3, 'x'))
      // The client's Close; who does not answer it is waited for.
      peer.once('data', () => peer.end())
    })
    await socket.closed
    expect(stage(socket, 'close')).toMatchObject({
      ok: false,
      facts: { cause: 'protocol-violation', violation: 'FRAME_RESERVED_OPCODE', sent: 1002 },
    })
  })

  test('tells a termination', async () => {
    const socket = await opened(() => {})
    socket.terminate()
    await socket.closed
    expect(stage(socket, 'close')).toMatchObject({ ok: false, facts: { cause: 'local-abort', initiator: 'local' } })
  })

  test('counts the bytes of the open stage', async () => {
    const socket = await opened((peer) => peer.end(join(frame(1, 'hello'), close1000)))
    await socket.closed
    // 2 + 5 bytes of text and 2 + 2 of Close; a Close of 2 + 4 (masking key) + 2 was sent in answer
    expect(stage(socket, 'open')).toMatchObject({ bytesReceived: 11, bytesSent: 8 })
  })
})
