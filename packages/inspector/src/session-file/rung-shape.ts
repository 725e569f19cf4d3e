import type { LogEntry } from '../agent/agent-message.ts'
import type { DerivedBytes, Layer, Party, Rung, WireField } from '../wire/rung.ts'
import { readText } from './report-shape.ts'
import { base64, count, flag, given, list, member, number, object, oneOf, optional, ShapeError, text } from './shape.ts'

/** Reads the arrows of a ladder, and the lines of a log. */

const layers = ['tcp', 'proxy', 'tls', 'http', 'websocket'] as const satisfies readonly Layer[]
const parties = ['client', 'proxy', 'server'] as const satisfies readonly Party[]

/** Fields within fields: TLS has the deepest, a handful. */
const deepestField = 32

export function readRung(value: unknown, path: string): Rung {
  const members = object(value, path)
  const redacted = member(members, 'redacted', path, optional(flag))
  return {
    id: member(members, 'id', path, count),
    layer: member(members, 'layer', path, oneOf(...layers)),
    from: member(members, 'from', path, oneOf(...parties)),
    to: member(members, 'to', path, oneOf(...parties)),
    atMs: member(members, 'atMs', path, number),
    label: member(members, 'label', path, readText),
    sentence: member(members, 'sentence', path, readText),
    clause: member(members, 'clause', path, text),
    inferred: member(members, 'inferred', path, flag),
    decrypted: member(members, 'decrypted', path, flag),
    alarming: member(members, 'alarming', path, flag),
    bytes: member(members, 'bytes', path, base64),
    byteCount: member(members, 'byteCount', path, count),
    fields: member(
      members,
      'fields',
      path,
      list((field, at) => readWireField(field, at, 0)),
    ),
    ...given('derived', member(members, 'derived', path, optional(list(readDerived)))),
    ...(redacted === true ? { redacted } : {}),
  }
}

function readWireField(value: unknown, path: string, depth: number): WireField {
  if (depth > deepestField) throw new ShapeError(path, `at most ${deepestField} deep`)
  const members = object(value, path)
  const readInner = list((field, at) => readWireField(field, at, depth + 1))
  return {
    name: member(members, 'name', path, text),
    value: member(members, 'value', path, text),
    ...given('zh', member(members, 'zh', path, optional(text))),
    start: member(members, 'start', path, count),
    end: member(members, 'end', path, count),
    ...given('bits', member(members, 'bits', path, optional(readBits))),
    ...given('meaning', member(members, 'meaning', path, optional(readText))),
    ...given('rules', member(members, 'rules', path, optional(list(text)))),
    ...given('fields', member(members, 'fields', path, optional(readInner))),
  }
}

const lastBit = 7

function readBits(value: unknown, path: string): readonly [number, number] {
  const [from, to, ...rest] = list(count)(value, path)
  if (from !== undefined && to !== undefined && rest.length === 0 && from <= to && to <= lastBit) return [from, to]
  throw new ShapeError(path, 'two bits from 0 to 7')
}

function readDerived(value: unknown, path: string): DerivedBytes {
  const members = object(value, path)
  return {
    kind: member(members, 'kind', path, oneOf('payload', 'message', 'inflated')),
    bytes: member(members, 'bytes', path, base64),
    byteCount: member(members, 'byteCount', path, count),
    ...given('text', member(members, 'text', path, optional(text))),
  }
}

export function readEntry(value: unknown, path: string): LogEntry {
  const members = object(value, path)
  const kind = member(members, 'kind', path, oneOf('text', 'binary', 'ping', 'pong', 'close'))
  return {
    direction: member(members, 'direction', path, oneOf('sent', 'received')),
    kind,
    data: member(members, 'data', path, kind === 'text' || kind === 'close' ? text : base64),
    bytes: member(members, 'bytes', path, count),
    atMs: member(members, 'atMs', path, number),
    ...given('code', member(members, 'code', path, optional(count))),
  }
}
