import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, test } from 'vitest'
import { TypedChannel } from '../../src/socket/typed-channel.ts'

test('nothing is built while nobody listens', () => {
  const channel = new TypedChannel<{ count: number }>('centouno:test:built')
  let built = 0
  const build = (): { count: number } => {
    built += 1
    return { count: built }
  }
  channel.publish(build)
  expect([channel.observed, built]).toEqual([false, 0])
  const heard: unknown[] = []
  const listener = (message: unknown): void => void heard.push(message)
  subscribe('centouno:test:built', listener)
  channel.publish(build)
  expect([channel.observed, heard]).toEqual([true, [{ count: 1 }]])
  unsubscribe('centouno:test:built', listener)
  channel.publish(build)
  expect([channel.observed, built]).toEqual([false, 1])
})

test('a message that cannot be built is a warning, and whoever published goes on', async () => {
  const channel = new TypedChannel<object>('centouno:test:fails')
  const heard: unknown[] = []
  const listener = (message: unknown): void => void heard.push(message)
  subscribe('centouno:test:fails', listener)
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  channel.publish(() => {
    throw new Error('cannot be built')
  })
  expect((await warned).message).toContain('cannot be built')
  expect(heard).toEqual([])
  unsubscribe('centouno:test:fails', listener)
})
