import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../packages/centouno/test/support/chromium.ts'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { start, type RunningCommand } from './command.ts'

/** The page as a newcomer meets it: start the command, open the address it prints, press Connect. */

const chromium = findChromium()

describe.skipIf(chromium.missing !== '')(`The page in Chromium${chromium.missing}`, () => {
  let command: RunningCommand
  let browser: Browser
  let address: string
  const faults: string[] = []

  beforeAll(async () => {
    command = start('--port', '0')
    address = (await command.line(/http:\/\/\S+/))[0]
    browser = await launchChromium(chromium.path)
  })
  afterAll(async () => {
    await browser.close()
    await command.end('SIGKILL')
  })

  async function openPage(width = 1280): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, locale: 'en-GB' })
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(address)
    return page
  }

  test('Connect shows the stages, the request and the 101, the rules, the dialogue, and messages both ways', async () => {
    const page = await openPage()
    const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id)
    await expect.poll(() => at('url').inputValue()).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/echo/)
    await at('connect').click()
    await expect.poll(() => at('verdict').textContent()).toContain('OPEN')
    for (const stage of ['resolve', 'connect', 'upgrade', 'open']) {
      expect(await at(`stage-${stage}`).textContent()).toMatch(/\d/)
    }
    expect(await at('request').textContent()).toContain('GET /echo HTTP/1.1')
    expect(await at('request').textContent()).toMatch(/Sec-WebSocket-Key: ?[+/0-9A-Za-z]{22}==/)
    expect(await at('response').textContent()).toContain('HTTP/1.1 101 Switching Protocols')
    expect(await at('response').textContent()).toMatch(/Sec-WebSocket-Accept/)
    await at('tab-handshake').click()
    for (const format of ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7']) {
      expect(await at(`format-${format}`).isVisible()).toBe(true)
    }
    expect(await at('rule-H-REQ-08').count()).toBe(1)
    expect((await at('dialogue').textContent())?.length).toBeGreaterThan(300)

    await at('message-input').fill('hello, 你好')
    await at('send').click()
    const log = at('log')
    await expect.poll(() => log.textContent()).toMatch(/⬆[\s\S]*hello, 你好[\s\S]*⬇[\s\S]*hello, 你好/)

    await at('disconnect').click()
    await expect.poll(async () => (await at('stage-disconnect').textContent()) ?? '').toMatch(/\d/)
    await page.close()
  })

  test('the clock pushes messages nobody asked for', async () => {
    const page = await openPage()
    const url = page.getByTestId('url')
    await expect.poll(() => url.inputValue()).toMatch(/echo/)
    await url.fill((await url.inputValue()).replace('/echo', '/time'))
    await page.getByTestId('connect').click()
    await expect.poll(() => page.getByTestId('log').textContent()).toMatch(/⬇/)
    await page.close()
  })

  test('a port where nobody listens: the verdict says so, and what to do, in both languages', async () => {
    const page = await openPage(390)
    const url = page.getByTestId('url')
    await expect.poll(() => url.inputValue()).toMatch(/echo/)
    await url.fill('ws://127.0.0.1:1/')
    await page.getByTestId('connect').click()
    const verdict = page.getByTestId('verdict')
    await expect.poll(() => verdict.textContent()).toContain('CONNECT_REFUSED')
    expect(await verdict.textContent()).not.toMatch(/\p{Script=Han}/u)
    await page.getByTestId('language').click()
    await expect.poll(() => verdict.textContent()).toMatch(/\p{Script=Han}{4}/u)
    expect(await page.locator('html').getAttribute('lang')).toMatch(/^zh/)
    await page.close()
  })

  test('without the token the page and the agent are refused', async () => {
    const page = await browser.newPage()
    const response = await page.goto(new URL('/', address).href)
    expect(response?.status()).toBe(403)
    await page.close()
  })

  test('no error was thrown or logged in any of these pages, and the command ends cleanly', async () => {
    expect(faults).toEqual([])
    expect((await command.end('SIGTERM')).status).toBe(0)
  })
})
