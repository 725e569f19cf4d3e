import { deflateRawSync, constants } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import { FramesReader } from '../../src/frames/frames-reader.ts'

/** What frames complete, as lines of the log. */

function entries(
  wire: Uint8Array,
  extensions: readonly { name: string; parameters: readonly never[] }[] = [],
): LogEntry[] {
  const told: LogEntry[] = []
  const reader = new FramesReader(
    { extensions },
    () => {},
    (entry) => told.push(entry),
  )
  reader.receive({ direction: 'received', atMs: 3, bytes: wire })
  return told
}

const base = { direction: 'received', atMs: 3 }

describe('a message is told once, when its last frame has come', () => {
  test('from fragments, with a Ping between them', () => {
    // Text without FIN, an empty Ping, the rest.
    const wire = Buffer.from('0103e282ac8900800121', 'hex')
    expect(entries(wire)).toEqual([
      { ...base, kind: 'ping', data: '', bytes: 0 },
      { ...base, kind: 'text', data: '€!', bytes: 4 },
    ])
  })

  test('inflated, where it was compressed', () => {
    const deflated = deflateRawSync('hello hello', { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
    const wire = Buffer.concat([Buffer.of(0xc1, deflated.length), deflated])
    expect(entries(wire, [{ name: 'permessage-deflate', parameters: [] }])).toEqual([
      { ...base, kind: 'text', data: 'hello hello', bytes: 11 },
    ])
  })

  test('without content, where it cannot be inflated', () => {
    const wire = Buffer.from('c202ffff', 'hex')
    expect(entries(wire, [{ name: 'permessage-deflate', parameters: [] }])).toEqual([
      { ...base, kind: 'binary', data: '', bytes: 2 },
    ])
  })
})

test('a Close is told as it crossed, whether or not its code may be sent', () => {
  expect(entries(Buffer.from('8800', 'hex'))).toEqual([{ ...base, kind: 'close', data: '', bytes: 0 }])
  expect(entries(Buffer.from('880103', 'hex'))).toEqual([{ ...base, kind: 'close', data: '', bytes: 1 }])
  expect(entries(Buffer.from('880303ee21', 'hex'))).toEqual([
    { ...base, kind: 'close', code: 1006, data: '!', bytes: 3 },
  ])
})
