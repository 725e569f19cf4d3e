import { expect, test } from 'vitest'
import { Exchange, type Exchanger } from '../../src/load/exchange.ts'

function answering(sent: number[], name: number): Exchanger {
  const exchanger: Exchanger = {
    send() {
      sent.push(name)
      setImmediate(() => exchanger.whenAnswered())
    },
    whenAnswered() {},
  }
  return exchanger
}

test('counts every message of every burst, and ends when the last is answered', async () => {
  const sent: number[] = []
  const exchange = new Exchange([answering(sent, 0), answering(sent, 1)], 16)
  const { messages, latency } = await exchange.measure(5)
  expect(messages).toBe(sent.length * 16)
  expect(latency).toBeUndefined()
  expect(new Set(sent)).toEqual(new Set([0, 1]))
})

test('where one is in flight its latency is told', async () => {
  const { latency } = await new Exchange([answering([], 0)], 1).measure(5)
  expect(latency?.p50).toBeGreaterThan(0)
})

test('with fewer busy than there are, all take turns', async () => {
  const sent: number[] = []
  const exchangers = [0, 1, 2, 3, 4].map((name) => answering(sent, name))
  await new Exchange(exchangers, 1, 2).measure(20)
  expect(sent.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 0])
})

test('measures again where it stopped', async () => {
  const sent: number[] = []
  const exchange = new Exchange([answering(sent, 0)], 1)
  const first = await exchange.measure(2)
  const second = await exchange.measure(2)
  expect(first.messages + second.messages).toBe(sent.length)
})
