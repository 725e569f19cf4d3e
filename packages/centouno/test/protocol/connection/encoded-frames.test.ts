import { expect, test } from 'vitest'
import { Connection } from '../../../src/protocol/connection/connection.ts'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { opcodes } from '../../../src/protocol/frame/opcode.ts'
import { RecordingSink } from '../recording-sink.ts'
import { toHex, utf8 } from '../wire.ts'

test('a frame that was encoded before is sent as it is while the connection is open, and counts as a message', () => {
  const sink = new RecordingSink()
  const limits = { ...defaultConnectionLimits, heartbeatInterval: false as const, idleTimeout: 1000 }
  const connection = new Connection({ role: 'server', sink, limits })
  const frame = { ...encodeFrame(opcodes.text, true, utf8('abc'), 3, undefined), opcode: opcodes.text }
  connection.sendFrame(frame)
  connection.sendFrame(frame, 900)
  expect(sink.writes.map(toHex)).toEqual(['81 03 61 62 63', '81 03 61 62 63'])
  connection.tick(1000)
  expect(connection.state).toBe('open')
  connection.tick(1900)
  expect(connection.state).toBe('close-sent')
  expect(() => connection.sendFrame(frame)).toThrow(expect.objectContaining({ code: 'CONNECTION_NOT_OPEN' }))
})
