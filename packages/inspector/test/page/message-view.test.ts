import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import { edit, emptyDraft, payloadAgain, pingPayload, readInterval } from '../../page/src/message-draft.ts'
import { bounds, lineOf, messageView, wholeMessage } from '../../page/src/message-view.ts'
import { payloadFrom, toBase64, utf8Of } from '../../page/src/payload.ts'
import { line } from './sample.ts'

function binary(...bytes: number[]): LogEntry {
  return { ...line(toBase64(Uint8Array.from(bytes))), kind: 'binary', bytes: bytes.length }
}

const json = line('{"room":42}')

describe('a message can be read', () => {
  test('as text, hex and base64; as JSON first, when it is JSON', () => {
    expect(messageView(line('hello'), undefined)).toMatchObject({ forms: ['text', 'hex', 'base64'], text: 'hello' })
    expect(messageView(json, undefined)).toMatchObject({
      forms: ['json', 'text', 'hex', 'base64'],
      text: '{\n  "room": 42\n}',
    })
    expect(messageView(json, 'text').text).toBe('{"room":42}')
    expect(messageView(line('é'), 'hex').hex).toEqual([{ offset: '0000', hex: 'c3 a9', text: '··' }])
    expect(messageView(line('é'), 'base64').text).toBe('w6k=')
  })

  test('bytes as hex first, and as text when they are UTF-8', () => {
    expect(messageView(binary(0xff), undefined)).toMatchObject({ forms: ['hex', 'base64'], form: 'hex' })
    const written = binary(...utf8Of('[1]'))
    expect(messageView(written, undefined).forms).toEqual(['hex', 'base64', 'json', 'text'])
    expect(messageView(written, 'text').text).toBe('[1]')
  })

  test('in another form, where the one that is wished for does not fit', () => {
    expect(messageView(line('hello'), 'json')).toMatchObject({ form: 'text', text: 'hello' })
    expect(messageView(binary(0xff), 'text').form).toBe('hex')
  })

  test('no more of it is drawn than the page can bear; the clipboard gets all', () => {
    const long = line('x'.repeat(bounds.text + 7))
    expect(messageView(long, undefined)).toMatchObject({ hiddenCount: 7 })
    expect(wholeMessage(long, 'text')).toHaveLength(bounds.text + 7)
    const many = binary(...Array.from({ length: bounds.bytes + 5 }, () => 7))
    expect(messageView(many, 'hex').hiddenCount).toBe(5)
    expect(wholeMessage(many, 'hex').split(' ')).toHaveLength(bounds.bytes + 5)
    expect(wholeMessage(json, 'json')).toContain('\n')
  })

  test('on one line, from its beginning', () => {
    expect(lineOf(line('one\n  two'))).toBe('one two')
    expect(lineOf(line('y'.repeat(1000)))).toHaveLength(bounds.line)
    expect(lineOf(binary(1, 0xab))).toBe('01 ab')
    expect(lineOf(binary(...Array.from({ length: 1000 }, () => 1))).length).toBeLessThan(bounds.line * 2)
  })
})

describe('what is sent', () => {
  test('JSON only when it is JSON', () => {
    expect(payloadFrom('{"a":1}', 'json')).toEqual({ kind: 'text', data: '{"a":1}' })
    expect(payloadFrom('{"a":', 'json')).toBeUndefined()
  })

  test('a message of the log goes again as it went', () => {
    expect(payloadAgain(line('hello'))).toEqual({ kind: 'text', data: 'hello' })
    expect(payloadAgain(binary(1, 2))).toEqual({ kind: 'binary', data: 'AQI=' })
  })

  test('a message of the log in the box is the same message', () => {
    const draft = emptyDraft()
    for (const entry of [line('hello'), binary(0, 255)]) {
      edit(draft, entry)
      expect(payloadFrom(draft.text, draft.form)).toEqual({ kind: entry.kind, data: entry.data })
    }
  })

  test('JSON is laid out in the box, to be changed', () => {
    const draft = emptyDraft()
    edit(draft, json)
    expect(draft).toMatchObject({ form: 'json', text: '{\n  "room": 42\n}' })
  })

  test('a Ping carries the bytes of the box', () => {
    expect(pingPayload({ kind: 'text', data: 'é' })).toEqual({ data: 'w6k=', bytes: 2 })
    expect(pingPayload({ kind: 'binary', data: 'AQI=' })).toEqual({ data: 'AQI=', bytes: 2 })
  })

  test.each([
    ['10', 10],
    [' 3600000 ', 3_600_000],
    ['9', undefined],
    ['3600001', undefined],
    ['1.5', undefined],
    ['', undefined],
  ])('an interval of %j is %j', (text, every) => {
    expect(readInterval(text)).toBe(every)
  })
})
