/**
 * Takes the pictures of the README from the real page: `npm run build && node scripts/screenshots.mjs`.
 * Needs Chromium (set CHROMIUM when it is not at /usr/bin/chromium).
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const command = spawn(process.execPath, [path('../packages/inspector/dist/command/main.js'), '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
let address
for await (const line of createInterface({ input: command.stdout })) {
  address = /http:\/\/\S+/.exec(line)?.[0]
  if (address !== undefined) break
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
})
for (const [name, locale] of [
  ['page', 'en-GB'],
  ['page-zh', 'zh-CN'],
]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1180 }, deviceScaleFactor: 1.5, locale })
  await page.goto(address)
  await page.getByTestId('connect').click()
  await page.locator('[data-phase="open"]').waitFor()
  for (const text of ['hello, 你好', '{"room":42,"say":"ciao"}']) {
    await page.getByTestId('message-input').fill(text)
    await page.getByTestId('send').click()
  }
  await page.getByTestId('log').getByText('⬇').nth(1).waitFor()
  await page.getByTestId('log').locator('[data-number="3"]').click()
  await page.getByTestId('show-frame').click()
  await page.locator('[data-field="Masking-key"]').click()
  await page.screenshot({ path: path(`../docs/images/${name}.png`) })
  await page.close()
}
// One connection twice: arrow by arrow, and as the talk of its two sides. Both ends have said goodbye.
const page = await browser.newPage({ viewport: { width: 760, height: 1000 }, deviceScaleFactor: 1.5, locale: 'en-GB' })
await page.goto(address)
await page.getByTestId('connect').click()
await page.locator('[data-phase="open"]').waitFor()
await page.getByTestId('tab-messages').click()
await page.getByTestId('message-input').fill('hello, 你好')
await page.getByTestId('send').click()
await page.getByTestId('log').getByText('⬇').first().waitFor()
await page.getByTestId('disconnect').click()
await page.locator('[data-phase="closed"]').waitFor()
await page.getByTestId('tab-ladder').click()
await page.getByTestId('ladder').getByText('FIN').first().waitFor()
await page.locator('[data-layer="websocket"]').first().click()
await page.locator('[data-field="Masking-key"]').click()
await page.mouse.move(0, 0)
await picture('ladder')
await page.getByTestId('tab-dialogue').click()
await picture('dialogue')
await browser.close()
command.kill('SIGTERM')

/** The view that is in sight, and nothing around it. */
async function picture(name) {
  await page
    .locator('[role="tabpanel"]:visible')
    .last()
    .screenshot({ path: path(`../docs/images/${name}.png`) })
}
