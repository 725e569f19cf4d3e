import type { Command } from 'commander'
import { connect, ConnectError } from 'centouno'
import type { ConnectOptions } from 'centouno'
import type { ConnectionReport, Language } from 'centouno/telling'
import type { ToldClosing } from '../telling/dialogue.ts'
import { reportJson } from '../telling/report-json.ts'
import { reportText } from '../telling/report-text.ts'
import { languageOption } from './arguments.ts'
import { addConnectionFlags, connectOptions } from './connection-flags.ts'
import type { ConnectionFlags } from './connection-flags.ts'
import type { Shell } from './shell.ts'
import type { Terminal } from './terminal.ts'

interface InspectFlags extends ConnectionFlags {
  readonly json?: true
  readonly lang: Language
  /** Tell the handshake as a conversation too. */
  readonly dialogue?: true
}

/** Exit codes of `centouno inspect`. */
const exitOpen = 0
const exitNotOpen = 1

const normalClosure = 1000
// The verdict is what was asked for: a server that does not say goodbye must not hold it back for long.
const closeTimeout = 2_000

export function addInspect(program: Command, shell: Shell): void {
  const command = program
    .command('inspect')
    .description('Connect once, tell how it went, and close. Exits with 0 when it opened, 1 when it did not')
    .argument('<url>', 'ws: or wss: URL')
    .option('--json', 'print the report as one JSON object')
    .addOption(languageOption())
    .option('--dialogue', 'tell the handshake as a conversation, too')
  addConnectionFlags(command).action(async (url: string, flags: InspectFlags) =>
    shell.finish(await inspect(url, flags, shell.terminal, shell.signal)),
  )
}

interface Outcome {
  readonly report: ConnectionReport
  readonly closing?: ToldClosing
}

/** Makes one connection, closes it, and prints how it went. Resolves with the exit code. */
async function inspect(url: string, flags: InspectFlags, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const { report, closing } = await attempt(url, { ...connectOptions(flags), signal })
  if (flags.json === true) {
    terminal.printJson(reportJson(report, flags.lang, closing))
  } else {
    const lines = reportText(report, {
      language: flags.lang,
      withDialogue: flags.dialogue ?? false,
      ...(closing === undefined ? {} : { closing }),
    })
    for (const line of lines) terminal.print(line)
  }
  return report.verdict.ok ? exitOpen : exitNotOpen
}

async function attempt(url: string, options: ConnectOptions): Promise<Outcome> {
  try {
    const socket = await connect(url, { ...options, limits: { closeTimeout } })
    const { error: _error, ...closing } = await socket.close(normalClosure)
    return { report: socket.report, closing }
  } catch (error) {
    if (error instanceof ConnectError) return { report: error.report }
    throw error
  }
}
