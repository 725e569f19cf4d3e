import type { Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../packages/centouno/test/support/chromium.ts'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { startDemo } from '../../packages/inspector/src/demo/demo-server.ts'
import { start, type RunningCommand } from './command.ts'

/** What the page says, as a reader meets it: literal names set apart, and all of it in the language that was chosen. */

const chromium = findChromium()
const patience = { timeout: 15_000 }

/** Sentences with backticks in them. The body of a reply is no sentence of the page's: it is shown as it came. */
async function withBackticks(page: Page): Promise<string[]> {
  const sentences = await page.locator('main p').allTextContents()
  expect(sentences.length).toBeGreaterThan(20)
  return sentences.filter((sentence) => sentence.includes('`'))
}

describe.skipIf(chromium.missing !== '')(`The words of the page in Chromium${chromium.missing}`, () => {
  let command: RunningCommand
  let browser: Browser
  let secure: Server
  let address: string
  const faults: string[] = []

  beforeAll(async () => {
    secure = await startDemo({ port: 0, mode: 'echo', tls: true })
    command = start('--port', '0')
    address = (await command.line(/http:\/\/\S+/))[0]
    browser = await launchChromium(chromium.path)
  })
  afterAll(async () => {
    await browser.close()
    await command.end('SIGKILL')
    await secure.close()
  })

  async function openPage(locale = 'en-GB'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1400 }, locale })
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(address)
    await expect.poll(() => page.getByTestId('url').inputValue(), patience).toMatch(/echo/)
    return page
  }

  // The banner read: The request was refused: The `Connection` header must contain …
  test.each(['en-GB', 'zh-CN'])(
    'in %s the verdict sets literal names apart, and shows no backticks',
    async (locale) => {
      const page = await openPage(locale)
      const names = page.getByTestId('verdict').locator('.text code')
      await page.getByTestId('break').click()
      await page.getByTestId('break-no-connection').click()
      await page.getByTestId('send-broken').click()
      await expect.poll(() => names.allTextContents(), patience).toContain('Connection')
      expect(await withBackticks(page)).toEqual([])
      // nginx is named with the directive that makes it speak TLS.
      const url = page.getByTestId('url')
      await url.fill((await url.inputValue()).replace('ws:', 'wss:'))
      await page.getByTestId('connect').click()
      await expect.poll(() => names.allTextContents(), patience).toContain('listen')
      expect(await withBackticks(page)).toEqual([])
      await page.close()
    },
  )

  // Values like “2 bytes” and “6 suites” were told in English, whatever the language of the page.
  test('in Chinese the values of the wire view are Chinese where they are words, and as they are where they are not', async () => {
    const page = await openPage('zh-CN')
    await page.getByTestId('url').fill(`${secure.url}/echo`)
    await page.getByTestId('settings').click()
    await page.getByTestId('tab-tls').click()
    await page.getByTestId('skip-verification').check()
    await page.getByTestId('connect').click()
    await expect.poll(() => page.getByTestId('verdict').getAttribute('data-phase'), patience).toBe('open')
    await page.getByTestId('message-input').fill('5 bytes')
    await page.getByTestId('send').click()
    await expect.poll(() => page.locator('[data-layer="websocket"]').count(), patience).toBe(2)
    const values: string[] = []
    for (const layer of ['tls', 'http', 'websocket']) {
      for (const rung of await page.locator(`[data-layer="${layer}"]`).all()) {
        await rung.click()
        values.push(...(await page.getByTestId('fields').locator('.value').allTextContents()))
      }
    }
    for (const value of ['7 字节', '文本 (1)', 'TLS 1.2 (0x0303)', 'websocket']) expect(values).toContain(value)
    expect(values.filter((value) => /\d (?:byte|suite|extension|certificate|key|bit)/.test(value))).toEqual([])
    await page.close()
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(faults).toEqual([])
  })
})
