import { connect } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import { runCommand } from '../../src/command/program.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { captured } from '../support/capture.ts'

let demo: Server
beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
})
afterAll(() => demo.close())

let end = new AbortController()
const exits: Promise<number>[] = []
afterEach(async () => {
  end.abort()
  await Promise.all(exits.splice(0))
  end = new AbortController()
})

function run(...commandLine: string[]): ReturnType<typeof captured> & { exit: Promise<number> } {
  const streams = captured()
  const exit = runCommand(['tap', ...commandLine], streams.terminal, end.signal)
  exits.push(exit)
  return { ...streams, exit }
}

async function talk(url: string): Promise<void> {
  const socket = await connect(url)
  await socket.send(`one\n\u001b[2J${'x'.repeat(300)}`)
  await socket[Symbol.asyncIterator]().next()
  await socket.close(4000, 'done')
}

test('tells each connection in lines behind its number, failed ones too, and ends cleanly', async () => {
  const { result, remarks, exit } = run(`${demo.url}/echo?token=secret`, '--port', '0', '--no-page', '--dialogue')
  const [, url = ''] = await result.match(/^(ws:\/\/127\.0\.0\.1:\d+\/echo\?token=secret) → ws:/)
  await talk(url)
  await result.match(/#1 .*END_CLOSED/)
  await expect(connect(url.replace('/echo', '/nothing'))).rejects.toMatchObject({ code: 'UPGRADE_NOT_FOUND' })
  await result.match(/#2 .*Hint/)
  const { origin } = new URL(url.replace('ws:', 'http:'))
  expect((await fetch(`${origin}/page`)).status).toBeGreaterThan(399)
  await result.match(/GET \/page → 4\d\d in/)
  end.abort()
  expect(await exit).toBe(0)
  expect(result.lines.filter((line) => line.startsWith('#1'))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^#1 ✓ GET \/echo\?token=••• → 101 in \d+\.\d ms$/),
      expect.stringMatching(/^#1 ⬆ one\\x0a\\x1b\[2Jx{152} … \(308 bytes\)$/),
      expect.stringMatching(/^#1 {3}Client {3}Goodbye\. I close with 4000/),
      '#1 - END_CLOSED  The client closed it with 4000: “done”',
    ]),
  )
  expect(result.text).toMatch(/^#2 ✗ GET \/nothing\?token=••• → 404 in/m)
  expect(result.text).toMatch(/^#2 ✗ UPGRADE_NOT_FOUND \(upgrade\)/m)
  expect(remarks.text).toBe('Ctrl+C ends it.\n')
})

test('--json prints an object a line; --lang says it in Chinese', async () => {
  const { result } = run(demo.url, '--port', '0', '--no-page', '--json', '--lang', 'zh')
  const [line = ''] = await result.match(/^\{.*\}/)
  const { url } = JSON.parse(line) as { url: string }
  await talk(`${url}echo`)
  await result.match(/"event":"end"/)
  const told = result.lines.filter((each) => each !== '').map((each) => JSON.parse(each) as Record<string, unknown>)
  expect(told.map(({ event }) => event)).toEqual([
    'listening',
    'begin',
    'report',
    'message',
    'message',
    'message',
    'message',
    'end',
  ])
  expect(told[2]).toMatchObject({
    connection: 1,
    report: { verdict: { code: 'OPEN', sentence: expect.stringMatching(/\p{Script=Han}/u) } },
  })
  expect(told[7]).toMatchObject({ connection: 1, code: 4000, clean: true })
  // It was told as "this side", though the tap is neither.
  expect(told[7]).toMatchObject({ end: { sentence: expect.stringMatching(/^客户端关闭了连接/) } })
})

test('--full prints the report as inspect does, --quiet no message', async () => {
  const full = run(demo.url, '--port', '0', '--no-page', '--full')
  const [, first = ''] = await full.result.match(/(ws:\S+)/)
  await talk(`${first}echo`)
  await full.result.match(/END_CLOSED/)
  expect(full.result.text).toContain('#1   > GET /echo HTTP/1.1')
  expect(full.result.text).toContain('H-REQ-08')
  const quiet = run(demo.url, '--port', '0', '--no-page', '--quiet')
  const [, second = ''] = await quiet.result.match(/(ws:\S+)/)
  await talk(`${second}echo`)
  await quiet.result.match(/END_CLOSED/)
  expect(quiet.result.text).not.toContain('⬆')
})

test('what is no target is said so, and nothing is started', async () => {
  for (const target of ['ftp://x', 'localhost:80', 'ws://user:pass@x']) {
    const { remarks, result, exit } = run(target)
    expect(await exit).toBe(2)
    expect(remarks.text).toMatch(/^✗ The target must/)
    expect(result.text).toBe('')
  }
})

test('the page is told each connection, one opened later too', async () => {
  const { result, remarks } = run(demo.url, '--port', '0')
  const [, url = ''] = await result.match(/(ws:\S+)/)
  const [, port = '', token = ''] = await remarks.match(/http:\/\/127\.0\.0\.1:(\d+)\/\?token=([\w-]{22})/)
  await talk(`${url}echo`)
  await result.match(/END_CLOSED/)
  const page = await connect(`ws://127.0.0.1:${port}/agent?token=${token}`)
  const news: AgentNews[] = []
  for await (const message of page) {
    news.push(JSON.parse(String(message)) as AgentNews)
    if (news.at(-1)?.news === 'closed') break
  }
  expect(news.slice(0, 2)).toMatchObject([{ news: 'hello' }, { news: 'tapped', id: 'tap-1', url: `${demo.url}/echo` }])
  const kinds = new Set(news.map((each) => each.news))
  expect(kinds).toEqual(new Set(['hello', 'tapped', 'change', 'report', 'message', 'rung', 'closed']))
  await page.close()
})
