import { afterEach, expect, test } from 'vitest'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type Server } from '../../src/server/listen.ts'
import type { UpgradeRequest } from '../../src/server/upgrade-request.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'

let server: Server | undefined
afterEach(async () => {
  resetRawPeers()
  await server?.close()
})

test('an open socket still tells the whole head of its request, as it was sent and as it was judged', async () => {
  const text = openingRequest('/echo?q=%C3%A9', 'Cookie: a=1', 'X-Name: \u00fc', 'X-Name: two')
  let judged: unknown
  const opened: Pick<UpgradeRequest, 'head' | 'header' | 'cookie'>[] = []
  const served = endpoint('/echo', {
    authorize: ({ head }) => void (judged = head),
    open: (socket) => void opened.push(socket.request),
  })
  server = await listen({ port: 0, host: '127.0.0.1' }, served)
  const peer = await RawPeer.connect(server.port)
  await peer.send(Buffer.from(text, 'latin1'))
  expect(await peer.status()).toBe(101)
  // The handlers have returned: from here on only the text is kept.
  const [request] = opened
  expect(request?.head).toEqual(judged)
  expect(request?.head.text).toBe(text)
  expect(request?.head).toBe(request?.head)
  expect(request?.header('x-name')).toBe('\u00fc, two')
  expect(request?.cookie('a')).toBe('1')
})
