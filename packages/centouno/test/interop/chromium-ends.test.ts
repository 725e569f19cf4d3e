import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket as OurWebSocket } from '../../src/whatwg/websocket.ts'
import { hex } from '../protocol/wire.ts'
import { launchChromium } from '../support/chromium.ts'
import { findChromium } from '../support/real-peers.ts'
import { closeScriptedServers, head, scriptedServer, switchLines } from '../support/scripted-server.ts'

/*
 * How a connection ends, as a page in Chromium is told it and as our class of the same name tells it. Codes and
 * cleanliness agree. Where TCP ends without a Close they differ: RFC 6455 §7.2.1 has the client fail the connection then,
 * and the WebSockets Standard fires `error` whenever it was failed; Chromium fires it only where it found a fault itself.
 * Ours goes by the letter, as Node's own class does: the event carries the cause, which `close` has no place for.
 */

const chromium = findChromium()
afterEach(closeScriptedServers)

type Ending = readonly [events: string, code: number, wasClean: boolean]

/** Tells of one connection from its beginning to its end; it runs in the browser as well, where it sees nothing of here. */
async function watch(url: string, Socket: typeof globalThis.WebSocket = WebSocket): Promise<Ending> {
  const seen: string[] = []
  const socket = new Socket(url)
  return new Promise((resolve) => {
    socket.addEventListener('open', () => seen.push('open'))
    // The server ends it when it hears this, so that it has been open before.
    socket.addEventListener('open', () => socket.send('go'))
    socket.addEventListener('error', () => seen.push('error'))
    socket.addEventListener('close', ({ code, wasClean }) => resolve([seen.join(), code, wasClean]))
  })
}

const ways: readonly (readonly [what: string, act: (socket: Socket) => void, chromium: Ending, ours?: Ending])[] = [
  ['a Close', (socket) => socket.end(hex('88 02 03 e8')), ['open', 1000, true]],
  ['an empty Close', (socket) => socket.end(hex('88 00')), ['open', 1005, true]],
  ['a reserved bit', (socket) => socket.write(hex('f1 00')), ['open,error', 1006, false]],
  ['a Close with 1006', (socket) => socket.write(hex('88 02 03 ee')), ['open,error', 1006, false]],
  ['FIN', (socket) => socket.end(), ['open', 1006, false], ['open,error', 1006, false]],
  ['FIN within a frame', (socket) => socket.end(hex('81 05 68')), ['open', 1006, false], ['open,error', 1006, false]],
  ['FIN within a message', (socket) => socket.end(hex('01 01 68')), ['open', 1006, false], ['open,error', 1006, false]],
  ['RST', (socket) => socket.resetAndDestroy(), ['open', 1006, false], ['open,error', 1006, false]],
]

function ending(act: (socket: Socket) => void): Promise<string> {
  return scriptedServer((socket, request) => {
    socket.write(head(switchLines(request)))
    socket.once('data', () => act(socket))
    socket.once('end', () => socket.end())
  }).then(({ url }) => url)
}

test.for(ways)('our class tells %s', async ([, act, theirs, ours = theirs]) => {
  const url = await ending(act)
  expect(await watch(url, OurWebSocket as unknown as typeof globalThis.WebSocket)).toEqual(ours)
})

describe.skipIf(chromium.missing !== '')(`Chromium${chromium.missing}`, () => {
  test('tells the same, but for error when TCP ends without a Close', async () => {
    const page = createServer((_request, response) => response.end('<!doctype html><title>page</title>'))
    page.listen(0, '127.0.0.1')
    await once(page, 'listening')
    const browser = await launchChromium(chromium.path)
    try {
      const tab = await browser.newPage()
      await tab.goto(`http://127.0.0.1:${(page.address() as AddressInfo).port}/`)
      const told = new Map<string, Ending>()
      for (const [what, act] of ways) told.set(what, await tab.evaluate(watch, await ending(act)))
      expect([...told]).toEqual(ways.map(([what, , theirs]) => [what, theirs]))
    } finally {
      await browser.close()
      page.close()
    }
  }, 60_000)
})
