import { appendFileSync } from 'node:fs'
import type { Command } from 'commander'
import { connect, ConnectError } from 'centouno'
import type { ConnectOptions } from 'centouno'
import type { LiveCapture } from '../capture/live-capture.ts'
import { LoggedSocket } from '../conversation/logged-socket.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import { AttemptStatistics } from '../telling/statistics.ts'
import { statisticsText } from '../telling/statistics-text.ts'
import { languageOption, wholeNumber } from './arguments.ts'
import { addConnectionFlags, connectOptions } from './connection-flags.ts'
import type { ConnectionFlags } from './connection-flags.ts'
import { addRecordingFlags, harFor, sessionWriter, writeHar } from './recording-flags.ts'
import type { RecordingFlags } from './recording-flags.ts'
import type { Shell } from './shell.ts'
import { startCapture } from './start-capture.ts'
import { tellConnection } from './tell-connection.ts'
import type { TellFlags } from './tell-connection.ts'
import { WatchedConnection } from './watched-connection.ts'

interface InspectFlags extends ConnectionFlags, RecordingFlags, TellFlags {
  readonly capture?: true
  /** True for stdout. */
  readonly har?: string | true
  readonly times?: number
  readonly keylog?: string
}

/** Exit codes of `centouno inspect`. */
const exitOpen = 0
const exitNotOpen = 1

const normalClosure = 1000
// The verdict is what was asked for: a server that does not say goodbye must not hold it back for long.
const closeTimeout = 2_000
const mostTimes = 10_000
// Keys open what was said.
const ownerOnly = 0o600

export function addInspect(program: Command, shell: Shell): void {
  const command = program
    .command('inspect')
    .description('Connect once, tell how it went, and close')
    .argument('<url>', 'ws: or wss: URL')
    .option('--json', 'print the report as one JSON object')
    .addOption(languageOption())
    .option('--dialogue', 'tell the handshake as a conversation, too')
    .option('--ladder', 'tell every segment, record, head and frame as an arrow between the two sides')
    .option('--bytes', 'the ladder with the bytes and the fields of each arrow')
    .option(
      '--capture',
      "capture TCP's segments with tcpdump or dumpcap, where that is permitted; else they are inferred",
    )
    .option('--times <n>', 'connect so often, one after another, and tell how the times are spread', (text) =>
      wholeNumber(text, 1, mostTimes),
    )
    .option('--keylog <file>', "append the connection's TLS keys, as SSLKEYLOGFILE does: who has them can read it")
    .option('--har [file]', 'write a HAR, as browsers do; without a file, print it instead of the report')
  addRecordingFlags(addConnectionFlags(command))
    .addHelpText(
      'after',
      `
Put --har behind the URL, or give it a file: what follows it is taken for its file.
Exit status: 0 it opened (with --times, every time), 1 it did not, or a file could not be written, 2 not understood.`,
    )
    .action(async (url: string, flags: InspectFlags) => shell.finish(await inspect(url, flags, shell)))
}

/** Connects as often as was asked for, and tells how it went. Resolves with the exit code. */
async function inspect(url: string, flags: InspectFlags, shell: Shell): Promise<number> {
  const { terminal, signal } = shell
  // What cannot be written is to be known before anything is sent.
  using session = sessionWriter(flags)
  if (flags.keylog !== undefined) appendKeys(flags.keylog, '')
  const options = { ...connectOptions(flags), signal, limits: { closeTimeout } }
  const capture = flags.capture === true ? await startCapture(url, flags, shell) : undefined
  const statistics = new AttemptStatistics(url)
  const kept: RecordedConnection[] = []
  let opened = true
  try {
    for (let turn = 0; turn < (flags.times ?? 1); turn += 1) {
      if (turn > 0 && signal.aborted) break
      const recorded = await attempt(url, flags, options, capture)
      session?.add(recorded)
      statistics.add(recorded.report)
      opened &&= recorded.report.verdict.ok
      // Of many, only what is to be written is kept.
      if (flags.times === undefined || flags.har !== undefined) kept.push(recorded)
    }
  } finally {
    await capture?.stop()
  }
  const har = flags.har === undefined ? undefined : harFor(kept, flags)
  if (flags.har === true) terminal.printJson(har)
  else if (flags.times !== undefined) tellStatistics(statistics, flags, shell)
  else for (const recorded of kept) tellConnection(recorded, flags, terminal)
  if (typeof flags.har === 'string' && har !== undefined) writeHar(flags.har, har)
  return opened ? exitOpen : exitNotOpen
}

function tellStatistics({ statistics }: AttemptStatistics, { json, lang }: InspectFlags, { terminal }: Shell): void {
  if (json === true) terminal.printJson(statistics)
  else for (const line of statisticsText(statistics, lang)) terminal.print(line)
}

/** One connection, closed as soon as it is open. */
async function attempt(
  url: string,
  flags: InspectFlags,
  options: ConnectOptions,
  capture: LiveCapture | undefined,
): Promise<RecordedConnection> {
  const { keylog, withSecrets = false } = flags
  const watched = new WatchedConnection({
    url,
    withLadder: needsLadder(flags),
    withSecrets,
    capture,
    keyLog: keylog === undefined ? undefined : (line) => appendKeys(keylog, `${line}\n`),
  })
  try {
    const socket = await connect(url, { ...options, ...watched.connectOptions })
    const logged = new LoggedSocket(socket, watched.log, watched.recording.message)
    await logged.close(normalClosure, '')
    const { error: _error, ...closing } = await socket.closed
    watched.end(socket.report, closing)
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    watched.end(error.report)
  }
  return watched.recorded()
}

function appendKeys(file: string, text: string): void {
  appendFileSync(file, text, { mode: ownerOnly })
}

/** The bytes are looked at only where somebody wants to know: times are truer without. */
function needsLadder({ ladder, bytes, capture, keylog, record, har, withSecrets }: InspectFlags): boolean {
  const asked = [ladder, bytes, capture, keylog, record, har !== undefined && withSecrets]
  return asked.some((each) => each !== undefined && each !== false)
}
