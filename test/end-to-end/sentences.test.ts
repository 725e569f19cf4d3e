import type { Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { startDemo } from '../../packages/inspector/src/demo/demo-server.ts'
import { InspectorPage } from './inspector-page.ts'

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
  let inspector: InspectorPage
  let secure: Server

  beforeAll(async () => {
    secure = await startDemo({ port: 0, mode: 'echo', tls: true })
    inspector = await InspectorPage.start(chromium.path, { height: 1400 })
  })
  afterAll(async () => {
    await inspector.end()
    await secure.close()
  })

  // The banner read: The request was refused: The `Connection` header must contain …
  test.each(['en-GB', 'zh-CN'])(
    'in %s the verdict sets literal names apart, and shows no backticks',
    async (locale) => {
      const page = await inspector.open({ locale })
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
    },
  )

  // Values like “2 bytes” and “6 suites” were told in English, whatever the language of the page.
  test('in Chinese the values of the wire view are Chinese where they are words, and as they are where they are not', async () => {
    const page = await inspector.open({ locale: 'zh-CN' })
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
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})
