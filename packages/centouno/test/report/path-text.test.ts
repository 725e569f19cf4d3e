import { describe, expect, test } from 'vitest'
import { pathText } from '../../src/report/path-text.ts'
import { troubles, type TroubleName } from '../../src/report/path-troubles.ts'
import { verdictOf, verdictText } from '../../src/report/verdict.ts'

const names = Object.keys(troubles) as TroubleName[]

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted()
}

describe('the table of troubles', () => {
  test.each(names)('%s says in both languages what happened and what to change, with the same details', (name) => {
    const { text, change } = troubles[name]
    for (const { en, zh } of [text, ...Object.values(change)]) {
      expect(placeholders(zh)).toEqual(placeholders(en))
      expect(en).toMatch(/[.;]$|upgrade=websocket$/)
    }
    expect(text.zh).toMatch(/\p{Script=Han}.*。$/u)
  })
})

describe('pathText', () => {
  test('says what happened, at which hop, and which lines to change', () => {
    const details = { trouble: 'upgrade-lost', by: 'nginx' }
    expect(pathText(details, 'en')).toBe(
      'The server got the request without Upgrade: nginx has probably not passed it on. ' +
        'Where: between nginx and the server (client → nginx ✗ server). ' +
        'nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
    )
    expect(pathText(details, 'zh')).toContain(
      '很可能是 nginx 没有转发它。位置：nginx 与服务器之间（客户端 → nginx ✗ 服务器）。',
    )
  })

  test('of a proxy that is not known it tells what the usual ones need', () => {
    const details = { trouble: 'upgrade-lost' }
    expect(pathText(details, 'en')).toMatch(/a proxy in between has probably not passed it on\..*nginx: .*HAProxy/)
    expect(pathText(details, 'zh')).toMatch(
      /：很可能是途中的代理没有转发它。位置：途中的代理与服务器之间（客户端 → 代理 ✗ 服务器）。/,
    )
  })

  test('of a proxy that is known, but not how to set it up, it tells what happened', () => {
    expect(pathText({ trouble: 'upstream-failed', by: 'Varnish' }, 'en')).toMatch(
      /^Varnish answered by itself.*\(client → Varnish ✗ server\)\.$/,
    )
  })

  test.each(['', 'constructor', 'from another version'])('of the trouble %j it says nothing', (trouble) => {
    expect(pathText({ trouble, by: 'nginx' }, 'en')).toBe('')
  })

  test.each(names)('%s leaves no name unfilled', (trouble) => {
    for (const by of ['nginx', 'HAProxy', 'Apache']) {
      const details = { trouble, by, target: '/feed', host: 'chat.example', destination: 'portal.example' }
      for (const language of ['en', 'zh'] as const) expect(pathText(details, language)).not.toMatch(/[[\]{}]/)
    }
  })
})

describe('the hint of a verdict', () => {
  test('is what is known instead of what can be guessed', () => {
    const { hint } = verdictOf('UPGRADE_BAD_REQUEST', { status: 400, trouble: 'http-1.0', by: 'nginx' })
    expect(hint).toMatch(/^The server got the request in HTTP\/1\.0.*proxy_http_version 1\.1/)
    expect(hint).not.toContain('may also have')
  })

  test('is both where they add to each other', () => {
    const verdict = verdictOf('UPGRADE_TOO_MANY', { status: 429, retryAfter: '5 s', trouble: 'limited', by: 'nginx' })
    expect(verdictText(verdict, 'en').hint).toMatch(/asks for 5 s.*\. The page is that of nginx itself.*limit_req/)
    expect(verdictText(verdict, 'zh').hint).toMatch(/5 s.*。这是 nginx 自己的页面.*limit_req/)
  })
})
