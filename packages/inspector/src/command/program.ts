import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Language } from 'centouno/telling'
import { demoModes } from '../demo/demo-server.ts'
import type { DemoMode } from '../demo/demo-server.ts'
import { span } from '../telling/styled-line.ts'
import { inspect } from './inspect.ts'
import { serve } from './serve.ts'
import { preferredPort, start } from './start.ts'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

/** Exit code for a command line that cannot be understood. */
const exitUsage = 2
const exitFailed = 1
/** A message is held in memory as a whole: 1 GiB. */
const longestMessage = 1024 ** 3

interface StartFlags {
  readonly port?: number
  readonly lang: Language
}

interface ServeFlags extends StartFlags {
  readonly mode: DemoMode
  readonly tls?: true
  readonly maxMessage?: number
}

interface InspectFlags {
  readonly json?: true
  readonly lang: Language
  readonly header?: [name: string, value: string][]
  readonly subprotocol?: string[]
  readonly origin?: string
  readonly insecure?: true
  readonly timeout?: number
  readonly dialogue?: true
}

/**
 * Runs one command line, without the program's own name in front, and resolves with its exit code. `signal` ends what
 * runs until it is ended.
 */
export async function runCommand(
  commandLine: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  let exitCode = 0
  const program = describe(terminal, signal, (code) => {
    exitCode = code
  })
  try {
    refuseUnknownCommand(program, commandLine)
    await program.parseAsync(commandLine, { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has printed it already. Help and version are asked for, and no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage
    terminal.remark([span('centouno: ', 'bad'), span(error instanceof Error ? error.message : String(error))])
    return exitFailed
  }
}

function describe(terminal: Terminal, signal: AbortSignal, finish: (exitCode: number) => void): Command {
  const program = new Command('centouno')
    .description('See how a WebSocket connection was established, or exactly why it was not.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Run it with --help to see how it is used.')
    .configureOutput({
      writeOut: (text) => eachLine(text, (line) => terminal.print([span(line)])),
      writeErr: (text) => eachLine(text, (line) => terminal.remark([span(line)])),
    })
  // Subcommands take over what is configured above.
  program
    .command('start', { isDefault: true })
    .description('Run the page and its local agent, with a demo server to try it on')
    .addOption(portOption(`port of the page (default: ${preferredPort}, or the next free one)`))
    .addOption(languageOption())
    .action(async ({ port, lang }: StartFlags) => finish(await start({ port, language: lang }, terminal, signal)))
  program
    .command('inspect')
    .description('Connect once, tell how it went, and close. Exits with 0 when it opened, 1 when it did not')
    .argument('<url>', 'ws: or wss: URL')
    .option('--json', 'print the report as one JSON object')
    .addOption(languageOption())
    .option('--header <field>', "further header field, 'Name: value'; repeatable", collectField)
    .option('--subprotocol <name>', 'subprotocol to offer, preferred first; repeatable', collectName)
    .option('--origin <origin>', 'Origin to send, as a browser would')
    .option('--insecure', 'accept a certificate that cannot be verified')
    .option('--timeout <ms>', 'milliseconds for the whole attempt', milliseconds)
    .option('--dialogue', 'tell the handshake as a conversation, too')
    .action(async (url: string, flags: InspectFlags) => {
      const options = {
        json: flags.json ?? false,
        language: flags.lang,
        fields: flags.header ?? [],
        subprotocols: flags.subprotocol ?? [],
        origin: flags.origin,
        insecure: flags.insecure ?? false,
        timeout: flags.timeout,
        dialogue: flags.dialogue ?? false,
      }
      finish(await inspect(url, options, terminal, signal))
    })
  program
    .command('serve')
    .description('Run the demo server alone: its URL on stdout, what happens on stderr')
    .addOption(portOption('port to listen on (default: any free one)'))
    .addOption(new Option('--mode <mode>', 'what is done at /').choices(demoModes).default('echo'))
    .option('--tls', 'speak wss, with a self-signed certificate for localhost and 127.0.0.1')
    .option('--max-message <bytes>', 'bytes of one message at most; a longer one is answered with 1009', byteCount)
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
    .action(async ({ port = 0, mode, tls, maxMessage, lang }: ServeFlags) =>
      finish(await serve({ port, mode, tls: tls ?? false, maxMessage, language: lang }, terminal, signal)),
    )
  return program
}

/** Commander would hand an unknown word to the default command, and complain of that one's arguments. */
function refuseUnknownCommand(program: Command, [first]: readonly string[]): void {
  if (first === undefined || first.startsWith('-') || first === 'help') return
  if (program.commands.some((command) => command.name() === first)) return
  const meant = /^wss?:/i.test(first) ? ` Did you mean 'centouno inspect ${first}'?` : ''
  program.error(`error: unknown command '${first}'.${meant}`)
}

function portOption(description: string): Option {
  return new Option('--port <n>', description).argParser((text) => wholeNumber(text, 0, 65_535))
}

function languageOption(): Option {
  return new Option('--lang <language>', 'language of what is told').choices(['en', 'zh']).default('en')
}

function milliseconds(text: string): number {
  // What Node's timers can count.
  return wholeNumber(text, 1, 2_147_483_647)
}

function byteCount(text: string): number {
  return wholeNumber(text, 1, longestMessage)
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
}

function collectField(text: string, earlier: [name: string, value: string][] = []): [name: string, value: string][] {
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(0, colon)).trim()
  if (name === '') throw new InvalidArgumentError("It must look like 'Name: value'.")
  return [...earlier, [name, text.slice(colon + 1).trim()]]
}

function collectName(text: string, earlier: string[] = []): string[] {
  return [...earlier, text]
}

function eachLine(text: string, take: (line: string) => void): void {
  for (const line of text.replace(/\n$/, '').split('\n')) take(line)
}
