import type {
  CloseFrame,
  ClosingCause,
  ConnectionReport,
  Field,
  RequestRecord,
  ResponseRecord,
  RuleVerdict,
  StageFacts,
  StageName,
  StageRecord,
  Text,
  Verdict,
} from 'centouno/telling'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'
import {
  count,
  flag,
  given,
  list,
  member,
  nullable,
  number,
  object,
  oneOf,
  optional,
  ShapeError,
  text,
} from './shape.ts'

/** Reads the report of a connection, and how it ended. */

const stageNames = [
  'resolve',
  'connect',
  'proxy',
  'secure',
  'upgrade',
  'open',
  'close',
  'disconnect',
] as const satisfies readonly StageName[]

const causes = [
  'closing-handshake',
  'peer-fin',
  'peer-reset',
  'tls-alert',
  'transport-error',
  'protocol-violation',
  'over-limit',
  'close-timeout',
  'heartbeat-timeout',
  'idle-timeout',
  'lifetime',
  'write-timeout',
  'local-abort',
] as const satisfies readonly ClosingCause[]

/** More redirects than anybody follows. */
const mostEarlier = 100

export function readReport(value: unknown, path: string, mayHaveEarlier = true): ConnectionReport {
  const members = object(value, path)
  const earlier = member(
    members,
    'earlier',
    path,
    optional(list((each, at) => readReport(each, at, false), mostEarlier)),
  )
  if (earlier !== undefined && !mayHaveEarlier) throw new ShapeError(`${path}.earlier`, 'left out')
  return {
    url: member(members, 'url', path, text),
    startedAt: member(members, 'startedAt', path, isoTime),
    verdict: member(members, 'verdict', path, readVerdict),
    stages: member(members, 'stages', path, list(readStage)),
    request: member(members, 'request', path, nullable(readRequest)),
    response: member(members, 'response', path, nullable(readResponse)),
    rules: member(members, 'rules', path, list(readRuleVerdict)),
    ...given('earlier', earlier),
  }
}

/** ISO 8601, as far as `Date` reads it. */
export function isoTime(value: unknown, path: string): string {
  const told = text(value, path)
  if (Number.isNaN(Date.parse(told))) throw new ShapeError(path, 'a time in ISO 8601')
  return told
}

export function readText(value: unknown, path: string): Text {
  const members = object(value, path)
  return { en: member(members, 'en', path, text), zh: member(members, 'zh', path, text) }
}

export function readField(value: unknown, path: string): Field {
  const members = object(value, path)
  return { name: member(members, 'name', path, text), value: member(members, 'value', path, text) }
}

export function readClosing(value: unknown, path: string): ToldClosing {
  const members = object(value, path)
  return {
    code: member(members, 'code', path, count),
    reason: member(members, 'reason', path, text),
    clean: member(members, 'clean', path, flag),
    cause: member(members, 'cause', path, oneOf(...causes)),
    initiator: member(members, 'initiator', path, oneOf('local', 'remote')),
    sent: member(members, 'sent', path, optional(readCloseFrame)),
    received: member(members, 'received', path, optional(readCloseFrame)),
    violation: member(members, 'violation', path, optional(text)),
  }
}

function readCloseFrame(value: unknown, path: string): CloseFrame {
  const members = object(value, path)
  return { code: member(members, 'code', path, count), reason: member(members, 'reason', path, text) }
}

function readVerdict(value: unknown, path: string): Verdict {
  const members = object(value, path)
  return {
    ok: member(members, 'ok', path, flag),
    stage: member(members, 'stage', path, oneOf(...stageNames)),
    code: member(members, 'code', path, text),
    sentence: member(members, 'sentence', path, text),
    hint: member(members, 'hint', path, text),
    details: member(members, 'details', path, (details, at) => readValues(details, at, textOrNumber)),
  }
}

function readStage(value: unknown, path: string): StageRecord {
  const members = object(value, path)
  return {
    name: member(members, 'name', path, oneOf(...stageNames)),
    startMs: member(members, 'startMs', path, number),
    endMs: member(members, 'endMs', path, nullable(number)),
    ok: member(members, 'ok', path, nullable(flag)),
    bytesSent: member(members, 'bytesSent', path, nullable(count)),
    bytesReceived: member(members, 'bytesReceived', path, nullable(count)),
    facts: member(members, 'facts', path, (facts, at) => readValues(facts, at, readFact)),
  }
}

function readRequest(value: unknown, path: string): RequestRecord {
  const members = object(value, path)
  return {
    head: member(members, 'head', path, text),
    method: member(members, 'method', path, text),
    target: member(members, 'target', path, text),
    fields: member(members, 'fields', path, list(readField)),
  }
}

function readResponse(value: unknown, path: string): ResponseRecord {
  const members = object(value, path)
  return {
    head: member(members, 'head', path, text),
    status: member(members, 'status', path, count),
    reason: member(members, 'reason', path, text),
    fields: member(members, 'fields', path, list(readField)),
    body: member(members, 'body', path, text),
    bodyCut: member(members, 'bodyCut', path, flag),
  }
}

function readRuleVerdict(value: unknown, path: string): RuleVerdict {
  const members = object(value, path)
  return {
    id: member(members, 'id', path, text),
    ok: member(members, 'ok', path, flag),
    outcome: member(members, 'outcome', path, oneOf('kept', 'broken', 'noted', 'idle')),
    ...given('found', member(members, 'found', path, optional(readText))),
  }
}

function textOrNumber(value: unknown, path: string): string | number {
  return typeof value === 'string' ? value : number(value, path)
}

function readFact(value: unknown, path: string): StageFacts[string] {
  if (typeof value === 'boolean') return value
  return Array.isArray(value) ? list(text)(value, path) : textOrNumber(value, path)
}

// Names that anybody may have chosen: fromEntries makes each of them a member, whatever the prototype has.
function readValues<Value>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => Value,
): Readonly<Record<string, Value>> {
  const entries = Object.entries(object(value, path))
  return Object.fromEntries(entries.map(([name, each]) => [name, read(each, `${path}.${name}`)]))
}
