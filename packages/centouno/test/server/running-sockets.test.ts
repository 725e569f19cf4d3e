import { expect, test } from 'vitest'
import { RunningSockets } from '../../src/server/running-sockets.ts'
import type { ServerSocket } from '../../src/server/server-socket.ts'

// Only told apart here, never looked into.
const first = { name: 'first' } as unknown as ServerSocket
const second = { name: 'second' } as unknown as ServerSocket

test('whoever waits is told when the last one has finished, and at once when there is none', async () => {
  const running = new RunningSockets()
  await running.whenNone()
  running.add(first)
  running.add(second)
  expect(running.all).toEqual([first, second])
  let none = 0
  const waiting = [running.whenNone(), running.whenNone()].map((told) => told.then(() => (none += 1)))
  running.finish(first)
  await Promise.resolve()
  expect([running.size, none]).toEqual([1, 0])
  running.finish(second)
  await Promise.all(waiting)
  expect([running.size, none]).toEqual([0, 2])
})
