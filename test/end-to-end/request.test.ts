import { endpoint, listen } from 'centouno'
import type { BearerSource, Server } from 'centouno'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { loopbackCertificate, selfSigned } from '../../packages/centouno/test/support/certificates.ts'
import { findChromium } from '../../packages/centouno/test/support/real-peers.ts'
import { breaks } from '../../packages/inspector/src/break-a-rule/breaks.ts'
import { seriousFaults } from './axe.ts'
import { InspectorPage } from './inspector-page.ts'

/** The request part by part, as a user fills it in, and what of it reaches the server; then the rules, broken one by one. */

const chromium = findChromium()

/** What the form can say of a token, and where a server looks for it. */
const places: readonly (readonly [place: string, source: BearerSource])[] = [
  ['authorization', 'authorization'],
  ['query', { query: 'access_token' }],
  ['cookie', { cookie: 'token' }],
  ['subprotocol', { subprotocol: 'bearer.' }],
]

async function openSection(page: Page, name: string): Promise<void> {
  const fold = page.getByTestId('settings')
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
  await page.getByTestId(`tab-${name}`).click()
}

async function connectTo(page: Page): Promise<string> {
  await page.getByTestId('connect').click()
  const verdict = page.getByTestId('verdict')
  await expect.poll(() => verdict.getAttribute('data-phase')).toMatch(/open|failed/)
  return (await verdict.textContent()) ?? ''
}

/** Chips are labels; what they hold is out of sight. */
async function pick(chosen: Locator): Promise<void> {
  await chosen.check({ force: true })
}

function pem(text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'some.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(text) }
}

