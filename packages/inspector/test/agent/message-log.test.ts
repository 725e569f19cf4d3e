import { expect, test } from 'vitest'
import { MessageLog } from '../../src/agent/message-log.ts'

function logAt(...times: number[]): MessageLog {
  return new MessageLog(() => times.shift() ?? 0)
}

test('times are counted from when the log was made', () => {
  expect(logAt(1000, 1012.5).message('sent', 'x').atMs).toBe(12.5)
})

test('text stays as it is; its size is in bytes of UTF-8', () => {
  expect(logAt(0, 1).message('received', 'é')).toEqual({
    direction: 'received',
    kind: 'text',
    data: 'é',
    bytes: 2,
    atMs: 1,
  })
})

test('bytes become base64, also those of a view into something larger', () => {
  const view = new Uint8Array([9, 1, 2, 9]).subarray(1, 3)
  expect(logAt(0).message('sent', view)).toMatchObject({ kind: 'binary', data: 'AQI=', bytes: 2 })
  expect(logAt(0).control('received', 'pong', view)).toMatchObject({ kind: 'pong', data: 'AQI=', bytes: 2 })
})

test('a close has its code, unless it was empty', () => {
  expect(logAt(0).close('sent', 1000, 'bye')).toMatchObject({ kind: 'close', data: 'bye', bytes: 5, code: 1000 })
  expect(logAt(0).close('received', undefined, '')).not.toHaveProperty('code')
})
