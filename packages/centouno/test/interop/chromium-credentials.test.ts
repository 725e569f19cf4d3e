import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { attach, endpoint } from '../../src/index.ts'
import { launchChromium } from '../support/chromium.ts'
import { findChromium } from '../support/real-peers.ts'

/** What a browser does with credentials: it sends cookies wherever a page connects, and a token only as a subprotocol. */

const chromium = findChromium()

/** Opens a socket with a token and says how that went; it runs in the browser. */
function open(url: string): Promise<string> {
  const socket = new WebSocket(url, ['bearer.t0ken-t0ken', 'chat.v1'])
  return new Promise((resolve) => {
    socket.addEventListener('message', (event) => resolve(`${String(event.data)}, ${socket.protocol}`))
    socket.addEventListener('close', (event) => resolve(`closed: ${event.code}`))
  })
}

describe.skipIf(chromium.missing !== '')(`Chromium${chromium.missing}`, () => {
  test('cookies and a token in a subprotocol reach the application, from pages of the own origin only', async () => {
    const refused: unknown[] = []
    const arrived: (string | undefined)[] = []
    const server = createServer((_request, response) => {
      response.setHeader('Set-Cookie', 'session=c00kie; SameSite=Lax').setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><title>page</title>')
    })
    const attachment = attach(
      server,
      { onRefused: (refusal) => void refused.push(refusal) },
      endpoint('/', {
        subprotocols: ['chat.v1'],
        cookies: { session: 'string' },
        bearer: { from: [{ subprotocol: 'bearer.' }] },
        authorize(request) {
          arrived.push(request.cookies.session, request.bearer)
        },
        open: (socket) => socket.send('welcome'),
      }),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const url = `ws://127.0.0.1:${port}/`
    const browser = await launchChromium(chromium.path)
    try {
      const tab = await browser.newPage()
      await tab.goto(`http://127.0.0.1:${port}/`)
      expect(await tab.evaluate(open, url)).toBe('welcome, chat.v1')
      expect(arrived.splice(0)).toEqual(['c00kie', 't0ken-t0ken'])

      // A page of another site port by port, which to cookies is the same site: the browser sends them all the same.
      const evil = createServer((_request, response) => response.end('<!doctype html><title>evil</title>'))
      evil.listen(0, '127.0.0.1')
      await once(evil, 'listening')
      await tab.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`)
      expect(await tab.evaluate(open, url)).toBe('closed: 1006')
      evil.closeAllConnections()
      evil.close()
      expect(arrived).toEqual([])
      expect(refused).toMatchObject([{ refusal: { status: 403, code: 'H-SRV-06' } }])
      // The cookie was there: its place is told, and nothing of it.
      expect(JSON.stringify(refused)).toContain('"name":"Cookie","value":"•••"')
      expect(JSON.stringify(refused)).not.toMatch(/c00kie|t0ken/)
    } finally {
      await browser.close()
      await attachment.close()
      server.closeAllConnections()
      server.close()
    }
  }, 60_000)
})
