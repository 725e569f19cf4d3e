import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { seriousFaults } from './axe.ts'
import { InspectorPage } from './inspector-page.ts'

/** The steps of a saved request, run from the page on the open connection. */

const chromium = findChromium()
const patience = { timeout: 15_000 }

/** Opens a saved request that says these lines to the demo server, and connects. */
async function openRequest(page: Page, ...lines: string[]): Promise<void> {
  const url = await page.getByTestId('url').inputValue()
  await page.getByTestId('keep-requests').click()
  await page.getByTestId('library').fill(['@who = Ada', '### Hello', url, '', ...lines].join('\n'))
  await page.getByTestId('use-request').click()
  await page.getByTestId('connect').click()
  await expect.poll(() => page.getByTestId('verdict').getAttribute('data-phase'), patience).toBe('open')
}

function outcomes(page: Page): Promise<(string | null)[]> {
  return page.locator('[data-step]').evaluateAll((steps) => steps.map((step) => step.getAttribute('data-step')))
}

describe.skipIf(chromium.missing !== '')(`Saved steps in Chromium${chromium.missing}`, () => {
  let inspector: InspectorPage

  beforeAll(async () => {
    inspector = await InspectorPage.start(chromium.path, { height: 1400 })
  })
  afterAll(() => inspector.end())

  test('each step is shown with what came of it, down to the one that fails', async () => {
    const page = await inspector.open()
    await openRequest(page, 'hello {{who}}', '/expect hello Ada', '/ping', '/file notes.txt', 'never said')
    expect(await outcomes(page)).toEqual(Array.from({ length: 5 }, () => 'waiting'))
    await page.getByTestId('run-steps').click()
    await expect.poll(() => outcomes(page), patience).toEqual(['done', 'done', 'done', 'failed', 'waiting'])
    const steps = page.getByTestId('steps')
    expect(await steps.textContent()).toMatch(/\/ping.*ms.*opens no files/)
    expect(await page.getByTestId('log').textContent()).toMatch(/⬆[^⬆]*hello Ada[^⬆]*⬇[^⬇]*hello Ada/)
    expect(await page.getByTestId('log').textContent()).not.toContain('never said')
    expect(await seriousFaults(page)).toEqual([])
    await page.getByTestId('language').click()
    expect(await steps.textContent()).toMatch(/不能按路径打开文件/)
  })

  test('a step that waits can be stopped; what cannot be read is said before anything is done', async () => {
    const page = await inspector.open()
    await openRequest(page, '/wait 3600000')
    await page.getByTestId('run-steps').click()
    await page.getByTestId('stop-steps').click()
    await expect.poll(() => outcomes(page), patience).toEqual(['stopped'])
    await page.getByTestId('keep-requests').click()
    await page.getByTestId('library').fill((await page.getByTestId('library').inputValue()).replace('/wait', '/dance'))
    await page.getByTestId('use-request').click()
    expect(await page.getByTestId('steps').textContent()).toMatch(/is no command/)
    expect(await page.getByTestId('run-steps').isDisabled()).toBe(true)
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})
