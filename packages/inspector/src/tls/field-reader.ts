import type { Text } from 'centouno/telling'
import { bytesValue, fieldValue } from '../wire/field-value.ts'
import type { FieldValue } from '../wire/field-value.ts'
import type { WireField } from '../wire/rung.ts'

/** A structure ends before a field that has to be there, or has a length that leads out of it. */
export class Malformed extends Error {
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

const endsEarly: Text = { en: 'it ends too early', zh: '结束得太早' }

function tooLong(name: string): Text {
  return { en: `${name} is longer than what is around it`, zh: `${name} 比包含它的部分还长` }
}

/** How a field's bytes are put into words; hexadecimal digits when it is left out. */
export type Wording<Value> = (value: Value) => FieldValue

/**
 * Reads a structure from front to back, in the notation of RFC 8446 §3: each reading makes a field with its place in the
 * rung's bytes. Throws Malformed past the end; what was read until then stands in `fields`.
 */
export class FieldReader {
  readonly fields: WireField[] = []
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  /** @param bytes the rung's bytes; the structure lies from `start` up to `end` */
  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.#end - this.#at
  }

  /** A number of one to four bytes. */
  number(name: string, width: number, wording: Wording<number> = String, meaning?: Text): number {
    const start = this.#at
    const value = this.peek(width)
    this.#at += width
    this.#add(name, wording(value), start, meaning)
    return value
  }

  /** So many bytes as they are. */
  bytes(name: string, count: number, wording: Wording<Uint8Array> = hexWords, meaning?: Text): Uint8Array {
    const start = this.#at
    const value = this.#take(count)
    this.#add(name, wording(value), start, meaning)
    return value
  }

  /** All that is left; no field when that is nothing. */
  rest(name: string, wording: Wording<Uint8Array> = hexWords, meaning?: Text): Uint8Array {
    return this.left === 0 ? new Uint8Array(0) : this.bytes(name, this.left, wording, meaning)
  }

  /**
   * A vector: its length in `width` bytes, then its content, which `read` takes apart; what it returns is the field's
   * value. The length is the field's first child.
   */
  vector(name: string, width: number, read: (inner: FieldReader) => FieldValue, meaning?: Text): void {
    const start = this.#at
    const length = this.peek(width)
    const from = start + width
    if (from + length > this.#end) throw new Malformed(tooLong(name))
    this.#at = from + length
    const inner = new FieldReader(this.#bytes, from, this.#at)
    inner.fields.push({ name: 'length', value: String(length), start, end: from })
    this.#group(name, start, inner, read, meaning)
  }

  /** Bytes that come with their length. */
  opaque(name: string, width: number, wording: Wording<Uint8Array> = hexWords, meaning?: Text): Uint8Array {
    let value: Uint8Array = new Uint8Array(0)
    this.vector(
      name,
      width,
      (inner) => {
        value = inner.rest('content', wording)
        return wording(value)
      },
      meaning,
    )
    return value
  }

  /** A structure without a length of its own, up to where `read` gets. */
  structure(name: string, length: number, read: (inner: FieldReader) => FieldValue, meaning?: Text): void {
    const start = this.#at
    if (start + length > this.#end) throw new Malformed(tooLong(name))
    const inner = new FieldReader(this.#bytes, start, start + length)
    this.#at = start + length
    this.#group(name, start, inner, read, meaning)
  }

  /** The number that comes next, without a field for it. */
  peek(width: number): number {
    if (width > this.left) throw new Malformed(endsEarly)
    let value = 0
    for (let index = 0; index < width; index += 1) value = value * 256 + (this.#bytes[this.#at + index] ?? 0)
    return value
  }

  /** A field for a stretch that was read otherwise. */
  note(field: WireField): void {
    this.fields.push(field)
  }

  #group(
    name: string,
    start: number,
    inner: FieldReader,
    read: (inner: FieldReader) => FieldValue,
    meaning?: Text,
  ): void {
    const fields = inner.fields
    const shared = { name, start, end: this.#at, ...(meaning === undefined ? {} : { meaning }) }
    try {
      this.fields.push({ ...shared, ...fieldValue(read(inner)), fields })
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      // The length says where it ends, so what comes after can still be read.
      if (inner.left > 0) inner.rest('?')
      const { en, zh } = error.text
      this.fields.push({ ...shared, ...fieldValue({ en: `malformed: ${en}`, zh: `格式有误：${zh}` }), fields })
      return
    }
    if (inner.left > 0) inner.rest('unread')
  }

  #take(count: number): Uint8Array {
    if (count > this.left) throw new Malformed(endsEarly)
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  #add(name: string, value: FieldValue, start: number, meaning: Text | undefined): void {
    this.fields.push({
      name,
      ...fieldValue(value),
      start,
      end: this.#at,
      ...(meaning === undefined ? {} : { meaning }),
    })
  }
}

const shownBytes = 32

/** `1a2b…`, at most 32 bytes of them, and how many there are. */
export function hexWords(bytes: Uint8Array): FieldValue {
  const digits = Buffer.from(bytes.subarray(0, shownBytes)).toString('hex')
  if (bytes.length <= shownBytes) return digits
  const count = bytesValue(bytes.length)
  return { en: `${digits}… (${count.en})`, zh: `${digits}… (${count.zh})` }
}

export function byteCountWords(bytes: Uint8Array): Text {
  return bytesValue(bytes.length)
}

/** Text of the wire, with what is no printable ASCII escaped. */
export function textWords(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
