import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { seriousFaults } from './axe.ts'
import { InspectorPage } from './inspector-page.ts'

/** Every view of a connection, on a phone and on a desk, in the dark and in the light, in both languages. */

const chromium = findChromium()
const patience = { timeout: 15_000 }

describe.skipIf(chromium.missing !== '')(`The views in Chromium${chromium.missing}`, () => {
  let inspector: InspectorPage

  beforeAll(async () => {
    inspector = await InspectorPage.start(chromium.path)
  })
  afterAll(async () => {
    await inspector.end()
  })

  test.each<[number, 'dark' | 'light', string]>([
    [1280, 'dark', 'zh-CN'],
    [390, 'dark', 'en-GB'],
  ])(
    'at %i pixels, %s, in %s: all can be reached, none is too wide, axe finds nothing serious',
    async (width, colorScheme, locale) => {
      const page = await inspector.open({ width, colorScheme, locale })
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
    },
  )

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})
