import { expect, test } from 'vitest'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import { MessagesReader } from '../../src/frames/messages-reader.ts'

/** What is told, in the order of telling: entries, and the clauses of faults. */
function read(pieces: readonly (readonly ['sent' | 'received', ...number[]])[]): (LogEntry | string)[] {
  const told: (LogEntry | string)[] = []
  const reader = new MessagesReader(
    { extensions: [] },
    {
      message: (entry) => told.push(entry),
      fault: (direction, { clause }) => told.push(`${direction} ${clause}`),
    },
  )
  for (const [direction, ...bytes] of pieces) reader.receive({ direction, bytes: Uint8Array.from(bytes), atMs: 7 })
  return told
}

test('messages are told whole, with a Ping between their fragments, in both directions', () => {
  const told = read([
    // "He" of "Hello", masked with 1 2 3 4; a Ping of the server; "llo".
    ['sent', 0x01, 0x82, 1, 2, 3, 4, 0x48 ^ 1, 0x65 ^ 2],
    ['received', 0x89, 0x01, 0xff],
    ['sent', 0x80, 0x83, 1, 2, 3, 4, 0x6c ^ 1, 0x6c ^ 2],
    ['sent', 0x6f ^ 3],
  ])
  expect(told).toEqual([
    { direction: 'received', kind: 'ping', data: '/w==', bytes: 1, atMs: 7 },
    { direction: 'sent', kind: 'text', data: 'Hello', bytes: 5, atMs: 7 },
  ])
})

test('a frame that breaks a rule is told before what it completes', () => {
  const [fault, entry] = read([['sent', 0x82, 0x01, 0x2a]])
  expect(fault).toMatch(/^sent RFC 6455 §5\.1/)
  expect(entry).toMatchObject({ kind: 'binary', data: 'Kg==' })
})
