import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Language, Text } from 'centouno/telling'
import { startAgent } from '../agent/agent.ts'
import type { Agent } from '../agent/agent.ts'
import { readStaticFiles } from '../agent/static-files.ts'
import { startDemo } from '../demo/demo-server.ts'
import { span } from '../telling/styled-line.ts'
import { languageOption, portOption } from './arguments.ts'
import { movedTo, onPort } from './on-port.ts'
import type { Shell } from './shell.ts'
import type { Terminal } from './terminal.ts'
import { aborted } from './until-aborted.ts'
import { version } from './version.ts'

/** What `centouno` was asked for. */
interface StartOptions {
  /** Undefined: {@link preferredPort}, or the next free one. */
  readonly port: number | undefined
  readonly language: Language
}

/** 101, twice. */
export const preferredPort = 10_101
const anyPort = 0

// The same from the sources (src/command) and from the build (dist/command).
export const builtPage: string = fileURLToPath(new URL('../../dist/page', import.meta.url))

export function addStart(program: Command, shell: Shell): void {
  program
    .command('start', { isDefault: true })
    .description('Run the page and its local agent, with a demo server to try it on')
    .addOption(portOption(`port of the page (default: ${preferredPort}, or the next free one)`))
    .addOption(languageOption())
    .action(async ({ port, lang }: { readonly port?: number; readonly lang: Language }) =>
      shell.finish(await start({ port, language: lang }, shell.terminal, shell.signal)),
    )
}

/** Runs the agent and the demo server until the signal is aborted. Resolves with 0. */
async function start(options: StartOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const demo = await startDemo({ port: anyPort, mode: 'echo', tls: false })
  try {
    const files = await readStaticFiles(builtPage)
    const addresses = { echo: `${demo.url}/echo`, chat: `${demo.url}/chat`, time: `${demo.url}/time` }
    const { port: asked, language } = options
    const agent = await onPort(asked, preferredPort, language, (port) =>
      startAgent({ port, files, hello: { demo: addresses, version } }),
    )
    const moved = movedTo(agent, asked, preferredPort, language)
    if (moved !== undefined) terminal.remark([span(moved, 'note')])
    greet(terminal, options.language, agent, demo.url)
    await aborted(signal)
    await agent.close()
  } finally {
    await demo.close()
  }
  return 0
}

function greet(terminal: Terminal, language: Language, agent: Agent, demoUrl: string): void {
  terminal.print([span('centouno', 'strong'), span(` ${version}`, 'faint')])
  terminal.print([span(`${words.page[language]}  `), span(agent.address, 'strong')])
  terminal.print([span(`${words.demo[language]}  `), span(`${demoUrl}/echo  ${demoUrl}/chat  ${demoUrl}/time`)])
  terminal.print([span(words.end[language], 'faint')])
}

const words = {
  page: { en: 'Open in a browser:', zh: '在浏览器中打开：' },
  demo: { en: 'To try it out:    ', zh: '可供试用的服务：' },
  end: {
    en: 'Ctrl+C ends it. Keep the address to yourself: whoever has it can connect through this machine.',
    zh: '按 Ctrl+C 结束。请勿泄露这个地址：拿到它的人可以借本机建立连接。',
  },
} satisfies Record<string, Text>
