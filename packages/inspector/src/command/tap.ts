import type { Command } from 'commander'
import type { Language, Text } from 'centouno/telling'
import { startAgent } from '../agent/agent.ts'
import type { Agent } from '../agent/agent.ts'
import { readStaticFiles } from '../agent/static-files.ts'
import { TapFeed } from '../agent/tap-feed.ts'
import { startDemo } from '../demo/demo-server.ts'
import type { TapListener, TapNews } from '../tap/tap-listener.ts'
import { readTapTarget, TapTargetError } from '../tap/tap-target.ts'
import type { TapTarget } from '../tap/tap-target.ts'
import { startTap } from '../tap/tap.ts'
import { span } from '../telling/styled-line.ts'
import { collectText, languageOption, portOption } from './arguments.ts'
import { addReachingFlags, reachingOptions } from './connection-flags.ts'
import type { ReachingFlags } from './connection-flags.ts'
import { movedTo, onPort } from './on-port.ts'
import { sessionWriter } from './recording-flags.ts'
import type { Shell } from './shell.ts'
import { builtPage, preferredPort as preferredPagePort } from './start.ts'
import { TapRecorder } from './tap-recorder.ts'
import { JsonTeller, TerminalTeller } from './tap-teller.ts'
import type { Terminal } from './terminal.ts'
import { aborted } from './until-aborted.ts'
import { version } from './version.ts'

interface TapFlags extends ReachingFlags {
  readonly record?: string
  readonly port?: number
  readonly page: boolean
  readonly keepHost?: true
  readonly origin?: string
  readonly allowHost?: readonly string[]
  readonly full?: true
  readonly dialogue?: true
  readonly json?: true
  readonly quiet?: true
  readonly lang: Language
}

/** 101, and once more. */
export const preferredPort = 10_201
const exitUnusable = 2
const anyPort = 0

export function addTap(program: Command, shell: Shell): void {
  const command = program
    .command('tap')
    .description('Listen on this machine, forward to a target, and tell every connection that passes, failed ones too')
    .argument('<target>', 'where to: a ws:, wss:, http: or https: URL')
    .addOption(portOption(`port to listen on (default: ${preferredPort}, or the next free one)`))
    .option('--no-page', 'tell it in the terminal only')
    .option('--keep-host', 'leave Host as the client sent it (default: that of the target)')
    .option(
      '--origin <origin>',
      "Origin to send for every client (default: the target's, for pages that came through here)",
    )
    .option('--allow-host <name>', 'name by which clients may call the tap, besides localhost; repeatable', collectText)
    .option('--full', 'tell the whole report of each connection, as inspect does')
    .option('--dialogue', 'tell each connection as a conversation, too')
    .option('--json', 'print one JSON object a line')
    .option('--record <file>', 'keep everything in a session file, which open and the page read; secrets are replaced')
    .option('--quiet', 'tell how connections began and ended, and nothing between')
    .addOption(languageOption())
    .addHelpText(
      'after',
      `
Point a client, or a browser, at the address that is printed. All bytes pass unchanged but the values of Host and Origin.
Behind the number of its connection: ⬆ what the client sent, ⬇ what the target sent. Secrets in heads are replaced.`,
    )
  addReachingFlags(command).action(async (target: string, flags: TapFlags) =>
    shell.finish(await tap(target, flags, shell)),
  )
}

/** Runs the tap until the signal is aborted. Resolves with the exit code. */
async function tap(given: string, flags: TapFlags, { terminal, signal }: Shell): Promise<number> {
  const target = readTarget(given)
  if (target instanceof TapTargetError) {
    terminal.remark([span('✗ ', 'bad'), span(target.text[flags.lang])])
    return exitUnusable
  }
  if (!flags.page) return run(target, flags, terminal, signal, undefined)
  const feed = new TapFeed()
  // The page is the same as without a tap: it makes connections of its own, too.
  const demo = await startDemo({ port: anyPort, mode: 'echo', tls: false })
  const agent = await startPage(feed, demo.url, flags.lang).catch(async (error: unknown) => {
    await demo.close()
    throw error
  })
  try {
    return await run(target, flags, terminal, signal, { feed, address: agent.address })
  } finally {
    await agent.close()
    await demo.close()
  }
}

