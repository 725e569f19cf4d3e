import type { ConnectionReport, Field, StageName } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import { opcodes } from '../frames/opcode-names.ts'
import { redactRecorded } from '../session-file/redact-recorded.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import { encodeBase64 } from '../wire/base64.ts'
import type { Har, HarEntry, HarMessage, HarPair, HarRequest, HarResponse, HarTimings } from './har.ts'

export interface HarHeading {
  readonly name: string
  readonly version: string
  /** True to keep cookies, authorization and tokens. */
  readonly withSecrets: boolean
}

/** Connections as a HAR, with their messages as Chromium's DevTools write them. Pure. */
export function harOf(connections: readonly RecordedConnection[], { name, version, withSecrets }: HarHeading): Har {
  const shown = withSecrets ? connections : connections.map(redactRecorded)
  return { log: { version: '1.2', creator: { name, version }, pages: [], entries: shown.map(entryOf) } }
}

function entryOf({ report, messages }: RecordedConnection): HarEntry {
  const timings = timingsOf(report)
  const { ssl: _part, ...added } = timings
  const connected = report.stages.findLast(({ name }) => name === 'connect')?.facts
  const [address, port] = [connected?.['address'], connected?.['localPort']]
  const startedMs = Date.parse(report.startedAt)
  const { verdict } = report
  return {
    startedDateTime: report.startedAt,
    time: Object.values(added).reduce((sum, each) => sum + Math.max(0, each), 0),
    request: requestOf(report),
    response: responseOf(report),
    cache: {},
    timings,
    ...(typeof address === 'string' ? { serverIPAddress: address } : {}),
    ...(port === undefined ? {} : { connection: String(port) }),
    ...(verdict.ok ? {} : { comment: `${verdict.code}: ${verdict.sentence}` }),
    _resourceType: 'websocket',
    _webSocketMessages: messages.map((entry) => messageOf(entry, startedMs)),
  }
}

function requestOf({ url, request }: ConnectionReport): HarRequest {
  const fields = request?.fields ?? []
  return {
    method: request?.method ?? 'GET',
    url,
    httpVersion: 'HTTP/1.1',
    cookies: valuesOf(fields, 'cookie').flatMap((line) => pairsOf(line, ';')),
    headers: pairs(fields),
    queryString: queryOf(url),
    headersSize: request?.head.length ?? -1,
    bodySize: 0,
  }
}

function responseOf({ response, verdict }: ConnectionReport): HarResponse {
  const fields = response?.fields ?? []
  const body = response?.body ?? ''
  return {
    status: response?.status ?? 0,
    statusText: response?.reason ?? '',
    httpVersion: response === null ? 'unknown' : 'HTTP/1.1',
    // Of a Set-Cookie, what stands before the first semicolon is the cookie (RFC 6265 §4.1).
    cookies: valuesOf(fields, 'set-cookie').flatMap((line) => pairsOf(line, ';').slice(0, 1)),
    headers: pairs(fields),
    content: {
      size: new TextEncoder().encode(body).length,
      mimeType: valuesOf(fields, 'content-type')[0] ?? 'x-unknown',
      ...(body === '' ? {} : { text: body }),
    },
    redirectURL: valuesOf(fields, 'location')[0] ?? '',
    headersSize: response?.head.length ?? -1,
    bodySize: response === null ? -1 : new TextEncoder().encode(body).length,
    _error: verdict.ok ? null : verdict.code,
  }
}

function pairs(fields: readonly Field[]): HarPair[] {
  return fields.map(({ name, value }) => ({ name, value }))
}

function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.flatMap((field) => (field.name.toLowerCase() === name ? [field.value] : []))
}

/** `a=1; b=2`. What has no name is no pair. */
function pairsOf(line: string, separator: string): HarPair[] {
  return line.split(separator).flatMap((part) => {
    const equals = part.indexOf('=')
    return equals < 1 ? [] : [{ name: part.slice(0, equals).trim(), value: part.slice(equals + 1).trim() }]
  })
}

/** As it stands in the URL: nothing is decoded, so that nothing is lost. */
function queryOf(url: string): HarPair[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? ''
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      return equals === -1 ? { name: part, value: '' } : { name: part.slice(0, equals), value: part.slice(equals + 1) }
    })
}

function timingsOf(report: ConnectionReport): HarTimings {
  const took = (...names: readonly StageName[]): number => {
    const stages = report.stages.filter(({ name, endMs }) => names.includes(name) && endMs !== null)
    if (stages.length === 0) return -1
    return rounded(stages.reduce((sum, { startMs, endMs }) => sum + ((endMs ?? startMs) - startMs), 0))
  }
  const ends = report.stages.map(({ startMs, endMs }) => endMs ?? startMs)
  const opened = report.stages.find(({ name }) => name === 'open')?.startMs
  return {
    blocked: -1,
    dns: took('resolve'),
    connect: took('connect', 'proxy', 'secure'),
    ssl: took('secure'),
    send: 0,
    wait: Math.max(0, took('upgrade')),
    receive: opened === undefined ? 0 : rounded(Math.max(...ends) - opened),
  }
}

function messageOf(entry: LogEntry, startedMs: number): HarMessage {
  return {
    type: entry.direction === 'sent' ? 'send' : 'receive',
    time: (startedMs + entry.atMs) / 1000,
    opcode: opcodes[entry.kind],
    data: entry.kind === 'close' ? encodeBase64(closePayload(entry)) : entry.data,
  }
}

function closePayload({ code, data }: LogEntry): Uint8Array {
  if (code === undefined) return new Uint8Array(0)
  return Uint8Array.of(code >> 8, code & 0xff, ...new TextEncoder().encode(data))
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}
