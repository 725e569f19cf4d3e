import { readFileSync, writeFileSync } from 'node:fs'
import { decodeLatin1, encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { hex, toHex } from '../protocol/wire.ts'

/**
 * What is fuzzed. Heads and whole connections are kept as text whose characters are bytes, frames as hexadecimal.
 * In `client-connections`, which are what a server sends, `{accept}` stands for the value that the client's key asks for.
 */
const targets = [
  'request-heads',
  'response-heads',
  'server-frames',
  'client-frames',
  'compressed-frames',
  'server-connections',
  'client-connections',
] as const

export type Target = (typeof targets)[number]

/** One input that was worth keeping: an attack, a vector, or whatever has ever failed. */
export interface CorpusInput {
  readonly name: string
  readonly bytes: Uint8Array
}

interface Entry {
  readonly name: string
  readonly text?: string
  readonly hex?: string
}

export function readCorpus(target: Target): CorpusInput[] {
  return entriesOf(target).map(({ name, text = '', hex: digits }) => ({
    name,
    bytes: digits === undefined ? encodeLatin1(text) : hex(digits),
  }))
}

/** Keeps an input, unless its bytes are kept already. */
export function addToCorpus(target: Target, { name, bytes }: CorpusInput): void {
  const digits = toHex(bytes)
  if (readCorpus(target).some((known) => toHex(known.bytes) === digits)) return
  const entry: Entry = target.endsWith('frames') ? { name, hex: digits } : { name, text: decodeLatin1(bytes) }
  writeFileSync(fileOf(target), `${JSON.stringify([...entriesOf(target), entry], undefined, 2)}\n`)
}

function entriesOf(target: Target): readonly Entry[] {
  return JSON.parse(readFileSync(fileOf(target), 'utf8')) as readonly Entry[]
}

function fileOf(target: Target): URL {
  return new URL(`corpus/${target}.json`, import.meta.url)
}
