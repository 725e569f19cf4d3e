import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { CodeRow } from '../src/report/code-row.ts'
import { endCodes } from '../src/report/code-rows/ends.ts'
import { refusalCodes } from '../src/report/code-rows/refusals.ts'
import { violationCodes } from '../src/report/code-rows/violations.ts'
import { closeProxies } from './support/proxies.ts'
import { closeScriptedServers } from './support/scripted-server.ts'
import { stopServing } from './support/serving.ts'
import { endWays } from './ways-to-fail/end-ways.ts'
import { closeReachPeers, reachWays } from './ways-to-fail/reach-ways.ts'
import { refusalWays } from './ways-to-fail/refusal-ways.ts'
import { closeRelays } from './ways-to-fail/relay.ts'
import { replyWays } from './ways-to-fail/reply-ways.ts'
import type { Told } from './ways-to-fail/way.ts'

/**
 * Every way in which a connection fails to open, is refused or ends, each made to happen: it has a code of its own, which
 * is documented, told in words in both languages, and the same on both sides of the wire.
 */

const groups = { reachWays, replyWays, refusalWays, endWays }
const ways = Object.values(groups).flat()

const documents = ['codes', 'rules'].map((name) =>
  readFileSync(new URL(`../../../docs/reference/${name}.md`, import.meta.url), 'utf8'),
)

afterEach(async () => {
  await closeReachPeers()
  await closeRelays()
  await stopServing()
  await closeScriptedServers()
  await closeProxies()
})

function documented(code: string): boolean {
  return documents.some((text) => text.includes(`### \`${code}\`\n`) || text.includes(`| ${code} |`))
}

function expectWords({ text }: Told): void {
  const [en, zh] = [text('en'), text('zh')]
  expect(en.sentence).toMatch(/\.$/)
  expect(zh.sentence).toMatch(/\p{Script=Han}.*[。）]$/su)
  expect(zh.sentence).not.toBe(en.sentence)
  for (const { hint, sentence } of [en, zh]) {
    expect(hint).not.toBe('')
    expect(`${sentence}${hint}`).not.toMatch(/\{\w+\}|undefined|\[object/)
  }
}

describe.each(Object.entries(groups))('%s', (_name, group) => {
  test.each(group.map((way) => [way.code, way.what, way] as const))('%s: %s', async (code, _what, way) => {
    const { client, server } = await way.run()
    expect({ client: client.code, ...(server && { server: server.code }) }).toEqual({
      client: code,
      ...(server && { server: code }),
      ...way.otherwise,
    })
    expectWords(client)
    if (server) expectWords(server)
  })
})

test('they are more than 45, and no two have one code', () => {
  expect(ways.length).toBeGreaterThan(45)
  const codes = ways.map(({ code }) => code)
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
})

test('no refusal of a server, no end, no violation and no limit is missing', () => {
  const found = new Set(ways.map(({ code }) => code))
  const known: readonly CodeRow[] = [...refusalCodes, ...endCodes, ...violationCodes]
  expect(known.map(({ code }) => code).filter((code) => !found.has(code))).toEqual([])
})

test('each code is documented', () => {
  expect(ways.map(({ code }) => code).filter((code) => !documented(code))).toEqual([])
})

test('the two sides tell different codes only where one was cut off before it could be told why', () => {
  const pairs = ways.flatMap(({ code, otherwise }) => Object.values(otherwise ?? {}).map((other) => [code, other]))
  const cut = new Set(['END_PEER_RESET', 'END_TLS_ALERT', 'SERVER_TLS_FAILED'])
  expect(pairs.filter((pair) => !pair.some((code) => cut.has(code)))).toEqual([])
})
