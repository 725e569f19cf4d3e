import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { AgentNews, PageOrder } from '../../src/agent/agent-message.ts'
import { agentAddress, openAgentLink, readNews } from '../../page/src/agent-link.ts'

describe('agentAddress', () => {
  test.each([
    ['http://127.0.0.1:4101/?token=a%2Bb', 'ws://127.0.0.1:4101/agent?token=a%2Bb'],
    ['http://localhost:4101/index.html?token=x#here', 'ws://localhost:4101/agent?token=x'],
    ['https://host/?other=1', 'wss://host/agent?token='],
  ])('%s talks to %s', (href, address) => {
    expect(agentAddress({ href })).toBe(address)
  })
})

test.each([undefined, 'no JSON', '1', 'null', '{}', '{"news":1}', new ArrayBuffer(2)])('%j is no news', (data) => {
  expect(readNews(data)).toBeUndefined()
})

/** As in a browser: an error that nobody listens for is no exception. */
class QuietWebSocket extends WebSocket {
  constructor(address: string) {
    super(address)
    this.on('error', () => undefined)
  }
}

/** What a link told, each waited for by what it is. */
function recordingListener(): {
  readonly told: (string | readonly AgentNews[])[]
  readonly listener: Parameters<typeof openAgentLink>[1]
} {
  const told: (string | readonly AgentNews[])[] = []
  const listener = {
    ready: () => void told.push('ready'),
    news: (batch: readonly AgentNews[]) => void told.push(batch),
    lost: (opened: boolean) => void told.push(opened ? 'lost' : 'unreachable'),
  }
  return { told, listener }
}

describe('openAgentLink', () => {
  let server: WebSocketServer
  let address: string

  beforeEach(async () => {
    // Node 20 has no WebSocket of its own; the link asks for nothing that the standard's class does not have.
    vi.stubGlobal('WebSocket', QuietWebSocket)
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/agent`
  })

  afterEach(async () => {
    vi.unstubAllGlobals()
    for (const client of server.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  })

  test('carries orders there and news back, in order and gathered', async () => {
    const orders: string[] = []
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        orders.push(String(data))
        for (const code of ['A', 'B', 'C']) {
          socket.send(JSON.stringify({ news: 'trouble', id: 'c1', code, sentence: '' }))
        }
        socket.send('no JSON')
      })
    })
    const { told, listener } = recordingListener()
    const link = openAgentLink(address, listener)
    const order: PageOrder = { order: 'cancel', id: 'c1' }
    expect(link.tell(order)).toBe(false)
    await vi.waitFor(() => expect(told).toContain('ready'))
    expect(link.tell(order)).toBe(true)
    await vi.waitFor(() => expect(told.flat()).toHaveLength(4))
    expect(orders).toEqual([JSON.stringify(order)])
    const news = told.slice(1).flat() as AgentNews[]
    expect(news.map((one) => one.news === 'trouble' && one.code)).toEqual(['A', 'B', 'C'])
    link.end()
  })

  test('an agent that goes away is told once, after its last news', async () => {
    server.on('connection', (socket) => {
      socket.send(JSON.stringify({ news: 'trouble', id: '', code: 'LAST', sentence: '' }))
      socket.close()
    })
    const { told, listener } = recordingListener()
    openAgentLink(address, listener)
    await vi.waitFor(() => expect(told.at(-1)).toBe('lost'))
    expect(told.map((one) => (typeof one === 'string' ? one : 'news'))).toEqual(['ready', 'news', 'lost'])
  })

  test('an agent that refuses is unreachable, not lost', async () => {
    server.options.verifyClient = () => false
    const { told, listener } = recordingListener()
    openAgentLink(address, listener)
    await vi.waitFor(() => expect(told).toEqual(['unreachable']))
  })

  test('a link that was ended tells nothing more', async () => {
    const { told, listener } = recordingListener()
    const link = openAgentLink(address, listener)
    const [socket] = (await once(server, 'connection')) as [WebSocket]
    await vi.waitFor(() => expect(told).toEqual(['ready']))
    link.end()
    await once(socket, 'close')
    expect(told).toEqual(['ready'])
  })
})
