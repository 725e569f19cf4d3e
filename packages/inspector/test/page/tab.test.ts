import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { beginAttempt, noConnection } from '../../page/src/connection-model.ts'
import { Repeater } from '../../page/src/repeater.ts'
import { newTab, tabName } from '../../page/src/tab.ts'
import type { Tab } from '../../page/src/tab.ts'

describe('a tab is called', () => {
  test.each([
    ['ws://127.0.0.1:9001/echo?x=1', '127.0.0.1:9001/echo'],
    ['wss://user:secret@host/', 'host'],
    ['wss://host', 'host'],
    ['  ws://a/b#c ', 'a/b'],
    ['', ''],
    ['nonsense', 'nonsense'],
  ])('%j: %j', (url, name) => {
    expect(tabName(newTab({ url }))).toBe(name)
  })

  test('as what it is connected with, not as what is being typed', () => {
    expect(tabName(newTab({ url: 'ws://typed/' }, beginAttempt('c1', 'ws://connected/')))).toBe('connected')
  })

  test('unlike any other', () => {
    expect(newTab().key).not.toBe(newTab().key)
  })
})

describe('a message that is repeated', () => {
  const payload = { kind: 'text', data: 'again' } as const
  let sent: string[]
  let mayGo: boolean
  let repeater: Repeater
  let tab: Tab

  beforeEach(() => {
    vi.useFakeTimers()
    sent = []
    mayGo = true
    repeater = new Repeater((about, { data }) => {
      if (mayGo) sent.push(`${about.key} ${data}`)
      return mayGo
    })
    tab = newTab({}, { ...noConnection, phase: 'open' })
  })

  afterEach(() => vi.useRealTimers())

  test('goes at once and then every so often, until it is stopped', () => {
    repeater.start(tab, payload, 100)
    vi.advanceTimersByTime(250)
    expect(sent).toEqual(Array.from({ length: 3 }, () => `${tab.key} again`))
    expect(tab.repetition.value).toMatchObject({ sent: 3, everyMs: 100 })
    repeater.stop(tab)
    vi.advanceTimersByTime(1000)
    expect(sent).toHaveLength(3)
    expect(tab.repetition.value).toBeNull()
  })

  test('started again, only the new one goes on', () => {
    repeater.start(tab, payload, 100)
    repeater.start(tab, { kind: 'text', data: 'other' }, 1000)
    vi.advanceTimersByTime(999)
    expect(sent.map((one) => one.split(' ')[1])).toEqual(['again', 'other'])
  })

  test('what cannot be sent is left out and not counted', () => {
    repeater.start(tab, payload, 100)
    mayGo = false
    vi.advanceTimersByTime(500)
    mayGo = true
    vi.advanceTimersByTime(100)
    expect(tab.repetition.value?.sent).toBe(2)
  })

  test('ends with its connection', () => {
    repeater.start(tab, payload, 100)
    tab.connection.value = { ...tab.connection.value, phase: 'closing' }
    vi.advanceTimersByTime(100)
    expect(tab.repetition.value).toBeNull()
    expect(sent).toHaveLength(1)
  })

  test('goes on in each tab by itself', () => {
    const other = newTab({}, { ...noConnection, phase: 'open' })
    repeater.start(tab, payload, 100)
    repeater.start(other, payload, 100)
    repeater.stop(tab)
    vi.advanceTimersByTime(100)
    expect(other.repetition.value?.sent).toBe(2)
  })
})
