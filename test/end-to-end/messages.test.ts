import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpoint, listen } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { seriousFaults } from './axe.ts'
import { InspectorPage } from './inspector-page.ts'

/** Messages as one sends, reads, filters and repeats them; and a hundred thousand of them. */

const chromium = findChromium()
const patience = { timeout: 30_000 }

/** Messages that a server sends as fast as they are taken. */
const flood = 4000

/** A session of one connection with a hundred thousand messages, every thousandth with a needle in it. */
function longSession(): string {
  const stage = { name: 'open', startMs: 1, endMs: null, ok: null, bytesSent: null, bytesReceived: null, facts: {} }
  const report = {
    url: 'ws://a/long',
    startedAt: '2026-01-01T00:00:00.000Z',
    verdict: { ok: true, stage: 'open', code: 'OPEN', sentence: '', hint: '', details: {} },
    stages: [stage],
    request: null,
    response: null,
    rules: [],
  }
  const messages = Array.from({ length: 100_000 }, (_, index) => {
    const data = JSON.stringify({ number: index + 1, say: index % 1000 === 999 ? 'needle' : 'hay' })
    return { direction: 'received', kind: 'text', data, bytes: data.length, atMs: index }
  })
  const connection = { report, rungs: [], omittedRungs: 0, messages, omittedMessages: 0, closing: null }
  const heading = { format: 'centouno-session', version: 1, creator: 'a test', secrets: 'replaced' }
  return JSON.stringify({ ...heading, connections: [connection] })
}

/** From now on the page notes its long tasks: what keeps it from answering for more than 50 ms. */
async function watchTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { tasks })
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    })
  })
}

/** How long each of them was, in milliseconds. */
function longTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks)
}

async function connect(page: Page): Promise<void> {
  await page.getByTestId('connect').click()
  await expect.poll(() => page.getByTestId('verdict').getAttribute('data-phase'), patience).toBe('open')
}

function row(page: Page, number: number): Locator {
  return page.getByTestId('log').locator(`[data-number="${number}"]`)
}

/** How many messages there were on the connection. */
async function messageCount(page: Page): Promise<number> {
  return Number(await page.getByTestId('message-count').textContent())
}

async function say(page: Page, text: string, form = 'text'): Promise<void> {
  await page.getByTestId(`form-${form}`).check({ force: true })
  await page.getByTestId('message-input').fill(text)
  await page.getByTestId('send').click()
}

