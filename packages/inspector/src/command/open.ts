import { readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { CaptureError } from '../capture/capture-error.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import { RecordedFileError } from '../session-file/recorded-file-error.ts'
import { connectionList } from '../telling/connection-list.ts'
import { span } from '../telling/styled-line.ts'
import { languageOption, wholeNumber } from './arguments.ts'
import { mostFileBytes, openFile } from './open-file.ts'
import type { OpenedFile } from './open-file.ts'
import { addRecordingFlags, harFor, sessionWriter, writeHar } from './recording-flags.ts'
import type { RecordingFlags } from './recording-flags.ts'
import type { Shell } from './shell.ts'
import { connectionJson, tellConnection } from './tell-connection.ts'
import type { TellFlags } from './tell-connection.ts'

interface OpenFlags extends RecordingFlags, TellFlags {
  readonly keylog?: string
  /** Counted from 1. */
  readonly connection?: number
  readonly har?: string
}

/** Exit codes of `centouno open`. */
const exitTold = 0
const exitUnusable = 2

const mostConnections = 1_000_000

export function addOpen(program: Command, shell: Shell): void {
  const command = program
    .command('open')
    .description('Open a capture (pcap, pcapng), a session or a HAR, and tell its connections')
    .argument('<file>', 'written by tcpdump or Wireshark, by --record, or by a browser')
    .option('--connection <n>', 'tell the connection of this number', (text) => wholeNumber(text, 1, mostConnections))
    .option('--keylog <file>', 'TLS keys for a capture, in the format of SSLKEYLOGFILE')
    .option('--json', 'print one JSON object')
    .addOption(languageOption())
    .option('--dialogue', 'tell the handshake as a conversation, too')
    .option('--ladder', 'tell every segment, record, head and frame as an arrow between the two sides')
    .option('--bytes', 'the ladder with the bytes and the fields of each arrow')
    .option('--har <file>', 'write the connections as a HAR')
  addRecordingFlags(command)
    .addHelpText(
      'after',
      `
A file with several connections is told as a list; choose with --connection.
Exit status: 0 told, whatever the verdicts, 1 a file could not be read or written, 2 the file or the options cannot be used.`,
    )
    .action((file: string, flags: OpenFlags) => shell.finish(open(file, flags, shell)))
}

/** Tells a file. Returns the exit code. */
function open(file: string, flags: OpenFlags, shell: Shell): number {
  const { terminal } = shell
  const { lang } = flags
  const complain = (sentence: string, hint?: string): number => {
    terminal.remark([span('✗ ', 'bad'), span(sentence)])
    if (hint !== undefined) terminal.remark([span(`  ${hint}`, 'faint')])
    return exitUnusable
  }
  try {
    const opened = read(file, flags)
    for (const note of opened.notes) terminal.remark([span('! ', 'note'), span(note[lang])])
    const chosen = choose(opened, flags)
    if (chosen.length === 0) return complain(noSuchConnection(opened.connections.length)[lang])
    convert(chosen, flags)
    tell(chosen, flags, shell)
    return exitTold
  } catch (error) {
    if (error instanceof RecordedFileError) return complain(`${error.code}  ${error.text[lang]}`)
    if (error instanceof CaptureError) return complain(`${error.code}  ${error.sentence[lang]}`, error.hint[lang])
    throw error
  }
}

function read(file: string, { keylog, withSecrets }: OpenFlags): OpenedFile {
  const { size } = statSync(file)
  if (size > mostFileBytes) throw new RecordedFileError('FILE_TOO_LARGE', { bytes: size, most: mostFileBytes })
  const keyLog = keylog === undefined ? '' : readFileSync(keylog, 'latin1')
  return openFile(readFileSync(file), { keyLog, withSecrets: withSecrets ?? false })
}

type Chosen = OpenedFile['connections']

function choose({ connections }: OpenedFile, { connection }: OpenFlags): Chosen {
  return connection === undefined ? connections : connections.slice(connection - 1, connection)
}

function convert(chosen: Chosen, flags: OpenFlags): void {
  if (flags.har !== undefined) writeHar(flags.har, harFor(withoutRungs(chosen), flags))
  using session = sessionWriter(flags)
  if (session !== undefined) for (const tellOne of chosen) session.add(tellOne())
}

function slim(recorded: RecordedConnection): RecordedConnection {
  return { ...recorded, rungs: [] }
}

/** Of many, the rungs are what takes the memory. */
function withoutRungs(chosen: Chosen): RecordedConnection[] {
  return chosen.map((tellOne) => slim(tellOne()))
}

function tell(chosen: Chosen, flags: OpenFlags, { terminal }: Shell): void {
  const [only, ...more] = chosen
  if (only !== undefined && more.length === 0) tellConnection(only(), flags, terminal)
  else if (flags.json === true)
    terminal.printJson({ connections: chosen.map((tellOne) => connectionJson(tellOne(), flags)) })
  else for (const line of connectionList(withoutRungs(chosen), flags.lang)) terminal.print(line)
}

function noSuchConnection(count: number): { readonly en: string; readonly zh: string } {
  return {
    en: `There is no such connection: the file has ${count}.`,
    zh: `没有这条连接：文件里共有 ${count} 条。`,
  }
}
