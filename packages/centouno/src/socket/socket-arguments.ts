import { SocketInputError } from './socket-errors.ts'

/** What may be sent: a string goes out as text, bytes as binary. */
export type SocketData = string | ArrayBuffer | ArrayBufferView

/** Tells text from bytes; bytes come back as a view of the caller's own, not a copy. */
export function readData(data: SocketData): string | Uint8Array {
  if (typeof data === 'string') return data
  if (data instanceof Uint8Array) return data
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  throw new SocketInputError(
    'DATA_TYPE',
    `A message must be a string, an ArrayBuffer or a view of one, not ${typeName(data)}. Turn it into one of these first, for instance with JSON.stringify.`,
  )
}

/** The same, with text as its UTF-8 bytes. */
export function readBytes(data: SocketData): Uint8Array {
  const content = readData(data)
  return typeof content === 'string' ? new TextEncoder().encode(content) : content
}

/** The reason of a Close as text; a number or a view in its place would be sent as whatever it turns into. */
export function readReason(reason: string): string {
  if (typeof reason === 'string') return reason
  throw new SocketInputError('DATA_TYPE', `The reason of a Close must be a string, not ${typeName(reason)}.`)
}

/** @throws SocketInputError (`SOURCE_TYPE`) for anything but an async iterable. */
export function readSource(source: AsyncIterable<SocketData>): AsyncIterable<SocketData> {
  if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) return source
  throw new SocketInputError(
    'SOURCE_TYPE',
    `A message is streamed from an async iterable, such as an async generator, a ReadableStream or a Node stream, not from ${typeName(source)}.`,
  )
}

function typeName(data: unknown): string {
  if (data === null) return 'null'
  return typeof data === 'object' ? (data.constructor?.name ?? 'an object') : typeof data
}
