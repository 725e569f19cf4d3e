import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { attach, endpoint } from '../../src/index.ts'
import { launchChromium } from '../support/chromium.ts'
import { findChromium } from '../support/real-peers.ts'

/** A page's own `new WebSocket`, which always offers to compress. */

const chromium = findChromium()

/** What the page does; it runs in the browser. */
async function echoes({ url, messages }: { url: string; messages: string[] }): Promise<Record<string, unknown>> {
  const socket = new WebSocket(url)
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
  const { extensions } = socket
  const received: unknown[] = []
  const done = new Promise<void>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => {
      if (received.push(data) === messages.length) resolve()
    })
    socket.addEventListener('close', ({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`)))
  })
  for (const message of messages) socket.send(message)
  await done
  return { extensions, received }
}

describe.skipIf(chromium.missing !== '')(`Chromium${chromium.missing}`, () => {
  test('negotiates, and gets back what it sent, small and large, again and again', async () => {
    const page = createServer((_request, response) => response.end('<!doctype html><title>page</title>'))
    const serving = attach(
      page,
      { compression: { threshold: 0 } },
      endpoint('/echo', { message: (socket, data) => socket.send(data) }),
      endpoint('/alone', {
        compression: { threshold: 0, takeover: false, peerTakeover: false },
        message: (socket, data) => socket.send(data),
      }),
    )
    page.listen(0, '127.0.0.1')
    await once(page, 'listening')
    const { port } = page.address() as AddressInfo
    const large = Array.from({ length: 50_000 }, (_, index) => `${index * 7919}`).join(',')
    const messages = ['hello, 你好', 'hello, 你好', '', large, 'hello, 你好', 'hello'.repeat(1000), 'hello']
    const browser = await launchChromium(chromium.path)
    try {
      const tab = await browser.newPage()
      await tab.goto(`http://127.0.0.1:${port}/`)
      expect(await tab.evaluate(echoes, { url: `ws://127.0.0.1:${port}/echo`, messages })).toEqual({
        extensions: 'permessage-deflate',
        received: messages,
      })
      expect(await tab.evaluate(echoes, { url: `ws://127.0.0.1:${port}/alone`, messages })).toEqual({
        extensions: 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
        received: messages,
      })
    } finally {
      await browser.close()
      await serving.close()
      page.close()
    }
  })
})
