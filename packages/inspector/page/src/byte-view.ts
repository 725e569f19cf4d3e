import type { WireField } from '../../src/wire/rung.ts'

/** One byte as it is drawn. */
export interface ByteCell {
  readonly at: number
  readonly hex: string
  /** Its character where it is printable ASCII, else a dot. */
  readonly text: string
}

/** Eight to a line, so that bytes and text fit beside each other on a phone. */
const bytesPerLine = 8

/** Bytes in lines. */
export function byteLines(bytes: Uint8Array, bound: number): readonly (readonly ByteCell[])[] {
  const lines: ByteCell[][] = []
  for (let at = 0; at < Math.min(bytes.length, bound); at++) {
    if (at % bytesPerLine === 0) lines.push([])
    const byte = bytes[at] as number
    const isPrintable = byte >= 0x20 && byte < 0x7f
    lines.at(-1)?.push({
      at,
      hex: byte.toString(16).padStart(2, '0'),
      text: isPrintable ? String.fromCharCode(byte) : '·',
    })
  }
  return lines
}

/** A field with the place it has in the tree: `0.2` is the third child of the first. */
export interface PlacedField {
  readonly path: string
  readonly field: WireField
}

/** The smallest field that holds a byte; undefined when none does. Of fields that share a byte bit by bit it is the first. */
export function fieldAt(fields: readonly WireField[], at: number, path = ''): PlacedField | undefined {
  for (const [index, field] of fields.entries()) {
    if (at < field.start || at >= field.end) continue
    const own = path === '' ? String(index) : `${path}.${index}`
    return fieldAt(field.fields ?? [], at, own) ?? { path: own, field }
  }
  return undefined
}

/** The field at a path; undefined when there is none. */
export function fieldOf(fields: readonly WireField[], path: string): WireField | undefined {
  let here: readonly WireField[] = fields
  let found: WireField | undefined
  for (const index of path.split('.')) {
    found = here[Number(index)]
    here = found?.fields ?? []
  }
  return found
}

/** A field's bits in their byte, `1··· ····` for the highest; undefined for whole bytes. */
export function bitPattern({ bits, start }: WireField, bytes: Uint8Array): string | undefined {
  const byte = bytes[start]
  if (bits === undefined || byte === undefined) return undefined
  const [from, to] = bits
  const digits = Array.from({ length: 8 }, (_, bit) => {
    const isOwn = bit >= from && bit <= to
    return isOwn ? String((byte >> (7 - bit)) & 1) : '·'
  })
  return `${digits.slice(0, 4).join('')} ${digits.slice(4).join('')}`
}

const rfcPattern = /^RFC (\d+)(?: §([0-9A-Z.]+))?/

/** Where a clause can be read; undefined when it is no RFC. */
export function clauseAddress(clause: string): string | undefined {
  const match = rfcPattern.exec(clause)
  if (match === null) return undefined
  const [, rfc, section] = match
  return `https://www.rfc-editor.org/rfc/rfc${rfc}${section === undefined ? '' : `#section-${section}`}`
}
