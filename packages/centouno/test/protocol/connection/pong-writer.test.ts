import { expect, test } from 'vitest'
import { FrameWriter } from '../../../src/protocol/connection/frame-writer.ts'
import { PongWriter } from '../../../src/protocol/connection/pong-writer.ts'
import { toHex, utf8 } from '../wire.ts'

test('§5.5.3: while the transport is blocked only the newest Ping keeps its Pong', () => {
  const frames: string[] = []
  const write = (bytes: Uint8Array, start: number, end: number): void => {
    frames.push(toHex(bytes.subarray(start, end)))
  }
  const pongs = new PongWriter(new FrameWriter('server', { write }, undefined))
  pongs.answer(utf8('a'), false)
  pongs.answer(utf8('b'), true)
  pongs.answer(utf8('c'), true)
  expect(frames).toEqual(['8a 01 61'])
  pongs.sendHeld()
  pongs.sendHeld()
  expect(frames).toEqual(['8a 01 61', '8a 01 63'])
})
