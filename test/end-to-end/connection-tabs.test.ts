import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator } from 'playwright-core'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { InspectorPage } from './inspector-page.ts'

/** What is done in one connection tab stays with it, whichever tab is looked at meanwhile. */

const chromium = findChromium()
const patience = { timeout: 15_000 }

describe.skipIf(chromium.missing !== '')(`Connection tabs in Chromium${chromium.missing}`, () => {
  let inspector: InspectorPage

  beforeAll(async () => {
    inspector = await InspectorPage.start(chromium.path, { height: 1400 })
  })
  afterAll(() => inspector.end())

  // The results lay in the component, which went with its tab.
  test('what came of a broken rule is there again when one comes back, and in no other tab', async () => {
    const page = await inspector.open()
    const at = (id: string): Locator => page.getByTestId(id)
    await at('break').click()
    await at('break-no-key').click()
    await at('send-broken').click()
    await expect.poll(() => at('break-result').textContent(), patience).toMatch(/Refused with 400/)
    const told = await at('break-result').textContent()
    await at('new-tab').click()
    await at('break').click()
    expect(await at('break-result').count()).toBe(0)
    expect(await at('break-no-key').getAttribute('aria-pressed')).toBe('false')
    await at('connection-tab').first().click()
    expect(await at('break-result').isVisible()).toBe(true)
    expect(await at('break-result').textContent()).toBe(told)
    expect(await at('break-no-key').getAttribute('aria-pressed')).toBe('true')
  })

  test('an attempt that ends while another tab is in sight is told on return, and the others are tried then', async () => {
    const page = await inspector.open()
    const at = (id: string): Locator => page.getByTestId(id)
    await at('break').click()
    await at('break-all').click()
    await at('new-tab').click()
    await at('connection-tab').first().click()
    await expect.poll(() => at('break-counts').textContent(), patience).toMatch(/47 refused, 2 allowed, 0 wrong/)
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})
