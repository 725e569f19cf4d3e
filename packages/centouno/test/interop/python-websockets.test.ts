import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { endpoint, listen } from '../../src/index.ts'
import { findPythonWebsockets } from '../support/real-peers.ts'
import { exerciseOurClient } from './exercise.ts'

/** Python's websockets on the other side of the wire, in both roles. */

const python = findPythonWebsockets()
const program = (name: string): string => fileURLToPath(new URL(`python/${name}`, import.meta.url))

describe.skipIf(python.missing !== '')(`Python's websockets${python.missing}`, () => {
  test('our client and its server: text, binary, 1 MiB, fragments, ping, close from either side', async () => {
    const server = spawn(python.path, [program('echo_server.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
    try {
      const { port } = JSON.parse((await lines.next()).value as string) as { port: number }
      await exerciseOurClient(`ws://127.0.0.1:${port}/`, true)
      expect(JSON.parse((await lines.next()).value as string)).toEqual({ code: 4001, reason: 'as you wish' })
      await exerciseOurClient(`ws://127.0.0.1:${port}/`, false)
      expect(JSON.parse((await lines.next()).value as string)).toEqual({ code: 4003, reason: 'enough 够了' })
    } finally {
      server.stdin.end()
      await once(server, 'exit')
    }
  })

  test('its client and our server: text, binary, 1 MiB, fragments, ping, close with code and reason', async () => {
    const server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', { subprotocols: ['echo.v1'], message: (socket, data) => socket.send(data) }),
    )
    try {
      const client = spawn(python.path, [program('client.py'), `ws://127.0.0.1:${server.port}/`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      client.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
      await once(client, 'close')
      expect(JSON.parse(output)).toEqual({
        subprotocol: 'echo.v1',
        text: 'hello, 你好',
        binary: true,
        mebibyte: true,
        fragmented: 'one, two, three',
        pong: true,
        code: 4002,
        reason: 'done 完',
      })
    } finally {
      await server.close()
    }
  })
})
