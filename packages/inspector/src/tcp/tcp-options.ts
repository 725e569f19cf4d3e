/** One option of a TCP header, with where it stands in the header. */
export type TcpOption = { readonly start: number; readonly end: number } & TcpOptionContent

export type TcpOptionContent =
  | { readonly kind: 'end' }
  | { readonly kind: 'no-operation' }
  | { readonly kind: 'maximum-segment-size'; readonly bytes: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  | { readonly kind: 'sack'; readonly blocks: readonly SackBlock[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'unknown'; readonly number: number }
  /** A length that leads out of the header: nothing after it can be read. */
  | { readonly kind: 'malformed' }

/** Bytes that came although others before them are missing: from `left` up to but not including `right`. */
export interface SackBlock {
  readonly left: number
  readonly right: number
}

// RFC 9293 §3.1, RFC 7323 §2.2 and §3.2, RFC 2018 §2 and §3
const endOfList = 0
const noOperation = 1
const maximumSegmentSize = 2
const windowScale = 3
const sackPermitted = 4
const sack = 5
const timestamps = 8

const lengthBytesMin = 2
const sackBlockBytes = 8

/** Reads the options that stand in a header from byte `start` on, to its end. Never throws. */
export function readTcpOptions(header: Uint8Array, start: number): TcpOption[] {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const options: TcpOption[] = []
  let at = start
  while (at < header.length) {
    const number = view.getUint8(at)
    if (number === endOfList) {
      options.push({ kind: 'end', start: at, end: header.length })
      break
    }
    if (number === noOperation) {
      options.push({ kind: 'no-operation', start: at, end: at + 1 })
      at++
      continue
    }
    const length = at + 1 < header.length ? view.getUint8(at + 1) : 0
    if (length < lengthBytesMin || at + length > header.length) {
      options.push({ kind: 'malformed', start: at, end: header.length })
      break
    }
    options.push({
      ...contentOf(number, new DataView(view.buffer, view.byteOffset + at, length)),
      start: at,
      end: at + length,
    })
    at += length
  }
  return options
}

function contentOf(number: number, view: DataView): TcpOptionContent {
  const length = view.byteLength
  if (number === maximumSegmentSize && length === 4) return { kind: 'maximum-segment-size', bytes: view.getUint16(2) }
  if (number === windowScale && length === 3) return { kind: 'window-scale', shift: view.getUint8(2) }
  if (number === sackPermitted && length === 2) return { kind: 'sack-permitted' }
  if (number === sack && (length - lengthBytesMin) % sackBlockBytes === 0) {
    const blocks: SackBlock[] = []
    for (let at = lengthBytesMin; at < length; at += sackBlockBytes) {
      blocks.push({ left: view.getUint32(at), right: view.getUint32(at + 4) })
    }
    return { kind: 'sack', blocks }
  }
  if (number === timestamps && length === 10) {
    return { kind: 'timestamps', value: view.getUint32(2), echo: view.getUint32(6) }
  }
  return { kind: 'unknown', number }
}
