import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { attach, endpoint } from '../../src/index.ts'
import type { Closing } from '../../src/index.ts'
import { launchChromium } from '../support/chromium.ts'
import { findChromium } from '../support/real-peers.ts'

/** A page's own `new WebSocket` in a real browser, against our server attached to the server of the page. */

const chromium = findChromium()

/** What the page does; it runs in the browser. */
async function talk(url: string): Promise<Record<string, unknown>> {
  const socket = new WebSocket(url, ['other.v1', 'echo.v1'])
  socket.binaryType = 'arraybuffer'
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      socket.addEventListener('message', (event) => resolve(event.data), { once: true })
      socket.addEventListener('close', (event) => reject(new Error(`closed: ${event.code}`)), { once: true })
    })
  const greeting = await next()
  socket.send('hello, 你好')
  const text = await next()
  socket.send(Uint8Array.of(0, 1, 255))
  const binary = [...new Uint8Array((await next()) as ArrayBuffer)]
  const large = 'é'.repeat(512 * 1024)
  socket.send(large)
  const mebibyte = (await next()) === large
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve, { once: true }))
  socket.close(4002, 'done 完')
  const { code, reason, wasClean } = await closed
  return { greeting, protocol: socket.protocol, text, binary, mebibyte, code, reason, wasClean }
}

describe.skipIf(chromium.missing !== '')(`Chromium${chromium.missing}`, () => {
  test('a page talks to the server it came from; a page of another origin is refused with 403', async () => {
    const closings: Closing[] = []
    const page = createServer((_request, response) => response.end('<!doctype html><title>page</title>'))
    const attachment = attach(
      page,
      endpoint('/echo', {
        subprotocols: ['echo.v1'],
        open: (socket) => void socket.send(`welcome, ${socket.request.origin}`),
        message: (socket, data) => socket.send(data),
        close: (_socket, closing) => void closings.push(closing),
      }),
    )
    page.listen(0, '127.0.0.1')
    await once(page, 'listening')
    const { port } = page.address() as AddressInfo
    const browser = await launchChromium(chromium.path)
    try {
      const tab = await browser.newPage()
      await tab.goto(`http://127.0.0.1:${port}/`)
      expect(await tab.evaluate(talk, `ws://127.0.0.1:${port}/echo`)).toEqual({
        greeting: `welcome, http://127.0.0.1:${port}`,
        protocol: 'echo.v1',
        text: 'hello, 你好',
        binary: [0, 1, 255],
        mebibyte: true,
        code: 4002,
        reason: 'done 完',
        wasClean: true,
      })
      expect(closings).toMatchObject([{ code: 4002, reason: 'done 完', clean: true, initiator: 'remote' }])

      // The same page under its other name is another origin: cross-site WebSocket hijacking looks like this.
      await tab.goto(`http://localhost:${port}/`)
      await expect(tab.evaluate(talk, `ws://127.0.0.1:${port}/echo`)).rejects.toThrow('closed: 1006')
    } finally {
      await browser.close()
      attachment.detach()
      page.close()
    }
  })
})
