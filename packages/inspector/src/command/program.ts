import process from 'node:process'
import { Command, CommanderError } from 'commander'
import { span } from '../telling/styled-line.ts'
import { addBreak } from './break.ts'
import { addConnect } from './connect.ts'
import { addInspect } from './inspect.ts'
import { addOpen } from './open.ts'
import { addRun } from './run.ts'
import { addServe } from './serve.ts'
import type { Shell } from './shell.ts'
import { addStart } from './start.ts'
import { addTap } from './tap.ts'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

/** Exit code for a command line that cannot be understood. */
const exitUsage = 2
const exitFailed = 1

/**
 * Runs one command line, without the program's own name in front, and resolves with its exit code. `signal` ends what
 * runs until it is ended; `input` is what is typed or piped in.
 */
export async function runCommand(
  commandLine: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
  input: Shell['input'] = process.stdin,
): Promise<number> {
  let exitCode = 0
  const finish = (code: number): void => {
    exitCode = code
  }
  const program = describe({ terminal, signal, input, environment: process.env, finish })
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

function describe(shell: Shell): Command {
  const { terminal } = shell
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
  addStart(program, shell)
  addInspect(program, shell)
  addConnect(program, shell)
  addRun(program, shell)
  addBreak(program, shell)
  addOpen(program, shell)
  addTap(program, shell)
  addServe(program, shell)
  return program
}

/** Commander would hand an unknown word to the default command, and complain of that one's arguments. */
function refuseUnknownCommand(program: Command, [first]: readonly string[]): void {
  if (first === undefined || first.startsWith('-') || first === 'help') return
  if (program.commands.some((command) => command.name() === first)) return
  const meant = /^wss?:/i.test(first) ? ` Did you mean 'centouno inspect ${first}'?` : ''
  program.error(`error: unknown command '${first}'.${meant}`)
}

function eachLine(text: string, take: (line: string) => void): void {
  for (const line of text.replace(/\n$/, '').split('\n')) take(line)
}
