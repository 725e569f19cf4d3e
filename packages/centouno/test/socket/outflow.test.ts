import { expect, test, vi } from 'vitest'
import { FrameWriter } from '../../src/protocol/connection/frame-writer.ts'
import { type Opcode, opcodes } from '../../src/protocol/frame/opcode.ts'
import { frameOverhead, Outflow } from '../../src/socket/outflow.ts'
import { memoryPair, type MemoryTransport } from '../../src/transport/memory-pair.ts'
import { heldBy } from '../support/held-by.ts'
import { TransportLog } from '../support/transport-log.ts'

interface Fixture {
  readonly outflow: Outflow
  readonly near: MemoryTransport
  readonly arrived: TransportLog
}

/** A transport that is blocked from 10 bytes on; nothing moves until `near.deliver`. */
function fixture(budget = 1_000_000): Fixture {
  const [near, far] = memoryPair({ byHand: true, mark: 10 })
  const outflow = new Outflow(near, budget)
  near.start({
    received: () => undefined,
    blocked: () => outflow.fill(),
    drained: () => outflow.drained(),
    ended: () => undefined,
    failed: () => undefined,
    closed: () => undefined,
  })
  return { outflow, near, arrived: new TransportLog(far) }
}

function deliverAll(end: MemoryTransport): void {
  for (let moved = 1; moved > 0;) moved = end.deliver()
}

const frame = (value: number, length = 4): Uint8Array => new Uint8Array(length).fill(value)

function give(outflow: Outflow, bytes: Uint8Array, opcode: Opcode, droppable: boolean): boolean {
  return outflow.write(bytes, 0, bytes.length, opcode, droppable)
}

/** Budget that hands a blocked transport nothing more: half of it is less than the frame that blocked it. */
const tight = 20

test('a transport with room gets every frame at once', () => {
  const { outflow, near } = fixture()
  expect(give(outflow, frame(1), opcodes.text, true)).toBe(false)
  expect(give(outflow, frame(2), opcodes.text, true)).toBe(false)
  expect([near.queuedBytes, outflow.bytes, outflow.blocked, outflow.backlog]).toEqual([8, 8, false, 0])
})

test('a blocked one gets no more messages; they follow in order when it has drained', () => {
  const { outflow, near, arrived } = fixture(tight)
  expect(give(outflow, frame(1, 12), opcodes.text, true)).toBe(true)
  expect(give(outflow, frame(2), opcodes.text, true)).toBe(false)
  give(outflow, frame(3), opcodes.binary, true)
  expect([near.queuedBytes, outflow.bytes]).toEqual([12, 20])
  near.deliver(3)
  deliverAll(near)
  expect(arrived.bytes.filter((byte) => byte !== 1)).toEqual([2, 2, 2, 2, 3, 3, 3, 3])
  expect([outflow.blocked, outflow.bytes]).toEqual([false, 0])
})

test('§5.4: a Ping and a Pong go ahead of what waits, a Close does not', () => {
  const { outflow, near, arrived } = fixture(tight)
  give(outflow, frame(1, 12), opcodes.text, true)
  give(outflow, frame(2), opcodes.continuation, false)
  give(outflow, frame(8), opcodes.close, false)
  give(outflow, frame(9), opcodes.ping, false)
  give(outflow, frame(10), opcodes.pong, false)
  deliverAll(near)
  const kinds = arrived.bytes.filter((byte, index) => byte !== arrived.bytes[index - 1])
  expect(kinds).toEqual([1, 9, 10, 2, 8])
})

test('a blocked transport is given some more, so that replies to one read leave in one write', () => {
  const { outflow, near } = fixture()
  give(outflow, frame(1, 12), opcodes.text, true)
  for (let count = 0; count < 2_000; count += 1) give(outflow, frame(2, 100), opcodes.text, true)
  // 128 KiB, each frame counted with what it costs besides its bytes.
  const each = 100 + frameOverhead
  expect(near.queuedBytes).toBeGreaterThan((128 * 1024 * 100) / each - 500)
  expect(near.queuedBytes).toBeLessThan((128 * 1024 * 100) / each + 500)
  expect(outflow.bytes).toBe(200_012)
})