describe.skipIf(chromium.missing !== '')(`The request form in Chromium${chromium.missing}`, () => {
  let inspector: InspectorPage

  beforeAll(async () => {
    inspector = await InspectorPage.start(chromium.path, { height: 1000 })
  })
  afterAll(() => inspector.end())

  test('path and query are rows of the address, and the address is what the rows say', async () => {
    const page = await inspector.open()
    const at = (id: string): Locator => page.getByTestId(id)
    await at('url').fill('ws://host/rooms/42?nick=ada&x=%20y')
    await openSection(page, 'parameters')
    expect(await at('path-1').inputValue()).toBe('42')
    expect(await at('query-value-1').inputValue()).toBe(' y')
    await at('path-1').fill('a/b')
    await at('query-value-0').fill('Ada & Bo')
    await at('query-name-2').fill('since')
    // The new row is one of them now, and the typing goes on in it.
    await at('query-value-2').pressSequentially('1=2')
    expect(await at('url').inputValue()).toBe('ws://host/rooms/a%2Fb?nick=Ada%20%26%20Bo&x=%20y&since=1%3D2')
    await at('query-remove-1').focus()
    await page.keyboard.press('Enter')
    expect(await at('url').inputValue()).toBe('ws://host/rooms/a%2Fb?nick=Ada%20%26%20Bo&since=1%3D2')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('query-name-1')
    await at('url').fill('ws://host/?only=1')
    expect(await at('query-name-0').inputValue()).toBe('only')
    expect(await at('tab-parameters').textContent()).toMatch(/1/)
  })

  test.each(places)('a token in %s arrives at a server that looks there', async (place, source) => {
    const found: (string | undefined)[] = []
    await using server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/', {
        subprotocols: ['chat.v1'],
        bearer: { from: [source] },
        authorize: ({ bearer }) => void found.push(bearer),
      }),
    )
    const page = await inspector.open()
    await page.getByTestId('url').fill(server.url)
    await openSection(page, 'token')
    await page.getByTestId('bearer').fill('t0ken.of-ada')
    await pick(page.getByTestId(`bearer-${place}`))
    await openSection(page, 'subprotocols')
    await page.getByTestId('subprotocols').fill('chat.v1')
    expect(await connectTo(page)).toContain('OPEN')
    expect(found).toEqual(['t0ken.of-ada'])
  })

  test('headers, cookies, Origin and compression arrive, and the preview has shown them', async () => {
    const requests: Record<string, string | undefined>[] = []
    await using server = await listen(
      { port: 0, host: '127.0.0.1', origins: 'any', compression: true },
      endpoint('*', {
        authorize: (request) => {
          requests.push({
            id: request.header('x-request-id'),
            session: request.cookie('session'),
            theme: request.cookie('theme'),
            origin: request.origin,
            extensions: request.header('sec-websocket-extensions'),
          })
        },
      }),
    )
    const page = await inspector.open()
    const at = (id: string): Locator => page.getByTestId(id)
    await at('url').fill(server.url)
    await openSection(page, 'fields')
    await at('origin').fill('https://page.example')
    await at('field-name-0').fill('X-Request-Id')
    await at('field-value-0').fill('7')
    await openSection(page, 'cookies')
    await at('cookie-name-0').fill('session')
    await at('cookie-value-0').fill('s1')
    await at('cookie-name-1').fill('theme')
    await at('cookie-value-1').fill('dark')
    await openSection(page, 'compression')
    await at('compression').check()
    await at('takeover').uncheck()
    await at('peer-window-bits').selectOption('10')
    await openSection(page, 'preview')
    const preview = (await at('preview').textContent()) ?? ''
    expect(preview).toContain('Cookie: session=s1; theme=dark')
    const extensions =
      'permessage-deflate; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits'
    expect(preview).toContain(`Sec-WebSocket-Extensions: ${extensions}`)
    expect(await connectTo(page)).toContain('OPEN')
    expect(requests).toEqual([{ id: '7', session: 's1', theme: 'dark', origin: 'https://page.example', extensions }])
  })

  test('what cannot be sent is told before it is tried', async () => {
    const page = await inspector.open()
    await openSection(page, 'fields')
    await page.getByTestId('field-name-0').fill('Upgrade')
    await openSection(page, 'preview')
    expect(await page.getByTestId('preview-fault').textContent()).toContain('H-REQ-16')
  })

  describe('a server that wants a client certificate', () => {
    let server: Server
    let client: { readonly cert: string; readonly key: string }
    let authority: string

    beforeAll(async () => {
      const certificate = await loopbackCertificate()
      client = await selfSigned('ada')
      authority = certificate.cert
      const tls = { ...certificate, requestCert: true, rejectUnauthorized: true, ca: client.cert } as const
      server = await listen({ port: 0, host: '127.0.0.1', tls }, endpoint('/', {}))
    })
    afterAll(() => server.close())

    test('gets it, and is verified by the certificates given, in TLS 1.3', async () => {
      const page = await inspector.open()
      await page.getByTestId('url').fill(server.url)
      await openSection(page, 'tls')
      await page.getByTestId('tls-ca').fill(authority)
      await page.getByTestId('tls-cert-file').setInputFiles(pem(client.cert))
      await page.getByTestId('tls-key-file').setInputFiles(pem(client.key))
      await expect.poll(() => page.getByTestId('tls-key').inputValue()).toContain('PRIVATE KEY')
      await page.getByTestId('tls-min-version').selectOption('TLSv1.3')
      expect(await connectTo(page)).toContain('OPEN')
    })

    test('without one it does not open', async () => {
      const page = await inspector.open()
      await page.getByTestId('url').fill(server.url)
      await openSection(page, 'tls')
      await page.getByTestId('tls-ca').fill(authority)
      expect(await connectTo(page)).not.toContain('OPEN')
    })
  })

  test('a proxy is asked, here one that is not there; a time that is none is marked', async () => {
    const page = await inspector.open()
    await openSection(page, 'way')
    await pick(page.getByTestId('proxy-proxy'))
    await page.getByTestId('proxy-url').fill('http://127.0.0.1:1')
    await page.getByTestId('timeout').fill('soon')
    expect(await page.getByTestId('timeout').getAttribute('aria-invalid')).toBe('true')
    await page.getByTestId('timeout').fill('20000')
    expect(await connectTo(page)).toMatch(/127\.0\.0\.1:1\b/)
  })

  test('every way to break a rule is refused by the demo server, but for origins, of which it takes any', async () => {
    const page = await inspector.open()
    await page.getByTestId('break').click()
    await page.getByTestId('break-all').click()
    await expect.poll(() => page.getByTestId('break-counts').textContent()).toMatch(/47 refused, 2 allowed, 0 wrong/)
    const came = await page
      .locator('.way [data-judgement]')
      .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-judgement')))
    expect(came).toHaveLength(breaks.length)
    const told = await page.evaluate(
      resultsOf,
      breaks.map(({ id }) => id),
    )
    const named = told.map((sentence) => /names the rule: (H-[A-Z\d]+-\d\d)/.exec(sentence)?.[1])
    expect(named).toEqual(breaks.map(({ rule, part }) => (part === 'origin' ? undefined : rule)))
  })

  test('a request that is edited by hand goes as it was typed, and is told as any connection', async () => {
    const page = await inspector.open()
    const at = (id: string): Locator => page.getByTestId(id)
    await at('break').click()
    await at('break-no-key').click()
    expect(await at('broken-rule').textContent()).toBe('H-REQ-08')
    await at('raw').fill((await at('raw').inputValue()).replace('Sec-WebSocket-Version: 13', 'X-Note: a\\x00b'))
    await at('send-broken').click()
    await expect.poll(() => at('break-result').textContent()).toMatch(/Refused with 400/)
    expect(await at('request').textContent()).toContain('X-Note')
    expect(await page.locator('[data-rung][data-layer="http"]').count()).toBeGreaterThanOrEqual(2)
    await at('restore').click()
    expect(await at('raw').inputValue()).toContain('Sec-WebSocket-Version: 13')
  })

  test.each([
    { width: 1280, locale: 'en-GB', colorScheme: 'light' },
    { width: 390, locale: 'zh-CN', colorScheme: 'dark' },
  ] as const)(
    '$width pixels, $locale, $colorScheme: axe finds nothing serious, and nothing is too wide',
    async (looks) => {
      const page = await inspector.open(looks)
      const found = new Set<string>()
      const look = async (): Promise<void> => {
        for (const violation of await seriousFaults(page, 'main form, [data-testid="break-rule"]')) found.add(violation)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(looks.width)
      }
      const sections = [
        'parameters',
        'fields',
        'cookies',
        'token',
        'subprotocols',
        'tls',
        'compression',
        'way',
        'preview',
      ]
      for (const section of sections) {
        await openSection(page, section)
        await look()
      }
      await page.getByTestId('break').click()
      await page.getByTestId('send-broken').click()
      await page.getByTestId('break-result').waitFor()
      await look()
      expect([...found]).toEqual([])
    },
  )

  test('no error was thrown or logged in any of these pages', () => {
    expect(inspector.faults).toEqual([])
  })
})

/** Runs in the page: chooses one way to break a rule after the other, and reads what came of it. */
async function resultsOf(ids: readonly string[]): Promise<string[]> {
  const told: string[] = []
  for (const id of ids) {
    document.querySelector<HTMLElement>(`[data-testid="break-${id}"]`)?.click()
    await new Promise((resolve) => requestAnimationFrame(resolve))
    told.push(document.querySelector('[data-testid="break-result"]')?.textContent ?? '')
  }
  return told
}
