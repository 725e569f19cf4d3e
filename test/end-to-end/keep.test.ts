import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Download, Page } from 'playwright-core'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { seriousFaults } from './axe.ts'
import { start } from './command.ts'
import { InspectorPage } from './inspector-page.ts'

/** What the page keeps: connections in tabs, attempts of earlier, saved requests, sessions as files. */

const chromium = findChromium()
const patience = { timeout: 30_000 }

async function connect(page: Page): Promise<void> {
  await page.getByTestId('connect').click()
  await expect.poll(() => phase(page), patience).toBe('open')
}

function phase(page: Page): Promise<string | null> {
  return page.getByTestId('verdict').getAttribute('data-phase')
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('message-input').fill(text)
  await page.getByTestId('send').click()
  await expect.poll(() => page.getByTestId('log').textContent(), patience).toMatch(new RegExp(`⬇[^⬇]*${text}`))
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8')
}

async function downloaded(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(button).click()])
  return textOf(download)
}

describe.skipIf(chromium.missing !== '')(`What is kept, in Chromium${chromium.missing}`, () => {
  let inspector: InspectorPage
  let folder: string

  beforeAll(async () => {
    inspector = await InspectorPage.start(chromium.path)
    folder = await mkdtemp(join(tmpdir(), 'centouno-keep-'))
  })
  afterAll(async () => {
    await inspector.end()
    await rm(folder, { recursive: true })
  })

  test('two connections live in two tabs, each with its own form, messages and draft', async () => {
    const page = await inspector.open()
    const tabs = page.getByTestId('connection-tab')
    await connect(page)
    await say(page, 'first')
    await page.getByTestId('message-input').fill('not sent yet')
    await page.getByTestId('new-tab').click()
    expect(await phase(page)).toBe('idle')
    await connect(page)
    await say(page, 'second')
    expect(await page.getByTestId('log').textContent()).not.toContain('first')
    await tabs.first().click()
    expect(await page.getByTestId('log').textContent()).toMatch(/first/)
    expect(await page.getByTestId('message-input').inputValue()).toBe('not sent yet')
    expect(await phase(page)).toBe('open')
    expect(await tabs.allTextContents()).toEqual([
      expect.stringMatching(/echo.*open/),
      expect.stringMatching(/echo.*open/),
    ])
    await page.getByTestId('close-tab').first().click()
    expect(await tabs.count()).toBe(1)
    expect(await page.getByTestId('log').textContent()).toMatch(/second/)
  })

  test('the history outlives the page, and holds no secret', async () => {
    const page = await inspector.open()
    await page.getByTestId('url').fill('ws://127.0.0.1:1/rooms?access_token=s3cret')
    await page.getByTestId('connect').click()
    await expect.poll(() => phase(page), patience).toBe('failed')
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('s3cret')
    await page.reload()
    await page.getByTestId('keep-history').click()
    await expect.poll(() => page.getByTestId('history').textContent(), patience).toMatch(/•••.*CONNECT_REFUSED/)
    expect(await seriousFaults(page)).toEqual([])
    await page.getByTestId('use-past').first().click()
    expect(await page.getByTestId('url').inputValue()).toBe('ws://127.0.0.1:1/rooms?access_token=•••')
  })

  test('a request is saved with its variables and what was said; the command line carries out the same file', async () => {
    const page = await inspector.open()
    await connect(page)
    await say(page, 'hello')
    await page.getByTestId('keep-requests').click()
    await page.getByTestId('save-request').click()
    const library = page.getByTestId('library')
    const saved = await library.inputValue()
    expect(saved).toMatch(/^### .*\nws:\/\/127\.0\.0\.1:\d+\/echo\n\nhello\n$/)

    // The host becomes a variable, and the table changes it in the text.
    const host = /127\.0\.0\.1:\d+/.exec(saved)?.[0] ?? ''
    await library.fill(`@host = elsewhere\n\n### Echo\nws://{{host}}/echo\n\nhello\n/expect hello\n/close 1000\n`)
    await page.getByTestId('variable-host').fill(host)
    await page.getByTestId('variable-host').press('Enter')
    await expect.poll(() => library.inputValue(), patience).toContain(`@host = ${host}\n`)
    expect(await seriousFaults(page)).toEqual([])
    const file = join(folder, 'saved.http')
    await writeFile(file, await downloaded(page, 'download-requests'))

    await page.getByTestId('use-request').click()
    expect(await page.getByTestId('url').inputValue()).toBe(`ws://${host}/echo`)
    await connect(page)
    const run = start('run', file)
    await run.line(/### Echo/)
    await new Promise((resolve) => run.process.once('close', resolve))
    expect(run.process.exitCode).toBe(0)

    await page.getByTestId('keep-requests').click()
    await library.fill('### nowhere\nhttpx')
    expect(await page.getByTestId('library-fault').textContent()).toMatch(/Line 2/)
  })

  test('a session is saved and opened again; so is a HAR', async () => {
    const page = await inspector.open()
    await connect(page)
    await say(page, 'remember me')
    await page.getByTestId('keep-files').click()
    const session = await downloaded(page, 'save-session')
    const har = await downloaded(page, 'export-har')
    expect(JSON.parse(har)).toMatchObject({ log: { version: '1.2', entries: [{ _resourceType: 'websocket' }] } })
    for (const text of [session, har]) {
      const picker = page.getByTestId('keep').locator('input[type=file][accept*=har]')
      await picker.setInputFiles({ name: 'file', mimeType: '', buffer: Buffer.from(text) })
      await expect.poll(() => page.getByTestId('opened').textContent(), patience).toMatch(/^\s*1 /)
    }
    expect(await seriousFaults(page)).toEqual([])
    await page.getByTestId('keep-shut').click()
    expect(await page.getByTestId('connection-tab').count()).toBe(3)
    expect(await phase(page)).toBe('closed')
    expect(await page.getByTestId('log').textContent()).toMatch(/⬇[^⬇]*remember me/)
    await page.getByTestId('connection-tab').nth(1).click()
    expect(await page.getByTestId('log').textContent()).toMatch(/⬇[^⬇]*remember me/)
    expect(await page.locator('[data-rung]').count()).toBeGreaterThan(4)
  })

  test('on a phone, in Chinese: nothing is wider than the screen', async () => {
    const page = await inspector.open({ width: 390, locale: 'zh-CN' })
    for (const part of ['requests', 'history', 'files']) {
      await page.getByTestId(`keep-${part}`).click()
      expect(await page.getByTestId('keep').textContent()).toMatch(/\p{Script=Han}{8}/u)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      await page.keyboard.press('Escape')
      await expect.poll(() => page.getByTestId('keep').isVisible(), patience).toBe(false)
    }
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})
