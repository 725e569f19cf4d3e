import { expect, test } from 'vitest'
import { type WaitingFrame, WaitingFrames } from '../../src/socket/waiting-frames.ts'

function frame(bytes: number, droppable: boolean, payload?: number): WaitingFrame {
  return {
    bytes: new Uint8Array(bytes),
    payload: payload === undefined ? undefined : new Uint8Array(payload),
    droppable,
  }
}

test('counts headers and payloads of those that wait, whichever way they leave', () => {
  const frames = new WaitingFrames()
  const [first, second, third] = [frame(3, false), frame(4, true, 100), frame(5, true)]
  for (const one of [first, second, third]) frames.push(one)
  expect([frames.length, frames.bytes]).toEqual([3, 112])
  expect(frames.takeDroppable()).toBe(second)
  expect([frames.length, frames.bytes]).toEqual([2, 8])
  expect(frames.shift()).toBe(first)
  expect([frames.length, frames.bytes]).toEqual([1, 5])
  frames.clear()
  expect([frames.length, frames.bytes, frames.shift(), frames.takeDroppable()]).toEqual([0, 0, undefined, undefined])
})
