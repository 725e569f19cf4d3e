import { readFileSync, statSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { ConnectionRecording } from '../../src/session-file/connection-recording.ts'
import { formatSession } from '../../src/session-file/format-session.ts'
import { isSession, parseSession, readSession } from '../../src/session-file/parse-session.ts'
import { recordedCharacters, recordedRungs } from '../../src/session-file/recorded-connection.ts'
import { RecordedFileError } from '../../src/session-file/recorded-file-error.ts'
import { SessionWriter } from '../../src/command/session-writer.ts'
import { plainRequest, seen, switching, wholeTalk } from '../support/recorded.ts'
import { openReport } from '../support/sample-report.ts'
import { TcpTalk } from '../support/tcp-talk.ts'

const folder = mkdtempSync(join(tmpdir(), 'centouno-session-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const replaced = { creator: 'centouno 0', withSecrets: false }
const kept = { creator: 'centouno 0', withSecrets: true }

/** The code of the error, or `read`. */
function outcome(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof RecordedFileError ? `${error.code}: ${error.text.en}` : String(error)
  }
}

describe('round trip', () => {
  test('what is written is read the same', () => {
    const connections = [seen(wholeTalk(), true), seen(new TcpTalk().open().say('sent', plainRequest))]
    const session = parseSession(formatSession(connections, kept))
    expect(session).toEqual({
      format: 'centouno-session',
      version: 1,
      creator: 'centouno 0',
      secrets: 'kept',
      connections,
    })
    expect(isSession(session)).toBe(true)
  })

  test('a session without connections', () => {
    expect(parseSession(formatSession([], replaced)).connections).toEqual([])
  })

  test('attempts that were redirected are kept, one level of them', () => {
    const recorded = { ...seen(wholeTalk()), report: { ...openReport, earlier: [openReport] } }
    expect(parseSession(formatSession([recorded], kept)).connections[0]?.report.earlier).toHaveLength(1)
    const nested = { ...recorded, report: { ...openReport, earlier: [recorded.report] } }
    expect(outcome(() => parseSession(formatSession([nested], kept)))).toContain(
      'earlier[0].earlier should be left out',
    )
  })
})

describe('secrets', () => {
  test('are replaced when it is written, in the report and in the ladder, and its fields still point at their bytes', () => {
    const text = formatSession([seen(wholeTalk(), true)], replaced)
    const { connections, secrets } = parseSession(text)
    expect(secrets).toBe('replaced')
    expect(text).not.toContain('s3cret')
    const request = connections[0]?.rungs.find(({ label }) => label.en.startsWith('GET'))
    const bytes = Buffer.from(request?.bytes ?? '', 'base64')
    expect(bytes.toString()).not.toContain('s3cret')
    const cookie = request?.fields.find(({ name }) => name === 'Cookie')
    expect(bytes.subarray(cookie?.start, cookie?.end).toString()).toBe('Cookie: ***')
    expect(request?.redacted).toBe(true)
    // The rules that speak of a line stay with it.
    expect(request?.fields.find(({ name }) => name === 'Host')?.rules).toContain('H-REQ-05')
  })

  test('that a body says again are replaced too', () => {
    const refused = new TcpTalk().open().say('sent', secretly).say('received', echo)
    expect(formatSession([seen(refused, true)], kept)).toContain('s3cret-cookie')
    const told = parseSession(formatSession([seen(refused, true)], replaced)).connections[0]
    const body = told?.rungs.find(({ label }) => label.en.startsWith('Body'))
    expect(Buffer.from(body?.bytes ?? '', 'base64').toString()).not.toContain('s3cret-cookie')
    expect(told?.report.response?.body).not.toContain('s3cret-cookie')
  })

  test('are replaced once: what was replaced before stays as it is', () => {
    const once = formatSession([seen(wholeTalk())], replaced)
    const twice = formatSession(parseSession(once).connections, replaced)
    expect(parseSession(twice)).toEqual(parseSession(once))
  })
})

const secretly = plainRequest.replace('\r\n\r\n', '\r\nCookie: sid=s3cret-cookie\r\n\r\n')
const echo =
  'HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\nnot with sid=s3cret-cookie'

const whole = JSON.parse(formatSession([seen(wholeTalk())], replaced)) as Record<string, unknown>
/** What is said when one place of it has another value. */
function at(path: string, value: unknown): string {
  const copy = structuredClone(whole)
  setAt(copy, path, value)
  return outcome(() => readSession(copy))
}

function setAt(target: object, path: string, value: unknown): void {
  const names = path.split('.')
  const last = names.pop() ?? ''
  const holder = names.reduce<unknown>((here, name) => Reflect.get(here as object, name), target)
  Reflect.set(holder as object, last, value)
}

describe('what is refused', () => {
  test('another version, with its number', () => {
    expect(outcome(() => readSession({ ...whole, version: 2 }))).toMatch(
      /^SESSION_VERSION: The session is of version 2/,
    )
  })

  test('a file that was cut', () => {
    const text = JSON.stringify(whole)
    expect(outcome(() => parseSession(text.slice(0, -9)))).toMatch(/^FILE_NOT_JSON/)
  })

  test('each with the place where it is wrong', () => {
    expect(outcome(() => readSession([]))).toContain('session should be an object')
    expect(outcome(() => readSession({ ...whole, connections: [1] }))).toContain(
      'session.connections[0] should be an object',
    )
    expect(outcome(() => readSession({ ...whole, secrets: 'some' }))).toContain(
      'session.secrets should be "kept" or "replaced"',
    )
    expect(at('connections.0.report.startedAt', 'noon')).toContain('should be a time in ISO 8601')
    expect(at('connections.0.report.verdict.ok', 1)).toContain('verdict.ok should be true or false')
    expect(at('connections.0.report.stages.0.startMs', null)).toContain('stages[0].startMs should be a number')
    expect(at('connections.0.report.stages.0.name', 'nap')).toContain('"resolve" or "connect"')
    expect(at('connections.0.rungs.0.bytes', 'a')).toContain('rungs[0].bytes should be base64')
    expect(at('connections.0.rungs.0.fields.0.bits', [5, 9])).toContain('two bits from 0 to 7')
    expect(at('connections.0.messages.1.data', '?')).toContain('messages[1].data should be base64')
    expect(at('connections.0.omittedRungs', -1)).toContain('omittedRungs should be a whole number')
    expect(at('connections.0.closing.cause', 'boredom')).toContain('closing.cause should be')
    let deep: object = { name: 'x', value: '', start: 0, end: 0 }
    for (let depth = 0; depth < 40; depth += 1) deep = { name: 'x', value: '', start: 0, end: 0, fields: [deep] }
    expect(at('connections.0.rungs.0.fields', [deep])).toContain('at most 32 deep')
  })

  test('members that only a prototype has are not there', () => {
    const copy = Object.assign(Object.create({ creator: 'nobody' }) as object, { ...whole })
    Reflect.deleteProperty(copy, 'creator')
    expect(outcome(() => readSession(copy))).toContain('session.creator should be a text')
  })

  test('property: any JSON is read or refused with a code', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('report', 'rungs', 'messages', 'closing'), (value, name) => {
        expect(outcome(() => readSession(value))).toMatch(/^SESSION_/)
        const told = at(`connections.0.${name}`, value)
        expect(told).toMatch(/^read$|^SESSION_SHAPE: /)
      }),
    )
  })
})

