import { connect } from 'centouno'
import type { ConnectionReport } from 'centouno'
import { describe, expect, test } from 'vitest'
import { startTool } from '../../src/capture/capture-process.ts'
import { openCapture } from '../../src/capture/open-capture.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { seenConnection } from '../../src/seen/seen-connection.ts'
import { missingForCaptures, toolNamed } from '../support/capture-tools.ts'
import { nextMessage } from '../support/messages.ts'
import { WrittenCapture } from '../support/written-capture.ts'

const missing = missingForCaptures('tcpdump')

/** What a report says, without times and without what only the system knows. */
function essence({ url, verdict, stages, request, response, rules }: ConnectionReport): unknown {
  const secure = stages.find(({ name }) => name === 'secure')?.facts
  const { servername, protocol, cipher, alpn, subject, issuer } = secure ?? {}
  return {
    url,
    verdict,
    stages: stages.filter(({ name }) => name !== 'resolve').map(({ name, ok }) => [name, ok]),
    secure: { servername, protocol, cipher, alpn, subject, issuer },
    request,
    response,
    rules,
    close: stages.find(({ name }) => name === 'close')?.facts,
    disconnect: stages.find(({ name }) => name === 'disconnect')?.facts,
  }
}

describe.skipIf(missing !== '')(`a connection captured by tcpdump${missing}`, { timeout: 60_000 }, () => {
  test('with its keys is told as this client told it: heads, rules, TLS, messages, end', async () => {
    await using server = await startDemo({ port: 0, mode: 'echo', tls: true })
    const written = new WrittenCapture()
    const order = { interface: 'any', filter: `tcp and port ${server.port}` }
    const writing = await startTool(toolNamed('tcpdump'), order, (chunk) => written.add(chunk))
    const keys: string[] = []
    const socket = await connect(`wss://localhost:${server.port}/echo?token=s3cret`, {
      wire: { bytes() {}, keyLog: (line) => keys.push(line) },
      tls: { rejectUnauthorized: false },
      proxy: false,
    })
    await socket.send('hello')
    expect(await nextMessage(socket)).toBe('hello')
    const { error: _error, ...closing } = await socket.close(1000, 'done')
    const port = Number(socket.report.stages.find(({ name }) => name === 'connect')?.facts['localPort'])
    await written.untilEnd(port)
    await writing?.stop()

    const { connections } = openCapture(written.bytes)
    const connection = connections.find(({ client }) => client.port === port)
    if (connection === undefined) throw new Error('the connection is not in the capture')
    const told = seenConnection(connection, { keyLog: keys.join('\n'), withSecrets: false })
    expect(essence(told.report)).toEqual(essence(socket.report))
    expect(told.closing).toEqual(closing)
    expect(told.messages.map(({ direction, kind, data }) => [direction, kind, data])).toEqual([
      ['sent', 'text', 'hello'],
      ['received', 'text', 'hello'],
      ['sent', 'close', 'done'],
      ['received', 'close', 'done'],
    ])

    const hidden = seenConnection(connection, { keyLog: '', withSecrets: false })
    expect(hidden.report.verdict).toMatchObject({ code: 'SEEN_ENCRYPTED', stage: 'secure' })
    expect(hidden.messages).toEqual([])
  })
})