interface TapPage {
  readonly feed: TapFeed
  readonly address: string
}

async function run(
  target: TapTarget,
  flags: TapFlags,
  terminal: Terminal,
  signal: AbortSignal,
  page: TapPage | undefined,
): Promise<number> {
  const { lang: language, port: asked } = flags
  using session = sessionWriter(flags)
  const failed = (error: unknown): void => terminal.remark([span('✗ ', 'bad'), span(wordsOf(error))])
  const recorder = session && new TapRecorder(session, failed)
  const takers = [recorder, page?.feed].filter((taker) => taker !== undefined)
  const options = {
    target,
    rewriting: { keepHost: flags.keepHost ?? false, origin: flags.origin },
    allowedHosts: flags.allowHost ?? [],
    reaching: reachingOptions(flags),
    withLadder: takers.length > 0,
    listener: alsoTo(takers, tellerFor(flags, terminal)),
  }
  const running = await onPort(asked, preferredPort, language, (port) => startTap({ ...options, port }))
  const moved = movedTo(running, asked, preferredPort, language)
  if (moved !== undefined) terminal.remark([span(moved, 'note')])
  const url = `${target.isPage ? 'http' : 'ws'}://127.0.0.1:${running.port}${target.resource}`
  if (flags.json === true) {
    terminal.printJsonLine({ event: 'listening', url, target: target.server, page: page?.address })
  } else {
    terminal.print([span(url, 'strong'), span(` → ${target.server}`)])
    if (page !== undefined) terminal.remark([span(`${words.page[language]}  `), span(page.address, 'strong')])
    terminal.remark([span(words[page === undefined ? 'end' : 'endWithPage'][language], 'faint')])
  }
  await aborted(signal)
  await running.close()
  recorder?.end()
  return 0
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function readTarget(given: string): TapTarget | TapTargetError {
  try {
    return readTapTarget(given)
  } catch (error) {
    if (error instanceof TapTargetError) return error
    throw error
  }
}

function tellerFor({ json, lang: language, full, dialogue, quiet }: TapFlags, terminal: Terminal): TapListener {
  if (json === true) return new JsonTeller(terminal, language)
  return new TerminalTeller(terminal, {
    language,
    full: full ?? false,
    dialogue: dialogue ?? false,
    quiet: quiet ?? false,
  })
}

/** What the terminal is told, told to the pages and to a recorder as well. */
function alsoTo(takers: readonly { take(news: TapNews): void }[], teller: TapListener): TapListener {
  return {
    news(news) {
      for (const taker of takers) taker.take(news)
      teller.news(news)
    },
    fault: (...fault) => teller.fault(...fault),
    passed: (request) => teller.passed(request),
    turnedAway: (why) => teller.turnedAway(why),
  }
}

async function startPage(feed: TapFeed, demoUrl: string, language: Language): Promise<Agent> {
  const files = await readStaticFiles(builtPage)
  const demo = { echo: `${demoUrl}/echo`, chat: `${demoUrl}/chat`, time: `${demoUrl}/time` }
  return onPort(undefined, preferredPagePort, language, (port) =>
    startAgent({ port, files, hello: { demo, version }, feed }),
  )
}

const words = {
  page: { en: 'Watch in a browser:', zh: '在浏览器中查看：' },
  end: { en: 'Ctrl+C ends it.', zh: '按 Ctrl+C 结束。' },
  endWithPage: {
    en: 'Ctrl+C ends it. Keep the address of the page to yourself.',
    zh: '按 Ctrl+C 结束。请勿泄露页面的地址。',
  },
} satisfies Record<string, Text>