test('what is held counts for its bytes and for each frame, so that a flood of empty messages is bounded', () => {
  const { outflow } = fixture(tight)
  give(outflow, frame(1, 12), opcodes.text, true)
  for (let count = 0; count < 100; count += 1) give(outflow, frame(2, 2), opcodes.text, true)
  expect(outflow.heldBytes).toBe(12 + frameOverhead + 100 * (2 + frameOverhead))
})

test('one large frame on its way is no backlog; what waits behind it is', () => {
  const { outflow } = fixture(tight)
  give(outflow, frame(1, 5_000), opcodes.text, true)
  expect(outflow.backlog).toBeLessThan(1_000)
  give(outflow, frame(2, 5_000), opcodes.text, true)
  expect(outflow.backlog).toBeGreaterThan(5_000)
})

test('the oldest message that waits can be dropped, but no part of one and no Close', () => {
  const { outflow, near, arrived } = fixture(tight)
  give(outflow, frame(1, 12), opcodes.text, true)
  give(outflow, frame(2), opcodes.continuation, false)
  give(outflow, frame(3), opcodes.text, true)
  give(outflow, frame(4), opcodes.text, true)
  give(outflow, frame(8), opcodes.close, false)
  expect([outflow.dropOldest(), outflow.dropOldest(), outflow.dropOldest()]).toEqual([true, true, false])
  deliverAll(near)
  expect(new Set(arrived.bytes)).toEqual(new Set([1, 2, 8]))
})

test('room is there at once, or when everything has been taken', async () => {
  const { outflow, near, arrived } = fixture(tight)
  await outflow.room()
  give(outflow, frame(1, 12), opcodes.text, true)
  give(outflow, frame(2, 12), opcodes.text, true)
  let roomy = false
  const room = outflow.room().finally(() => {
    roomy = true
  })
  near.deliver(5)
  await Promise.resolve()
  // The second has followed, and it found no room either.
  expect([roomy, outflow.blocked, near.queuedBytes]).toEqual([false, true, 19])
  near.deliver()
  await room
  expect(arrived.bytes).toHaveLength(24)
})

test('FIN follows what waits; an end rejects those who wait for room', async () => {
  const { outflow, near, arrived } = fixture(tight)
  give(outflow, frame(1, 12), opcodes.text, true)
  give(outflow, frame(2), opcodes.text, true)
  outflow.finish()
  near.deliver()
  near.deliver()
  expect(arrived.told).toEqual(['ended'])
  expect(arrived.bytes).toHaveLength(16)

  const other = fixture(tight)
  give(other.outflow, frame(1, 12), opcodes.text, true)
  const room = other.outflow.room()
  other.outflow.end(() => new Error('over'))
  await expect(room).rejects.toThrow('over')
})

// An error was made for every socket that ended, with its stack, though hardly any has somebody waiting.
test('an end with nobody waiting makes no error, also when somebody waited before', async () => {
  const { outflow, near } = fixture()
  const error = vi.fn(() => new Error('over'))
  give(outflow, frame(1, 12), opcodes.text, true)
  const room = outflow.room()
  deliverAll(near)
  await room
  outflow.end(error)
  expect(error).not.toHaveBeenCalled()
})

/*
 * A frame that waits was booked with 128 bytes: echoes of one byte could hold more than the account said, for a view of a
 * frame alone takes about as much.
 */
test.each([
  ['empty', 0],
  ['one byte', 1],
  ['100 bytes', 100],
])('frames with %s that wait are booked with no less than they hold', async (_what, length) => {
  const frames = 40_000
  const payload = new Uint8Array(length)
  const { held, result } = await heldBy(() => {
    const { outflow } = fixture(tight)
    const writer = new FrameWriter(
      'server',
      { write: (bytes, start, end, opcode) => void outflow.write(bytes, start, end, opcode, true) },
      undefined,
    )
    for (let count = 0; count < frames; count += 1) writer.binary(payload)
    return outflow
  })
  expect(held).toBeLessThanOrEqual(result.heldBytes)
})
