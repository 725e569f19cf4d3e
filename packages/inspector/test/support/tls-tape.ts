import { EventEmitter, once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { KeyLog } from '../../src/tls/key-log.ts'
import { TlsReader } from '../../src/tls/tls-reader.ts'
import type { RungDraft } from '../../src/wire/layer-reader.ts'
import type { WireField } from '../../src/wire/rung.ts'
import type { Direction, TapePiece } from '../../src/wire/tape.ts'

/** A relay in front of a port that keeps what passes through its first connection. */
export interface RecordingRelay {
  readonly port: number
  readonly pieces: readonly TapePiece[]
  /** When both sides of the first connection are gone. */
  readonly over: Promise<unknown>
  close(): void
}

export async function recordingRelay(target: number): Promise<RecordingRelay> {
  const pieces: TapePiece[] = []
  const began = performance.now()
  const ended = new EventEmitter()
  const over = once(ended, 'over')
  const server: Server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    const pass = (from: Socket, to: Socket, direction: Direction): void => {
      from.on('data', (chunk: Buffer) => {
        pieces.push({ direction, atMs: performance.now() - began, bytes: chunk })
        to.write(chunk)
      })
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => {
        if (near.closed && far.closed) ended.emit('over')
        else to.destroySoon()
      })
    }
    pass(near, far, 'sent')
    pass(far, near, 'received')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, pieces, over, close: () => server.close() }
}

/** What a reader made of a tape. */
export interface Reading {
  readonly rungs: readonly RungDraft[]
  readonly plain: readonly TapePiece[]
  /** `> ClientHello` for what the client sent, `< ServerHello` for the rest. */
  readonly labels: readonly string[]
}

export interface ReadingOptions {
  /** Lines of the key log, all there from the start. */
  readonly keys?: Iterable<string>
}

export function readTls(pieces: Iterable<TapePiece>, { keys = [] }: ReadingOptions = {}): Reading {
  const keyLog = new KeyLog()
  for (const line of keys) keyLog.add(line)
  keyLog.finish()
  const rungs: RungDraft[] = []
  const plain: TapePiece[] = []
  const reader = new TlsReader({ keyLog, rung: (rung) => rungs.push(rung), plain: (piece) => plain.push(piece) })
  for (const piece of pieces) reader.receive(piece)
  reader.end(1e6)
  return { rungs, plain, labels: labelsOf(rungs) }
}

export function labelsOf(rungs: readonly RungDraft[]): readonly string[] {
  return rungs.map(({ from, label }) => `${from === 'client' ? '>' : '<'} ${label.en}`)
}

/** The text of one direction of the layer above. */
export function plainText(plain: readonly TapePiece[], direction: Direction): string {
  return Buffer.concat(plain.filter((piece) => piece.direction === direction).map(({ bytes }) => bytes)).toString()
}

/** A field by the names on the way to it: the first of each name. */
export function fieldAt(fields: readonly WireField[], ...path: readonly string[]): WireField {
  const [name, ...rest] = path
  const found = fields.find((field) => field.name === name)
  if (found === undefined) throw new Error(`no field ${name} among ${fields.map((field) => field.name).join(', ')}`)
  return rest.length === 0 ? found : fieldAt(found.fields ?? [], ...rest)
}

export function rungNamed(rungs: readonly RungDraft[], label: string): RungDraft {
  const found = rungs.find((rung) => rung.label.en === label)
  if (found === undefined) throw new Error(`no ${label} among ${labelsOf(rungs).join(', ')}`)
  return found
}
