import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../packages/centouno/test/support/chromium.ts'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { seriousFaults } from './axe.ts'
import { start, type RunningCommand } from './command.ts'

/** Every view of a connection, on a phone and on a desk, in the dark and in the light, in both languages. */

const chromium = findChromium()
const patience = { timeout: 15_000 }

describe.skipIf(chromium.missing !== '')(`The views in Chromium${chromium.missing}`, () => {
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

  async function openPage(width: number, colorScheme: 'dark' | 'light', locale: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, locale })
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(address)
    await expect.poll(() => page.getByTestId('url').inputValue(), patience).toMatch(/echo/)
    return page
  }

  test.each<[number, 'dark' | 'light', string]>([
    [1280, 'dark', 'zh-CN'],
    [390, 'dark', 'en-GB'],
  ])('at %i pixels, %s, in %s: all can be reached, none is too wide, axe finds nothing serious', async (...looks) => {
    const [width] = looks
    const page = await openPage(...looks)
    await page.getByTestId('connect').click()
    await expect.poll(() => page.getByTestId('verdict').getAttribute('data-phase'), patience).toBe('open')
    const tabs = page.locator('.detail > [role="tablist"]')
    expect(await tabs.evaluate((list) => list.scrollWidth - list.clientWidth)).toBe(0)
    const found: string[] = []
    for (const tab of await tabs.getByRole('tab').all()) {
      await tab.click()
      // Ladder and messages are looked at where they are full.
      if (/dialogue|timing|handshake/.test((await tab.getAttribute('id')) ?? ''))
        found.push(...(await seriousFaults(page)))
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    }
    expect(found).toEqual([])
    await page.close()
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(faults).toEqual([])
  })
})
