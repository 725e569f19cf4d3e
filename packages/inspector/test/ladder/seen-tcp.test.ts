import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'centouno'
import { describe, expect, test } from 'vitest'
import { startLiveCapture } from '../../src/capture/live-capture.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { LiveLadder } from '../../src/ladder/live-ladder.ts'
import type { Rung } from '../../src/wire/rung.ts'
import { missingForCaptures } from '../support/capture-tools.ts'
import { Collected } from '../support/collected.ts'
import { nextMessage } from '../support/messages.ts'

const missing = missingForCaptures('tcpdump')

describe.skipIf(missing !== '')(
  `the ladder of a connection while it is captured${missing}`,
  { timeout: 60_000 },
  () => {
    for (const tls of [false, true]) {
      test(`${tls ? 'wss' : 'ws'}: every segment as it was seen, and what it carried after it`, async () => {
        await using server = await startDemo({ port: 0, mode: 'echo', tls })
        await using capture = await startLiveCapture([{ address: '127.0.0.1', port: server.port }])
        const rungs = new Collected<Rung>()
        const ladder = new LiveLadder(rungs.add, capture)
        const socket = await connect(`${server.url}/echo`, {
          wire: ladder,
          observe: (change) => ladder.change(change),
          proxy: false,
          ...(tls ? { tls: { rejectUnauthorized: false } } : {}),
        })
        await socket.send('hello')
        expect(await nextMessage(socket)).toBe('hello')
        await socket.close(1000, 'done')
        await ladder.told

        const told = rungs.items.map(({ layer, from, label }) => `${layer} ${from} ${label.en}`)
        expect(told.slice(0, 3)).toEqual(['tcp client SYN', 'tcp server SYN-ACK', 'tcp client ACK'])
        expect(rungs.items.filter(({ inferred }) => inferred)).toEqual([])
        expect(rungs.items.map(({ id }) => id)).toEqual(rungs.items.map((_, index) => index))
        for (const line of [
          'http client GET /echo',
          'http server 101 Switching Protocols',
          'websocket server Text, 5 bytes',
        ]) {
          expect(told).toContain(line)
        }
        // Before what was read of the layers above stands the segment that carried it.
        const request = rungs.items.findIndex(({ layer }) => layer === (tls ? 'tls' : 'http'))
        expect(told[request - 1]).toMatch(/^tcp client \d+ bytes$/)
        const finishing = rungs.items.filter(({ label }) => label.en.startsWith('FIN')).map(({ from }) => from)
        expect([...new Set(finishing)].sort()).toEqual(['client', 'server'])
        expect(rungs.items.findLast(({ layer }) => layer !== 'tcp')?.id).toBeLessThan(rungs.items.at(-1)?.id ?? 0)
      })
    }

    test('across a redirect: one connection after the other', async () => {
      await using server = await startDemo({ port: 0, mode: 'echo', tls: false })
      const first = createServer().on('upgrade', (_request, socket) => {
        const location = `${server.url.replace('ws:', 'http:')}/echo`
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      })
      first.listen(0, '127.0.0.1')
      await once(first, 'listening')
      const { port } = first.address() as AddressInfo
      try {
        await using capture = await startLiveCapture([
          { address: '127.0.0.1', port },
          { address: '127.0.0.1', port: server.port },
        ])
        const rungs = new Collected<Rung>()
        const ladder = new LiveLadder(rungs.add, capture)
        const socket = await connect(`ws://127.0.0.1:${port}/`, {
          wire: ladder,
          observe: (change) => ladder.change(change),
          proxy: false,
          redirects: 1,
        })
        await socket.close(1000, 'done')
        await ladder.told
        const told = rungs.items.map(({ layer, from, label }) => `${layer} ${from} ${label.en}`)
        const order = [
          'tcp client SYN',
          'http client GET /',
          'http server 302 Found',
          'http client GET /echo',
          'http server 101 Switching Protocols',
          'websocket server Close 1000',
        ]
        expect(told.filter((line) => order.includes(line))).toEqual([
          ...order.slice(0, 3),
          'tcp client SYN',
          ...order.slice(3),
        ])
      } finally {
        first.close()
      }
    })
  },
)