describe('the writer', () => {
  test('leaves a whole file after each connection, for its owner alone', () => {
    const path = join(folder, 'tap.json')
    using writer = new SessionWriter(path, replaced)
    const read = (): number => parseSession(readFileSync(path, 'utf8')).connections.length
    expect(read()).toBe(0)
    const recorded = seen(wholeTalk())
    writer.add(recorded)
    expect(read()).toBe(1)
    writer.add(recorded)
    expect(read()).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe(formatSession([recorded, recorded], replaced))
    expect(statSync(path).mode & 0o077).toBe(0)
    writer.close()
    expect(() => writer.close()).not.toThrow()
  })
})

test('a writer leaves the ladder out once the file is large, so that it can be opened', () => {
  const path = join(folder, 'large.json')
  const recorded = seen(wholeTalk())
  using writer = new SessionWriter(path, replaced, 2_000)
  writer.add(recorded)
  writer.add(recorded)
  const { connections } = parseSession(readFileSync(path, 'utf8'))
  expect(connections[0]?.rungs).toHaveLength(recorded.rungs.length)
  expect(connections[1]).toMatchObject({ rungs: [], omittedRungs: recorded.rungs.length, messages: recorded.messages })
})

describe('a recording', () => {
  const entry = { direction: 'sent', kind: 'text', data: 'x', bytes: 1, atMs: 0 } as const
  const [rung] = seen(new TcpTalk().open().say('sent', switching)).rungs

  test('keeps so many rungs, and counts the others', () => {
    const recording = new ConnectionRecording()
    if (rung === undefined) throw new Error('no rung')
    for (let count = 0; count < recordedRungs + 2; count += 1) recording.rung(rung)
    const { rungs, omittedRungs } = recording.finish(openReport, undefined)
    expect([rungs.length, omittedRungs]).toEqual([recordedRungs, 2])
  })

  test('keeps so many characters of messages: from the first that does not fit, none is kept', () => {
    const recording = new ConnectionRecording()
    recording.message({ ...entry, data: 'x'.repeat(recordedCharacters) })
    recording.message(entry)
    recording.message({ ...entry, data: '' })
    const { messages, omittedMessages } = recording.finish(openReport, undefined)
    expect([messages.length, omittedMessages]).toEqual([1, 2])
  })
})
