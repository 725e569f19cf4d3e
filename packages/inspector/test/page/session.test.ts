import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AgentNews, PageOrder } from '../../src/agent/agent-message.ts'
import { startSession } from '../../page/src/session.ts'
import type { Session } from '../../page/src/session.ts'
import { mostTabs } from '../../page/src/tab.ts'
import type { Tab } from '../../page/src/tab.ts'
import { openReport, refusedReport } from './sample.ts'

/** The link's other end: what the page sends is kept, and what an agent would say is said by the test. */
class AgentEnd extends EventTarget {
  static readonly OPEN = 1
  static last: AgentEnd | undefined
  readonly readyState = AgentEnd.OPEN
  readonly bufferedAmount = 0
  readonly orders: PageOrder[] = []

  constructor() {
    super()
    AgentEnd.last = this
  }

  send(text: string): void {
    this.orders.push(JSON.parse(text) as PageOrder)
  }

  close(): void {
    this.dispatchEvent(new Event('close'))
  }

  say(...news: AgentNews[]): void {
    for (const one of news) this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(one) }))
    vi.runAllTimers()
  }
}

const demo = { echo: 'ws://demo/echo', chat: 'ws://demo/chat', time: 'ws://demo/time' }

let session: Session
let agent: AgentEnd
let attempted: Tab[]

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', AgentEnd)
  vi.stubGlobal('location', { href: 'http://127.0.0.1:1/?token=t' })
  attempted = []
  session = startSession((tab) => attempted.push(tab))
  session.reach()
  if (AgentEnd.last === undefined) throw new Error('the session opens a link')
  agent = AgentEnd.last
  agent.dispatchEvent(new Event('open'))
  agent.say({ news: 'hello', demo, version: '1.2.3' })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function connected(url: string): string {
  session.tab.value.form.url = url
  session.connect()
  const { id } = session.tab.value.connection.value
  agent.say({ news: 'report', id, report: { ...openReport, url } })
  return id
}

function tapped(id: string): AgentNews {
  return { news: 'tapped', id, url: `ws://${id}/` }
}

describe('tabs', () => {
  test('each connection is told to its own, whichever is in sight', () => {
    const first = connected('ws://one/')
    session.open()
    connected('ws://two/')
    const [one, two] = session.tabs.value
    agent.say(
      { news: 'report', id: first, report: refusedReport },
      { news: 'trouble', id: first, code: 'A', sentence: '' },
    )
    expect(one?.connection.value.trouble?.code).toBe('A')
    expect(two?.connection.value.trouble).toBeNull()
    expect(session.tab.value).toBe(two)
  })

  test('orders go to the connection in sight', () => {
    const first = connected('ws://one/')
    session.open()
    const second = connected('ws://two/')
    session.send({ kind: 'text', data: 'to two' })
    const [one] = session.tabs.value
    if (one !== undefined) session.show(one)
    session.ping('AA==')
    expect(agent.orders.slice(-2)).toEqual([
      { order: 'send', id: second, kind: 'text', data: 'to two' },
      { order: 'ping', id: first, data: 'AA==' },
    ])
  })

  test('closing one ends its connection; another comes into sight, and there is always one', () => {
    const first = connected('ws://one/')
    const [one] = session.tabs.value
    session.open()
    session.connect()
    const { id } = session.tab.value.connection.value
    session.closeTab(session.tab.value)
    expect(agent.orders.at(-1)).toEqual({ order: 'cancel', id })
    expect(session.tab.value).toBe(one)
    session.closeTab(session.tab.value)
    expect(agent.orders.at(-1)).toEqual({ order: 'close', id: first, code: null, reason: '' })
    expect(session.tabs.value).toHaveLength(1)
    expect(session.tab.value.form.url).toBe(demo.echo)
  })

  test('there are only so many', () => {
    for (let opened = 1; opened < mostTabs; opened += 1) expect(session.open()).toBe(true)
    expect(session.mayOpen.value).toBe(false)
    expect(session.open()).toBe(false)
    expect(session.page.value.trouble?.code).toBe('TAB_LIMIT')
    expect(session.tabs.value).toHaveLength(mostTabs)
  })
})

describe('connections of the tap', () => {
  test('come into sight while nothing else has happened, and tear nobody away later', () => {
    agent.say(tapped('t1'))
    expect(session.tab.value.connection.value).toMatchObject({ id: 't1', tapped: true })
    agent.say(tapped('t2'), { news: 'report', id: 't2', report: openReport })
    expect(session.tab.value.connection.value.id).toBe('t1')
    expect(session.tabs.value.map(({ connection }) => connection.value.phase)).toEqual(['idle', 'connecting', 'open'])
  })

  test('the oldest that is over makes room for a new one', () => {
    for (let number = 1; number < mostTabs; number += 1) agent.say(tapped(`t${number}`))
    agent.say(tapped('late'))
    expect(session.page.value.trouble?.code).toBe('TAB_LIMIT')
    session.dismiss()
    agent.say({ news: 'report', id: 't5', report: refusedReport }, tapped('later'))
    const ids = session.tabs.value.map(({ connection }) => connection.value.id)
    expect(ids).toContain('later')
    expect(ids).not.toContain('t5')
    expect(ids).toHaveLength(mostTabs)
  })

  test('are not ended by closing their tab', () => {
    agent.say(tapped('t1'))
    session.closeTab(session.tab.value)
    expect(agent.orders).toEqual([])
  })
})

test('an attempt is told once it has come to its result, and only then', () => {
  session.connect()
  expect(attempted).toEqual([])
  const { id } = session.tab.value.connection.value
  agent.say({ news: 'report', id, report: refusedReport })
  agent.say({ news: 'report', id, report: refusedReport })
  agent.say(tapped('t1'), { news: 'report', id: 't1', report: openReport })
  expect(attempted).toHaveLength(1)
})

test('when the agent goes away, every connection that was alive is lost', () => {
  connected('ws://one/')
  session.open()
  connected('ws://two/')
  agent.close()
  expect(session.agent.value).toBe('lost')
  expect(session.tabs.value.map(({ connection }) => connection.value.phase)).toEqual(['lost', 'lost'])
})
