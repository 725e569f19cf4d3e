import type { LayerReader, RungDraft, TellRung } from '../../src/wire/layer-reader.ts'
import type { WireField } from '../../src/wire/rung.ts'
import type { Direction, TapePiece } from '../../src/wire/tape.ts'

/** A piece of tape from hex (blanks skipped), Latin-1 text or bytes. */
export function piece(direction: Direction, content: string | Uint8Array, atMs = 1): TapePiece {
  return { direction, atMs, bytes: typeof content === 'string' ? Buffer.from(content, 'latin1') : content }
}

export function hex(text: string): Uint8Array {
  return Buffer.from(text.replace(/\s/g, ''), 'hex')
}

/** What a reader tells of these pieces, in order. */
export function toldOf(
  reader: (tell: TellRung) => LayerReader,
  pieces: readonly TapePiece[],
  ends = true,
): RungDraft[] {
  const told: RungDraft[] = []
  const made = reader((rung) => told.push(rung))
  for (const one of pieces) made.receive(one)
  if (ends) made.end(pieces.at(-1)?.atMs ?? 0)
  return told
}

/** The bytes that a rung shows. */
export function shown({ bytes }: Pick<RungDraft, 'bytes'>): Buffer {
  return Buffer.from(bytes, 'base64')
}

/** The bytes of the field of this name, its children looked through too. */
export function fieldBytes(rung: RungDraft, name: string): Buffer {
  const { start, end } = field(rung, name)
  return shown(rung).subarray(start, end)
}

/** The field of this name, its children looked through too. */
export function field(rung: Pick<RungDraft, 'fields'>, name: string): WireField {
  const found = flat(rung.fields).find((one) => one.name === name)
  if (found === undefined)
    throw new Error(
      `There is no field ${name}: ${flat(rung.fields)
        .map((one) => one.name)
        .join(', ')}`,
    )
  return found
}

function flat(fields: readonly WireField[]): WireField[] {
  return fields.flatMap((one) => [one, ...flat(one.fields ?? [])])
}