describe.skipIf(chromium.missing !== '')(`Messages in Chromium${chromium.missing}`, () => {
  let inspector: InspectorPage
  let server: Server
  let folder: string

  beforeAll(async () => {
    inspector = await InspectorPage.start(chromium.path)
    folder = await mkdtemp(join(tmpdir(), 'centouno-messages-'))
    server = await listen(
      0,
      endpoint('/flood', {
        async message(socket, data) {
          for (let number = 1; number <= Number(data); number += 1) {
            await socket.send(JSON.stringify({ number }))
          }
        },
      }),
    )
  })
  afterAll(async () => {
    await inspector.end()
    await server.close()
    await rm(folder, { recursive: true })
  })

  test('text, JSON, hex, base64, a file and a Ping go, and each can be read in every form that fits', async () => {
    const page = await inspector.open()
    await connect(page)
    await page.getByTestId('form-json').check({ force: true })
    await page.getByTestId('message-input').fill('{"room":')
    expect(await page.getByTestId('send').isDisabled()).toBe(true)
    expect(await page.locator('#message-fault').textContent()).toMatch(/not JSON/)
    await say(page, '{"room":42}', 'json')
    await say(page, '00 ff', 'hex')
    await say(page, 'AAH/', 'base64')
    await page.getByTestId('file').setInputFiles({ name: 'a.bin', mimeType: '', buffer: Buffer.from('from a file') })
    await page.getByTestId('message-input').fill('QUI=')
    await page.getByTestId('ping').click()
    await expect.poll(() => page.getByTestId('log').locator('[data-kind="pong"]').count(), patience).toBe(1)
    await expect.poll(() => page.getByTestId('message-count').textContent(), patience).toMatch(/^\s*10\s*$/)
    expect(await page.getByTestId('log').textContent()).toMatch(/41 42/)

    const content = page.getByTestId('message-content')
    await row(page, 1).click()
    expect(await content.textContent()).toMatch(/"room": 42/)
    await page.getByTestId('read-text').check({ force: true })
    expect(await content.textContent()).toMatch(/\{"room":42\}/)
    await page.getByTestId('read-base64').check({ force: true })
    expect(await content.textContent()).toMatch(/eyJyb29tIjo0Mn0=/)
    await page.getByTestId('read-hex').check({ force: true })
    expect(await content.textContent()).toMatch(/7b 22 72 6f 6f 6d 22 3a/)
  })

  test('by keyboard: down the list, into a message, back; it is sent again, and edited', async () => {
    const page = await inspector.open()
    await connect(page)
    await say(page, 'one')
    await expect.poll(() => page.getByTestId('message-count').textContent(), patience).toMatch(/2/)
    await page.getByTestId('log').focus()
    await page.keyboard.press('Home')
    await expect.poll(() => row(page, 1).getAttribute('aria-selected'), patience).toBe('true')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => row(page, 2).getAttribute('aria-selected'), patience).toBe('true')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), patience).toBe('H3')
    await page.getByTestId('send-again').click()
    await expect.poll(() => page.getByTestId('message-count').textContent(), patience).toMatch(/4/)
    await page.getByTestId('edit').click()
    expect(await page.getByTestId('message-input').inputValue()).toBe('one')
    await expect.poll(() => page.getByTestId('spoken').textContent(), patience).toMatch(/one/)
  })

  test('a message is repeated until it is stopped', async () => {
    const page = await inspector.open()
    await connect(page)
    await page.getByTestId('message-input').fill('again')
    await page.getByTestId('repeat').click()
    await page.getByTestId('repeat-every').fill('20')
    await page.getByTestId('repeat-turn').click()
    // A row goes out of sight by those that follow; how many there were stays.
    await expect.poll(() => messageCount(page), patience).toBeGreaterThan(5)
    await page.getByTestId('repeat-turn').click()
    expect(await page.getByTestId('repeated').count()).toBe(0)
    // When its echo is there, every repetition has come back: two more messages are all that follow from another.
    await say(page, 'after that')
    await expect.poll(() => page.getByTestId('log').textContent(), patience).toMatch(/⬇[^⬇⬆]*after that/)
    const sofar = await messageCount(page)
    await say(page, 'the last')
    await expect.poll(() => page.getByTestId('log').textContent(), patience).toMatch(/⬇[^⬇⬆]*the last/)
    expect(await messageCount(page)).toBe(sofar + 2)
  })

  test('while messages flood in, few tasks are long', async () => {
    const page = await inspector.open()
    await watchTasks(page)
    await page.getByTestId('url').fill(`${server.url}/flood`)
    await connect(page)
    await say(page, String(flood))
    // Pings of the server may come between.
    const count = page.getByTestId('message-count')
    await expect.poll(async () => Number(await count.textContent()), { timeout: 240_000 }).toBeGreaterThan(flood)
    // Half a second is what nobody would call responsive; of the drawings there were hundreds.
    expect((await longTasks(page)).filter((duration) => duration > 500).length).toBeLessThan(4)
    expect(await page.getByTestId('log').locator('[data-number]').count()).toBeLessThan(100)
  }, 300_000)

  test('of a hundred thousand messages few are drawn; they are scrolled through, and what is looked for is found', async () => {
    const page = await inspector.open()
    const file = join(folder, 'long.json')
    await writeFile(file, longSession())
    await page.getByTestId('keep-files').click()
    await page.getByTestId('keep').locator('input[type=file][accept*=har]').setInputFiles(file)
    await expect.poll(() => page.getByTestId('opened').textContent(), patience).toMatch(/^\s*1 /)
    await page.getByTestId('keep-shut').click()
    const count = page.getByTestId('message-count')
    await expect.poll(() => count.textContent(), patience).toMatch(/^\s*100000\s*$/)
    await watchTasks(page)
    await page.getByTestId('message-search').fill('needle')
    await expect.poll(() => count.textContent(), patience).toMatch(/^\s*100 of 100000\s*$/)
    expect(await row(page, 100_000).count()).toBe(1)
    await page.getByTestId('clear-filter').click()
    await page.getByTestId('direction-sent').click()
    await expect.poll(() => count.textContent(), patience).toMatch(/^\s*0 of 100000\s*$/)
    await page.getByTestId('clear-filter').click()
    await page.getByTestId('log').evaluate(async (list) => {
      for (let step = 0; step <= 50; step += 1) {
        list.scrollTop = (list.scrollHeight * step) / 50
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    })
    await expect.poll(() => row(page, 100_000).count(), patience).toBe(1)
    expect(await page.getByTestId('log').locator('[data-number]').count()).toBeLessThan(100)
    // If all rows were drawn, or searched at once, every step would be one.
    expect((await longTasks(page)).filter((duration) => duration > 200).length).toBeLessThan(10)
  })

  test('on a phone the messages are a view beside the ladder', async () => {
    const page = await inspector.open({ width: 390, locale: 'zh-CN' })
    await connect(page)
    expect(await page.getByTestId('log').isVisible()).toBe(false)
    expect(await page.getByTestId('ladder').isVisible()).toBe(true)
    await page.getByTestId('tab-messages').click()
    await say(page, 'hello')
    await expect.poll(() => row(page, 2).isVisible(), patience).toBe(true)
    await row(page, 2).click()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page.getByTestId('show-frame').click()
    await expect.poll(() => page.getByTestId('rung-detail').locator('h3').textContent(), patience).toMatch(/5/)
    expect(await page.getByTestId('log').isVisible()).toBe(false)
  })

  test.each(['light', 'dark'] as const)('axe finds nothing serious, %s', async (scheme) => {
    const page = await inspector.open({ colorScheme: scheme })
    await connect(page)
    await say(page, '{"room":42}', 'json')
    await expect.poll(() => row(page, 2).count(), patience).toBe(1)
    await row(page, 1).click()
    await page.getByTestId('repeat').click()
    await page.getByTestId('direction-sent').click()
    expect(await seriousFaults(page)).toEqual([])
  })

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})
