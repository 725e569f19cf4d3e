import { expect, test } from 'vitest'
import { EventHandlers } from '../../src/whatwg/event-handlers.ts'
import { CloseEvent, ErrorEvent, MessageEvent } from '../../src/whatwg/events.ts'

test('events have the properties of the standard', () => {
  expect(new MessageEvent('message', { data: 'x', origin: 'ws://h' })).toMatchObject({
    type: 'message',
    data: 'x',
    origin: 'ws://h',
    lastEventId: '',
    source: null,
    ports: [],
  })
  expect(new CloseEvent('close')).toMatchObject({ code: 0, reason: '', wasClean: false })
  const error = new Error('why')
  expect(new ErrorEvent('error', { error })).toMatchObject({ type: 'error', error, message: 'why' })
  expect(new CloseEvent('close')).toBeInstanceOf(Event)
})

test('a handler that is replaced keeps its place among the listeners', () => {
  const target = new EventTarget()
  const handlers = new EventHandlers(target)
  const seen: string[] = []
  handlers.set('open', () => seen.push('first'))
  target.addEventListener('open', () => seen.push('listener'))
  handlers.set('open', () => seen.push('second'))
  target.dispatchEvent(new Event('open'))
  handlers.set('open', null)
  target.dispatchEvent(new Event('open'))
  expect(seen).toEqual(['second', 'listener', 'listener'])
  expect(handlers.get('open')).toBeNull()
})
