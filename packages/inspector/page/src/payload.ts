/** Payloads as a person writes and reads them. */

/** How the message box is read. */
export type PayloadForm = 'text' | 'json' | 'hex' | 'base64'

/** A message as an order carries it: text as it is, bytes in base64. */
export interface Payload {
  readonly kind: 'text' | 'binary'
  readonly data: string
}

/** Bytes in base64. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  const step = 0x2000
  for (let at = 0; at < bytes.length; at += step) binary += String.fromCharCode(...bytes.subarray(at, at + step))
  return btoa(binary)
}

/** The bytes of a base64 text; undefined when it is none. Blanks are skipped, padding may be left out. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** The text as it would cross the wire. */
export function utf8Of(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The bytes of a text like `48 65 6c`, `48:65:6C` or `0x48,0x65`; undefined when it is none. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/0x|[\s:,_-]/gi, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

/** The text in the message box as an order carries it; undefined when it does not have the form it should have. */
export function payloadFrom(text: string, form: PayloadForm): Payload | undefined {
  if (form === 'text') return { kind: 'text', data: text }
  if (form === 'json') return jsonFault(text) === undefined ? { kind: 'text', data: text } : undefined
  const bytes = form === 'hex' ? fromHex(text) : fromBase64(text)
  return bytes === undefined ? undefined : { kind: 'binary', data: toBase64(bytes) }
}

/** Eight to a line, so that bytes and text fit beside each other on a phone. */
const bytesPerLine = 8

/** One line of a hex dump. */
export interface HexLine {
  readonly offset: string
  readonly hex: string
  readonly text: string
}

/** Bytes as a hex dump: offset, eight bytes, and what of them is printable ASCII. */
export function hexDump(bytes: Uint8Array): readonly HexLine[] {
  const dump: HexLine[] = []
  for (let at = 0; at < bytes.length; at += bytesPerLine) {
    const line = [...bytes.subarray(at, at + bytesPerLine)]
    dump.push({
      offset: at.toString(16).padStart(4, '0'),
      hex: line.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    })
  }
  return dump
}

/** A JSON text indented; undefined when the text is no JSON object or array. */
export function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return undefined
  }
}

/** What is wrong with a JSON text, as the browser says it; undefined for nothing. */
export function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A size as one reads it: `17 B`, `4.2 KiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
