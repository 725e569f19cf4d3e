import { afterEach, expect, test } from 'vitest'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type Server } from '../../src/server/listen.ts'
import type { ServerSocket } from '../../src/server/server-socket.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'

const servers: Server[] = []
afterEach(async () => {
  resetRawPeers()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

test('an open socket still tells the whole head of its request, as it was sent and as it was judged', async () => {
  const text = openingRequest('/echo?q=%C3%A9', 'Cookie: a=1', 'X-Name: \u00fc', 'X-Name: two')
  let judged: unknown
  const opened = new Promise<ServerSocket>((resolve) => {
    const served = endpoint('/echo', { authorize: ({ head }) => void (judged = head), open: resolve })
    void listen({ port: 0, host: '127.0.0.1' }, served).then(async (server) => {
      servers.push(server)
      await (await RawPeer.connect(server.port)).send(Buffer.from(text, 'latin1'))
    })
  })
  const { request } = await opened
  // The handlers have returned: from here on only the text is kept.
  await new Promise(setImmediate)
  expect(request.head).toEqual(judged)
  expect(request.head.text).toBe(text)
  expect(request.head).toBe(request.head)
  expect(request.header('x-name')).toBe('\u00fc, two')
  expect(request.cookie('a')).toBe('1')
})
