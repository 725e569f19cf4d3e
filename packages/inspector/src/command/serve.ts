import { Option } from 'commander'
import type { Command } from 'commander'
import type { Language } from 'centouno/telling'
import { demoModes, startDemo } from '../demo/demo-server.ts'
import type { DemoMode } from '../demo/demo-server.ts'
import { span } from '../telling/styled-line.ts'
import { languageOption, portOption, wholeNumber } from './arguments.ts'
import { narrator } from './narrator.ts'
import type { Shell } from './shell.ts'
import type { Terminal } from './terminal.ts'
import { aborted } from './until-aborted.ts'

interface ServeFlags {
  readonly port?: number
  readonly mode: DemoMode
  readonly tls?: true
  /** Bytes of one message at most; undefined for the demo server's own limit. */
  readonly maxMessage?: number
  readonly lang: Language
}

/** A message is held in memory as a whole: 1 GiB. */
const longestMessage = 1024 ** 3
const anyPort = 0

export function addServe(program: Command, shell: Shell): void {
  program
    .command('serve')
    .description('Run the demo server alone: its URL on stdout, what happens on stderr')
    .addOption(portOption('port to listen on (default: any free one)'))
    .addOption(new Option('--mode <mode>', 'what is done at /').choices(demoModes).default('echo'))
    .option('--tls', 'speak wss, with a self-signed certificate for localhost and 127.0.0.1')
    .option('--max-message <bytes>', 'bytes of one message at most; a longer one is answered with 1009', (text) =>
      wholeNumber(text, 1, longestMessage),
    )
    .addOption(languageOption())
    .addHelpText(
      'after',
      `
On stderr, one line each:
  + who connected, to which path, with which subprotocol
  ✗ who was refused, by which rule or code
  - how a connection ended: the code, what it says, and what was received
Every code and rule is in docs/reference.`,
    )
    .action(async (flags: ServeFlags) => shell.finish(await serve(flags, shell.terminal, shell.signal)))
}

/** Runs the demo server until the signal is aborted: its URL on stdout, what happens on stderr. Resolves with 0. */
async function serve(
  { port = anyPort, mode, tls, maxMessage, lang }: ServeFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const watcher = narrator(
    lang,
    (line) => terminal.remark(line),
    () => performance.now(),
  )
  const server = await startDemo({ port, mode, tls: tls ?? false, maxMessage, watcher })
  terminal.print([span(`${server.url}/`)])
  await aborted(signal)
  await server.close()
  return 0
}
