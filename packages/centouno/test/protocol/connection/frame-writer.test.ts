import { expect, test } from 'vitest'
import { FrameWriter, unmovedFrom } from '../../../src/protocol/connection/frame-writer.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { opcodes } from '../../../src/protocol/frame/opcode.ts'
import { RecordingSink } from '../recording-sink.ts'
import { framesOf, testKey, toHex, utf8 } from '../wire.ts'

function refusal(code: string): unknown {
  return expect.objectContaining({ name: 'SendError', code })
}

test('a server writes each frame as one piece, unmasked; control frames may stand between fragments', () => {
  const sink = new RecordingSink()
  const writer = new FrameWriter('server', sink, undefined)
  writer.text('a')
  writer.binary(utf8('b'))
  writer.fragment('text', utf8('c'), false)
  writer.control(opcodes.ping, utf8('d'))
  writer.fragment('text', utf8('e'), true)
  writer.fragment('binary', utf8('f'), true)
  expect(sink.writes.map(toHex)).toEqual(['81 01 61', '82 01 62', '01 01 63', '89 01 64', '80 01 65', '82 01 66'])
})

test('a client masks every kind of frame', () => {
  const sink = new RecordingSink()
  const writer = new FrameWriter('client', sink, () => testKey)
  writer.text('a')
  writer.binary(utf8('b'))
  writer.fragment('text', utf8('c'), true)
  writer.control(opcodes.pong, utf8('d'))
  expect(framesOf(sink.written).map(({ masked, payload }) => [masked, toHex(payload)])).toEqual([
    [true, '61'],
    [true, '62'],
    [true, '63'],
    [true, '64'],
  ])
})

test('what would break a message or a control frame is refused, and nothing is written', () => {
  const sink = new RecordingSink()
  const writer = new FrameWriter('server', sink, undefined)
  expect(() => writer.control(opcodes.ping, new Uint8Array(126))).toThrow(refusal('CONTROL_PAYLOAD_TOO_LONG'))
  writer.fragment('text', utf8('a'), false)
  expect(() => writer.text('b')).toThrow(refusal('MESSAGE_UNFINISHED'))
  expect(() => writer.binary(utf8('b'))).toThrow(refusal('MESSAGE_UNFINISHED'))
  expect(() => writer.fragment('binary', utf8('b'), true)).toThrow(refusal('MESSAGE_UNFINISHED'))
  expect(sink.writes).toHaveLength(1)
})

test('a client needs a source of masking keys', () => {
  expect(() => new FrameWriter('client', new RecordingSink(), undefined)).toThrow(refusal('MASKING_KEY_INVALID'))
})

/** What a writer hands over apart from the header. */
function payloadOf(role: 'client' | 'server', message: Uint8Array): Uint8Array | undefined {
  let given: Uint8Array | undefined
  const write = (...[, , , , payload]: Parameters<RecordingSink['write']>): void => {
    given = payload
  }
  new FrameWriter(role, { write }, role === 'client' ? () => testKey : undefined).binary(message)
  return given
}

test("a server's payload of 64 KiB and more leaves from where it is; a shorter one, and a client's, is copied", () => {
  const long = new Uint8Array(unmovedFrom).fill(7)
  expect(payloadOf('server', long)).toBe(long)
  expect(payloadOf('server', long.subarray(1))).toBeUndefined()
  expect(payloadOf('client', long)).toBeUndefined()

  const sink = new RecordingSink()
  new FrameWriter('server', sink, undefined).binary(long)
  const [frame, ...more] = framesOf(sink.written)
  expect([more.length, frame?.opcode, frame?.fin, frame?.payload.length]).toEqual([
    0,
    opcodes.binary,
    true,
    long.length,
  ])
})

test('a frame that was encoded before goes out as it is, but not within a message', () => {
  const sink = new RecordingSink()
  const writer = new FrameWriter('server', sink, undefined)
  const frame = { ...encodeFrame(opcodes.binary, true, utf8('abc'), 3, undefined), opcode: opcodes.binary }
  writer.encoded(frame)
  expect(toHex(sink.written)).toBe('82 03 61 62 63')
  writer.fragment('text', utf8('a'), false)
  expect(() => writer.encoded(frame)).toThrow(refusal('MESSAGE_UNFINISHED'))
})
