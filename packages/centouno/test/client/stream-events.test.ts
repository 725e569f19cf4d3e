import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { onEvents } from '../../src/client/stream-events.ts'

test('listeners are added, and removed without touching those of others', () => {
  const emitter = new EventEmitter()
  const seen: string[] = []
  emitter.on('end', () => seen.push('other'))
  const remove = onEvents(emitter, { end: () => seen.push('ours'), close: () => seen.push('closed') })
  emitter.emit('end')
  remove()
  emitter.emit('end')
  emitter.emit('close')
  expect(seen).toEqual(['other', 'ours', 'other'])
})
