import { expect } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../packages/centouno/test/support/chromium.ts'
import { start, type RunningCommand } from './command.ts'

/** How a page is looked at. */
export interface Looks {
  readonly width?: number
  readonly height?: number
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
}

const patience = { timeout: 30_000 }

/**
 * The page of the built command in Chromium. A process for each test would cost more than most tests take: the tests
 * of a file have one page of each language after another, loaded anew, with nothing remembered.
 */
export class InspectorPage {
  /** What was thrown or logged as an error in any of the pages. */
  readonly faults: string[] = []
  readonly #command: RunningCommand
  readonly #browser: Browser
  readonly #address: string
  readonly #usual: Looks
  readonly #pages = new Map<string, Page>()

  private constructor(command: RunningCommand, browser: Browser, address: string, usual: Looks) {
    this.#command = command
    this.#browser = browser
    this.#address = address
    this.#usual = usual
  }

  /**
   * @param chromium The path of the browser.
   * @param usual How its pages are looked at where a test does not say.
   */
  static async start(chromium: string, usual: Looks = {}): Promise<InspectorPage> {
    const command = start('--port', '0')
    const [browser, [address]] = await Promise.all([launchChromium(chromium), command.line(/http:\/\/\S+/)])
    return new InspectorPage(command, browser, address, usual)
  }

  /** A page as one finds it who comes for the first time. The page of the test before is gone then. */
  async open(looks: Looks = {}): Promise<Page> {
    const { width = 1280, height = 900, locale = 'en-GB', colorScheme = 'light' } = { ...this.#usual, ...looks }
    const page = this.#pages.get(locale) ?? (await this.#create(locale))
    // The page of another origin would be another process: the address is gone to from where the test before left it.
    if (page.url() !== 'about:blank') await page.evaluate(() => localStorage.clear())
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await page.goto(this.#address)
    await expect.poll(() => page.getByTestId('url').inputValue(), patience).toMatch(/echo/)
    return page
  }

  async end(): Promise<void> {
    await this.#browser.close()
    await this.#command.end('SIGKILL')
  }

  async #create(locale: string): Promise<Page> {
    const context = await this.#browser.newContext({ locale })
    const page = await context.newPage()
    page.on('pageerror', (error) => this.faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text())
    })
    this.#pages.set(locale, page)
    return page
  }
}
