import type { Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { startDemo } from '../../packages/inspector/src/demo/demo-server.ts'
import { InspectorPage } from './inspector-page.ts'

/** The ladder as one reads it: from SYN to FIN, in the clear and under TLS; bytes and their meaning beside each other. */

const chromium = findChromium()
const patience = { timeout: 15_000 }

async function connect(page: Page): Promise<void> {
  await page.getByTestId('connect').click()
  await expect.poll(() => page.getByTestId('verdict').getAttribute('data-phase'), patience).toBe('open')
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('message-input').fill(text)
  await page.getByTestId('send').click()
  await expect.poll(() => page.getByTestId('log').textContent(), patience).toMatch(new RegExp(`⬇[^⬇]*${text}`))
}

/** Every arrow that is drawn, from top to bottom. */
function arrows(page: Page): Promise<string[]> {
  return page
    .locator('[data-rung]')
    .evaluateAll((rungs) =>
      rungs
        .sort((one, other) => Number(one.getAttribute('data-rung')) - Number(other.getAttribute('data-rung')))
        .map((rung) => `${rung.getAttribute('data-layer')} ${rung.querySelector('.name')?.textContent}`),
    )
}

function arrow(page: Page, layer: string, label: string): Locator {
  return page.locator(`[data-layer="${layer}"]`, { has: page.getByText(label, { exact: true }) }).first()
}

/** What is lit, as hex. */
function litBytes(page: Page): Promise<string> {
  return page
    .getByTestId('rung-bytes')
    .locator('.hex .lit')
    .allTextContents()
    .then((bytes) => bytes.join(' '))
}

describe.skipIf(chromium.missing !== '')(`The ladder in Chromium${chromium.missing}`, () => {
  let inspector: InspectorPage
  let secure: Server

  beforeAll(async () => {
    inspector = await InspectorPage.start(chromium.path, { height: 1400 })
    secure = await startDemo({ port: 0, mode: 'echo', tls: true })
  })
  afterAll(async () => {
    await inspector.end()
    await secure.close()
  })

  test('ws: from the SYN, which is inferred, to the FIN', async () => {
    const page = await inspector.open()
    await connect(page)
    await say(page, 'hello')
    await page.getByTestId('disconnect').click()
    await expect.poll(() => arrows(page), patience).toContain('tcp FIN')
    const told = await arrows(page)
    expect(told.slice(0, 9)).toEqual([
      'tcp SYN',
      'tcp SYN-ACK',
      'tcp ACK',
      'http GET /echo',
      'http 101 Switching Protocols',
      'websocket Text, 5 bytes',
      'websocket Text, 5 bytes',
      'websocket Close 1000',
      'websocket Close 1000',
    ])
    await arrow(page, 'tcp', 'SYN').click()
    expect(await page.getByTestId('rung-detail').textContent()).toContain('inferred')
  })

  test('wss: ClientHello to Finished, opened; inside them the handshake and the frames', async () => {
    const page = await inspector.open()
    await page.getByTestId('url').fill(`${secure.url}/echo`)
    await page.getByTestId('settings').click()
    await page.getByTestId('tab-tls').click()
    await page.getByTestId('skip-verification').check()
    await connect(page)
    await say(page, 'hello')
    const told = await arrows(page)
    for (const label of [
      'tls ClientHello',
      'tls ServerHello',
      'tls EncryptedExtensions',
      'tls Certificate',
      'tls CertificateVerify',
      'tls Finished',
      'http GET /echo',
      'http 101 Switching Protocols',
      'websocket Text, 5 bytes',
    ]) {
      expect(told).toContain(label)
    }
    // What only carries the arrow after it is left out until it is asked for.
    expect(told.some((label) => label.startsWith('tls Application data'))).toBe(false)
    await page.getByTestId('carriers').click()
    expect((await arrows(page)).some((label) => label.startsWith('tls Application data'))).toBe(true)
    await arrow(page, 'tls', 'Certificate').click()
    expect(await page.getByTestId('rung-detail').textContent()).toContain('crossed encrypted')
  })

  test('a field lights its bytes, and a byte its field', async () => {
    const page = await inspector.open()
    await connect(page)
    await say(page, 'hello')
    await arrow(page, 'websocket', 'Text, 5 bytes').click()
    const detail = page.getByTestId('rung-detail')
    expect(await detail.getByTestId('derived-payload').textContent()).toContain('hello')
    const key = detail.locator('[data-field="Masking-key"]')
    await key.click()
    const shownKey = /[0-9a-f]{2}( [0-9a-f]{2}){3}/.exec((await key.textContent()) ?? '')?.[0]
    expect(shownKey).toBeDefined()
    expect(await litBytes(page)).toBe(shownKey)
    // The second byte holds MASK and the length; byte 6 is the first of the payload.
    await detail.locator('.hex [data-at="6"]').click()
    await expect
      .poll(() => detail.locator('[data-field="Payload data"]').getAttribute('aria-pressed'), patience)
      .toBe('true')
    expect((await litBytes(page)).split(' ')).toHaveLength(5)
  })

  test('by keyboard: down the ladder, fold, unfold, and into the details', async () => {
    const page = await inspector.open()
    await connect(page)
    const ladder = page.getByTestId('ladder')
    const active = (): Promise<string | null> => ladder.locator('[aria-selected="true"]').textContent()
    await ladder.focus()
    await page.keyboard.press('Home')
    await expect.poll(active, patience).toContain('TCP')
    await page.keyboard.press('ArrowDown')
    await expect.poll(active, patience).toContain('SYN')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => arrows(page), patience).not.toContain('tcp SYN')
    expect(await ladder.locator('[data-group="tcp"]').getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => arrows(page), patience).toContain('tcp SYN')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), patience).toBe('H3')
  })

  test('a layer can be left out, and a message leads to its frame', async () => {
    const page = await inspector.open()
    await connect(page)
    await say(page, 'one')
    await say(page, 'three')
    await page.getByTestId('layer-websocket').click()
    expect((await arrows(page)).every((label) => !label.startsWith('websocket'))).toBe(true)
    await page.getByTestId('tab-dialogue').click()
    // Lines of the log: one, its echo, three, its echo.
    await page.getByTestId('log').locator('[data-number="4"]').click()
    await page.getByTestId('show-frame').click()
    await expect.poll(() => page.getByTestId('rung-detail').locator('h3').textContent(), patience).toBe('Text, 5 bytes')
    expect(await page.getByTestId('rung-detail').textContent()).toContain('Server → Client')
    expect(await page.getByTestId('layer-websocket').getAttribute('aria-pressed')).toBe('true')
  })

  test('an attempt that failed shows where', async () => {
    const page = await inspector.open()
    const url = page.getByTestId('url')
    await url.fill((await url.inputValue()).replace('/echo', '/nowhere'))
    await page.getByTestId('connect').click()
    await expect.poll(() => page.getByTestId('rung-detail').locator('h3').textContent(), patience).toBe('404 Not Found')
    expect(await page.locator('[data-rung].alarming').count()).toBe(1)
  })

  test('on a phone, in Chinese: nothing is wider than the screen', async () => {
    const page = await inspector.open({ width: 390, locale: 'zh-CN' })
    await connect(page)
    await arrow(page, 'http', 'GET /echo').click()
    expect(await page.getByTestId('rung-detail').textContent()).toMatch(/\p{Script=Han}{6}/u)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})
