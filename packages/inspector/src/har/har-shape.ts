import type { LogEntry } from '../agent/agent-message.ts'
import { opcodes } from '../frames/opcode-names.ts'
import { isoTime } from '../session-file/report-shape.ts'
import { RecordedFileError } from '../session-file/recorded-file-error.ts'
import {
  base64,
  count,
  list,
  member,
  number,
  object,
  oneOf,
  optional,
  ShapeError,
  text,
} from '../session-file/shape.ts'
import { decodeBase64 } from '../wire/base64.ts'
import type { HarPair } from './har.ts'

/** The entry of a WebSocket, as far as a connection is told by it. */
export interface ReadHarEntry {
  readonly startedAt: string
  readonly method: string
  readonly url: string
  readonly httpVersion: string
  readonly requestFields: readonly HarPair[]
  readonly status: number
  readonly reason: string
  readonly responseFields: readonly HarPair[]
  readonly body: string
  /** Milliseconds; undefined for what did not apply. */
  readonly timings: { readonly [name in 'blocked' | 'dns' | 'connect' | 'ssl' | 'send' | 'wait']: number | undefined }
  readonly address: string | undefined
  readonly error: string | undefined
  readonly messages: readonly LogEntry[]
}

/** More entries than a browser's panel holds. */
const mostEntries = 1_000_000

/** True for a value that seems to be a HAR. */
export function isHar(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('log' in value)) return false
  const { log } = value
  return typeof log === 'object' && log !== null && 'entries' in log
}

/**
 * The WebSockets of a HAR. Entries of other kinds are not looked at.
 *
 * @throws RecordedFileError `HAR_SHAPE`, or `HAR_WITHOUT_WEBSOCKET`.
 */
export function readHar(value: unknown): ReadHarEntry[] {
  try {
    const log = member(object(value, 'har'), 'log', 'har', object)
    const entries = member(log, 'entries', 'har.log', list(readEntry, mostEntries))
    const found = entries.filter((entry) => entry !== undefined)
    if (found.length === 0) throw new RecordedFileError('HAR_WITHOUT_WEBSOCKET', { entries: entries.length })
    return found
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new RecordedFileError('HAR_SHAPE', { path: error.path, expected: error.expected })
  }
}

function readEntry(value: unknown, path: string): ReadHarEntry | undefined {
  const entry = object(value, path)
  const request = member(entry, 'request', path, object)
  const url = member(request, 'url', `${path}.request`, text)
  const isWebSocket = entry['_resourceType'] === 'websocket' || '_webSocketMessages' in entry || /^wss?:/i.test(url)
  if (!isWebSocket) return undefined
  if (!URL.canParse(url)) throw new ShapeError(`${path}.request.url`, 'a URL')
  const response = member(entry, 'response', path, object)
  const content = member(response, 'content', `${path}.response`, optional(object)) ?? {}
  const timings = member(entry, 'timings', path, optional(object)) ?? {}
  const timing = (name: string): number | undefined => member(timings, name, `${path}.timings`, duration)
  const startedAt = member(entry, 'startedDateTime', path, isoTime)
  return {
    startedAt,
    method: member(request, 'method', `${path}.request`, text),
    url,
    httpVersion: member(request, 'httpVersion', `${path}.request`, optional(text)) ?? '',
    requestFields: member(request, 'headers', `${path}.request`, list(readPair)),
    status: member(response, 'status', `${path}.response`, count),
    reason: member(response, 'statusText', `${path}.response`, optional(text)) ?? '',
    responseFields: member(response, 'headers', `${path}.response`, list(readPair)),
    body: member(content, 'text', `${path}.response.content`, optional(text)) ?? '',
    timings: {
      blocked: timing('blocked'),
      dns: timing('dns'),
      connect: timing('connect'),
      ssl: timing('ssl'),
      send: timing('send'),
      wait: timing('wait'),
    },
    address: member(entry, 'serverIPAddress', path, optional(text)),
    error: member(response, '_error', `${path}.response`, optional(text)),
    messages: readMessages(entry, path, Date.parse(startedAt)),
  }
}

function readPair(value: unknown, path: string): HarPair {
  const members = object(value, path)
  return { name: member(members, 'name', path, text), value: member(members, 'value', path, text) }
}

/** -1 stands for what does not apply. */
function duration(value: unknown, path: string): number | undefined {
  const told = optional(number)(value, path)
  return told === undefined || told < 0 ? undefined : told
}

const kinds: ReadonlyMap<number, LogEntry['kind']> = new Map([
  [opcodes.text, 'text'],
  [opcodes.binary, 'binary'],
  [opcodes.close, 'close'],
  [opcodes.ping, 'ping'],
  [opcodes.pong, 'pong'],
])

function readMessages(entry: Readonly<Record<string, unknown>>, path: string, startedMs: number): LogEntry[] {
  const sinceStart = (value: unknown, at: string): LogEntry | undefined => {
    const message = readMessage(value, at)
    return message && { ...message, atMs: Math.round((message.atMs - startedMs) * 1000) / 1000 }
  }
  const messages = member(entry, '_webSocketMessages', path, optional(list(sinceStart))) ?? []
  return messages.filter((message) => message !== undefined)
}

/** A message whose time is still counted from 1970. Undefined for what DevTools notes of errors, and unknown opcodes. */
function readMessage(value: unknown, path: string): LogEntry | undefined {
  const members = object(value, path)
  if (member(members, 'type', path, oneOf('send', 'receive', 'error')) === 'error') return undefined
  const direction = members['type'] === 'send' ? 'sent' : 'received'
  const kind = kinds.get(member(members, 'opcode', path, count))
  const atMs = member(members, 'time', path, number) * 1000
  if (kind === undefined) return undefined
  if (kind === 'text') {
    const data = member(members, 'data', path, text)
    return { direction, kind, data, bytes: new TextEncoder().encode(data).length, atMs }
  }
  const data = member(members, 'data', path, base64)
  const bytes = decodeBase64(data)
  if (kind !== 'close') return { direction, kind, data, bytes: bytes.length, atMs }
  const [high, low] = bytes
  const reason = new TextDecoder().decode(bytes.subarray(2))
  return high === undefined || low === undefined
    ? { direction, kind, data: '', bytes: bytes.length, atMs }
    : { direction, kind, data: reason, bytes: bytes.length, atMs, code: (high << 8) | low }
}
