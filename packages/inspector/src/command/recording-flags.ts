import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { harOf } from '../har/har-export.ts'
import type { Har } from '../har/har.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import { SessionWriter } from './session-writer.ts'
import { version } from './version.ts'

/** Where a command was told to keep what it sees. */
export interface RecordingFlags {
  readonly record?: string
  readonly withSecrets?: true
}

const program = 'centouno'
// What was said is in it: nobody else on this machine is to read it.
const ownerOnly = 0o600

/** Gives a command the options by which connections are kept. */
export function addRecordingFlags(command: Command): Command {
  return command
    .option('--record <file>', 'keep everything in a session file, which open and the page read')
    .option(
      '--with-secrets',
      'keep cookies, authorization and tokens in what is written; messages are always kept as said',
    )
}

/** Makes the session file; undefined when none was asked for. @throws an error of the file system. */
export function sessionWriter({ record, withSecrets }: RecordingFlags): SessionWriter | undefined {
  if (record === undefined) return undefined
  return new SessionWriter(record, { creator: `${program} ${version}`, withSecrets: withSecrets ?? false })
}

export function harFor(connections: readonly RecordedConnection[], { withSecrets }: RecordingFlags): Har {
  return harOf(connections, { name: program, version, withSecrets: withSecrets ?? false })
}

/** @throws an error of the file system. */
export function writeHar(path: string, har: Har): void {
  writeFileSync(path, `${JSON.stringify(har, null, 2)}\n`, { mode: ownerOnly })
}
