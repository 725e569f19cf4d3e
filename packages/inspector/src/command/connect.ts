import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import process from 'node:process'
import type { Command } from 'commander'
import type { Language } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import { readStep, readSteps } from '../conversation/step.ts'
import type { Step } from '../conversation/step.ts'
import { StepError } from '../conversation/step-error.ts'
import { entryText } from '../telling/entry-text.ts'
import { span } from '../telling/styled-line.ts'
import type { StyledLine } from '../telling/styled-line.ts'
import { collectText, languageOption, milliseconds, wholeNumber } from './arguments.ts'
import { addConnectionFlags, connectOptions } from './connection-flags.ts'
import type { ConnectionFlags } from './connection-flags.ts'
import { historyPath, Prompt } from './prompt.ts'
import { addRecordingFlags, sessionWriter } from './recording-flags.ts'
import type { RecordingFlags } from './recording-flags.ts'
import type { Shell } from './shell.ts'
import { Turns } from './turns.ts'
import { exitCodes, Talk } from './talk.ts'
import type { TalkOutput } from './talk.ts'
import type { Terminal } from './terminal.ts'
import { WatchedConnection } from './watched-connection.ts'

interface ConnectFlags extends ConnectionFlags, RecordingFlags {
  readonly json?: true
  readonly lang: Language
  readonly execute?: readonly string[]
  readonly slash?: true
  readonly linger: number
  readonly expectWithin: number
  readonly history: boolean
}

const normalClosure = 1000
const longestLinger = 3_600_000

export function addConnect(program: Command, shell: Shell): void {
  const command = program
    .command('connect')
    .description('Connect and talk: lines that are typed or piped in are sent, what comes is shown')
    .argument('<url>', 'ws: or wss: URL')
    .option('-x, --execute <line>', 'do this once open instead of reading input, then close; repeatable', collectText)
    .option('--slash', 'take piped lines that begin with a slash for commands, as typed ones are')
    .option('--json', 'print every message as one line of JSON')
    .option(
      '--linger <ms>',
      'milliseconds to go on listening after piped input has ended',
      (text) => wholeNumber(text, 0, longestLinger),
      1_000,
    )
    .option('--expect-within <ms>', 'milliseconds an /expect waits', milliseconds, 10_000)
    .option('--no-history', 'keep nothing of what is typed')
    .addOption(languageOption())
  addRecordingFlags(addConnectionFlags(command))
    .addHelpText(
      'after',
      `
At a terminal, /help lists the commands. In a pipe, messages go to stdout as they are (binary ones as hexadecimal digits),
one a line, and all else to stderr.
Exit status: 0 ended cleanly, 1 not opened, 2 not understood, 3 a line could not be carried out, or an /expect was not met,
4 cut off.`,
    )
    .action(async (url: string, flags: ConnectFlags) => shell.finish(await talkOver(url, flags, shell)))
}

async function talkOver(url: string, flags: ConnectFlags, shell: Shell): Promise<number> {
  // Read before anything is sent: a mistake in a later line must not be found half-way.
  const steps = readExecuted(flags, shell.terminal)
  if (steps === 'unreadable') return exitCodes.unusable
  using session = sessionWriter(flags)
  if (session === undefined) return talkWith(url, flags, steps, shell, undefined)
  const watched = new WatchedConnection({ url, withSecrets: flags.withSecrets ?? false })
  const exitCode = await talkWith(url, flags, steps, shell, watched)
  session.add(await watched.recorded())
  return exitCode
}

async function talkWith(
  url: string,
  flags: ConnectFlags,
  steps: Step[] | undefined,
  shell: Shell,
  watched: WatchedConnection | undefined,
): Promise<number> {
  const { terminal, input, signal } = shell
  const typed = steps === undefined && input.isTTY === true
  const output = new TalkLines(plainOutput(terminal, flags))
  const options = { language: flags.lang, patience: flags.expectWithin, watched }
  const talk = await Talk.begin(url, connectOptions(flags), options, output, signal)
  if (talk === undefined) return exitCodes.notOpen
  if (steps !== undefined) return carryOut(talk, steps)
  if (!typed) return pipe(talk, flags, shell)
  const prompt = new Prompt(input, process.stdout, flags.history ? historyPath(shell.environment) : undefined)
  output.prompt = prompt
  output.remark([span(typedHint[flags.lang], 'faint')])
  return converse(talk, prompt)
}

