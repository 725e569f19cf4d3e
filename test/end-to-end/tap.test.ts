import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { attach, endpoint } from 'centouno'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../../packages/centouno/test/support/chromium.ts'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { start, type RunningCommand } from './command.ts'

/** A site that knows nothing of a tap, looked at by a browser that goes through one. */

const chromium = findChromium()
const patience = { timeout: 45_000 }

const html = `<!doctype html><title>A site</title><script src="/app.js"></script>`
const script = `
  window.said = []
  const socket = new WebSocket('ws://' + location.host + '/chat')
  socket.onopen = () => socket.send('hello from ' + location.pathname)
  socket.onmessage = ({ data }) => { said.push(data); socket.close(4001, 'thanks') }
  socket.onclose = ({ code, wasClean }) => {
    said.push(code + ' ' + wasClean)
    const refused = new WebSocket('ws://' + location.host + '/nothing')
    refused.onclose = ({ code }) => said.push('refused ' + code)
  }
`

describe.skipIf(chromium.missing !== '')(`A tap before a site, in Chromium${chromium.missing}`, () => {
  let browser: Browser
  let target: string
  const origins: (string | undefined)[] = []
  const ending: (() => unknown)[] = []
  const running: RunningCommand[] = []

  beforeAll(async () => {
    browser = await launchChromium(chromium.path)
    const site = createServer((request, response) => {
      response.setHeader('Content-Type', request.url === '/app.js' ? 'text/javascript' : 'text/html')
      response.end(request.url === '/app.js' ? script : html)
    })
    // Whoever comes from another origin is refused, which is the default.
    const attachment = attach(
      site,
      endpoint('/chat', {
        open: (socket) => void origins.push(socket.request.origin),
        message: (socket, data) => socket.send(`you said ${data}`),
      }),
    )
    site.listen(0, '127.0.0.1')
    await once(site, 'listening')
    target = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    ending.push(
      () => browser.close(),
      () => attachment.close(),
      () => site.close(),
    )
  })
  afterAll(async () => {
    for (const end of ending) await end()
  })
  afterEach(async () => {
    for (const command of running.splice(0)) await command.end('SIGTERM')
  })

  async function tap(...flags: string[]): Promise<RunningCommand & { readonly url: string }> {
    const command = start('tap', target, '--port', '0', ...flags)
    running.push(command)
    const [, url = ''] = await command.line(/^(http:\S+) → ws:/)
    return { ...command, url }
  }

  test('its page loads, its WebSocket opens with the origin it expects, and all of it is told', async () => {
    const command = await tap('--no-page')
    const page = await browser.newPage()
    await page.goto(`${command.url}start`)
    const said = (): Promise<string[]> => page.evaluate(() => (window as unknown as { said: string[] }).said)
    await expect.poll(said, patience).toHaveLength(3)
    expect(await said()).toEqual(['you said hello from /start', '4001 true', 'refused 1006'])
    expect(origins.at(-1)).toBe(target)
    await command.line(/^#1 ✓ GET \/chat → 101 in .* ms/)
    await command.line(/^#1 ⬆ hello from \/start$/)
    await command.line(/^#1 ⬇ you said hello from \/start$/)
    await command.line(/^#1 - END_CLOSED {2}The client closed it with 4001: “thanks”$/)
    await command.line(/^#2 ✗ GET \/nothing → 404 in/)
    await command.line(/^#2 ✗ UPGRADE_NOT_FOUND/)
    await command.line(/^GET \/app\.js → 200 in/)
    await page.close()
    expect(await command.end('SIGTERM')).toMatchObject({ status: 0 })
  })

  test('what passes appears on the inspector’s page as it passes', async () => {
    const command = await tap()
    const addressLine = /http:\/\/\S+token=\S+(?=\n)/
    await expect.poll(command.remarks, patience).toMatch(addressLine)
    const [address = ''] = addressLine.exec(command.remarks()) ?? []
    const inspector = await browser.newPage({ viewport: { width: 1280, height: 1400 } })
    await inspector.goto(address)
    const site = await browser.newPage()
    await site.goto(command.url)
    const phase = (): Promise<string | null> => inspector.getByTestId('verdict').getAttribute('data-phase')
    await expect.poll(phase, patience).toBe('closed')
    expect(await inspector.getByTestId('log').textContent()).toContain('you said hello from /')
    await expect.poll(() => inspector.getByText('/nothing').count(), patience).toBeGreaterThan(0)
    await site.close()
    await inspector.close()
  })
})
