import { connect, ConnectError } from 'centouno'
import type { ConnectionReport, Language } from 'centouno/telling'
import type { ToldClosing } from '../telling/dialogue.ts'
import { reportJson } from '../telling/report-json.ts'
import { reportText } from '../telling/report-text.ts'
import type { Terminal } from './terminal.ts'

/** What `centouno inspect` was asked for. */
export interface InspectOptions {
  readonly json: boolean
  readonly language: Language
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly subprotocols: readonly string[]
  readonly origin: string | undefined
  readonly insecure: boolean
  /** Milliseconds for the whole attempt; undefined for the engine's own default. */
  readonly timeout: number | undefined
  /** Tell the handshake as a conversation too. */
  readonly dialogue: boolean
}

/** Exit codes of `centouno inspect`. */
const exitOpen = 0
const exitNotOpen = 1

const normalClosure = 1000
// The verdict is what was asked for: a server that does not say goodbye must not hold it back for long.
const closeTimeout = 2_000

interface Outcome {
  readonly report: ConnectionReport
  readonly closing?: ToldClosing
}

/** Makes one connection, closes it, and prints how it went. Resolves with the exit code. */
export async function inspect(
  url: string,
  options: InspectOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { report, closing } = await attempt(url, options, signal)
  if (options.json) {
    terminal.printJson(reportJson(report, options.language, closing))
  } else {
    const lines = reportText(report, {
      language: options.language,
      withDialogue: options.dialogue,
      ...(closing === undefined ? {} : { closing }),
    })
    for (const line of lines) terminal.print(line)
  }
  return report.verdict.ok ? exitOpen : exitNotOpen
}

async function attempt(url: string, options: InspectOptions, signal: AbortSignal): Promise<Outcome> {
  try {
    const socket = await connect(url, {
      headers: options.fields,
      subprotocols: options.subprotocols,
      signal,
      limits: { closeTimeout },
      ...(options.origin === undefined ? {} : { origin: options.origin }),
      ...(options.timeout === undefined ? {} : { handshakeTimeout: options.timeout }),
      ...(options.insecure ? { tls: { rejectUnauthorized: false } } : {}),
    })
    const { error: _error, ...closing } = await socket.close(normalClosure)
    return { report: socket.report, closing }
  } catch (error) {
    if (error instanceof ConnectError) return { report: error.report }
    throw error
  }
}
