import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../packages/centouno/test/support/chromium.ts'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
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

  test('no error was thrown or logged in any of these pages', () => {
    expect(faults).toEqual([])
  })
})