function readExecuted({ execute, lang }: ConnectFlags, terminal: Terminal): Step[] | 'unreadable' | undefined {
  try {
    return execute === undefined ? undefined : readSteps(execute)
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    terminal.remark([span('✗ ', 'bad'), span(error.text[lang])])
    return 'unreadable'
  }
}

/** Lines of a talk; above what is being typed, once somebody types. */
class TalkLines implements TalkOutput {
  prompt: Prompt | undefined
  readonly #plain: TalkOutput

  constructor(plain: TalkOutput) {
    this.#plain = plain
  }

  entry(entry: LogEntry): void {
    this.#show(() => this.#plain.entry(entry))
  }

  remark(line: StyledLine): void {
    this.#show(() => this.#plain.remark(line))
  }

  #show(print: () => void): void {
    if (this.prompt === undefined) print()
    else this.prompt.above(print)
  }
}

const typedHint = {
  en: 'What you type is sent. /help lists the commands; Ctrl-D closes.',
  zh: '输入的内容会发送出去。/help 列出命令；按 Ctrl-D 关闭连接。',
}

/** Steps one after another; the first that cannot be carried out is the last. */
export async function carryOut(talk: Talk, steps: readonly Step[]): Promise<number> {
  for (const step of steps) {
    if (await talk.take(step)) continue
    const exitCode = await talk.end()
    return step.kind !== 'expect' && exitCode === exitCodes.cut ? exitCode : exitCodes.stepFailed
  }
  return talk.end()
}

/** At a terminal: until the end of input, or of the connection. */
async function converse(talk: Talk, prompt: Prompt): Promise<number> {
  const inOrder = new Turns()
  prompt.listen(
    (line) => {
      if (line !== '') inOrder.add(() => takeTyped(talk, line))
    },
    () => void talk.socket.close(normalClosure, ''),
  )
  const closing = await talk.socket.over
  prompt.close()
  return talk.exitCode(closing)
}

async function takeTyped(talk: Talk, line: string): Promise<void> {
  try {
    await talk.take(readStep(line))
  } catch (error) {
    talk.complain(error)
  }
}

/** From a pipe: each line a message, as fast as the peer takes them. */
async function pipe(talk: Talk, flags: ConnectFlags, { input }: Shell): Promise<number> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  const over = endInput(talk, lines, input)
  try {
    for await (const line of lines) {
      const done = await talk.take(flags.slash === true ? readStep(line) : { kind: 'text', data: line })
      if (!done) break
    }
  } catch (error) {
    talk.complain(error)
    await talk.end()
    return exitCodes.stepFailed
  }
  const ended = new AbortController()
  await Promise.race([over, wait(flags.linger, undefined, { signal: ended.signal })])
  ended.abort()
  return talk.end()
}

/** When the connection is over, nothing is left to read for. */
async function endInput(talk: Talk, lines: Interface, input: Shell['input']): Promise<void> {
  await talk.socket.over
  lines.close()
  input.destroy()
}

/** At a terminal everything with its arrow; in a pipe what was received, and nothing else. */
function plainOutput(terminal: Terminal, { json, lang }: ConnectFlags): TalkOutput {
  const remark: TalkOutput['remark'] = (line) => terminal.remark(line)
  if (json === true) return { entry: (entry) => terminal.printJsonLine(entry), remark }
  if (terminal.isScreen) return { entry: (entry) => printAll(terminal, entryText(entry, lang)), remark }
  return {
    entry(entry) {
      const text = rawText(entry)
      if (text !== undefined) terminal.printRaw(text)
    },
    remark,
  }
}

function printAll(terminal: Terminal, lines: readonly StyledLine[]): void {
  for (const line of lines) terminal.print(line)
}

function rawText({ direction, kind, data }: LogEntry): string | undefined {
  if (direction === 'sent') return undefined
  if (kind === 'text') return data
  return kind === 'binary' ? Buffer.from(data, 'base64').toString('hex') : undefined
}
