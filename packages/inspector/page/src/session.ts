import { computed, readonly, ref, shallowRef, watch } from 'vue'
import type { ComputedRef, DeepReadonly, Ref, ShallowRef } from 'vue'
import type { AgentNews, BreakOrder, ConnectOrder, PageOrder } from '../../src/agent/agent-message.ts'
import { agentAddress, openAgentLink } from './agent-link.ts'
import type { AgentLink } from './agent-link.ts'
import { breakOrderFrom, orderFrom } from './connect-order.ts'
import type { ConnectForm } from './connect-form.ts'
import * as model from './connection-model.ts'
import type { ConnectionView, PageView } from './connection-model.ts'
import type { Payload } from './payload.ts'
import { Repeater } from './repeater.ts'
import { mostTabs, newTab } from './tab.ts'
import type { Tab } from './tab.ts'

/** `unreachable`: the link never came to be; `lost`: it was there and broke. */
export type AgentState = 'connecting' | 'ready' | 'unreachable' | 'lost'

/** What an order is about, the connection's id left for the session to fill in. */
type OrderPart = PageOrder extends infer Order ? (Order extends PageOrder ? Omit<Order, 'id'> : never) : never

/** The page's one conversation with its agent: what is known, and what can be asked. What is asked is about the tab in sight. */
export interface Session {
  readonly page: Readonly<ShallowRef<PageView>>
  readonly agent: DeepReadonly<Ref<AgentState>>
  readonly tabs: Readonly<ShallowRef<readonly Tab[]>>
  /** The one in sight. */
  readonly tab: ComputedRef<Tab>
  readonly mayOpen: ComputedRef<boolean>
  readonly show: (tab: Tab) => void
  /** Opens a tab and shows it; false when there is no room for one more. */
  readonly open: (form?: Partial<ConnectForm>, connection?: ConnectionView, script?: readonly string[]) => boolean
  /** Ends the tab's connection, and forgets it. */
  readonly closeTab: (tab: Tab) => void
  readonly connect: () => void
  /** Sends bytes as they are, in base64, in place of an opening request. */
  readonly breakRule: (request: string) => void
  readonly cancel: () => void
  readonly send: (payload: Payload) => void
  readonly repeat: (payload: Payload, everyMs: number) => void
  readonly stopRepeating: () => void
  /** The payload in base64. */
  readonly ping: (data: string) => void
  /** Carries out what the saved request says, step by step. */
  readonly runSteps: () => void
  readonly stopSteps: () => void
  readonly close: (code: number | null, reason: string) => void
  readonly terminate: () => void
  readonly dismiss: () => void
  /** Opens the link to the agent; again, when it was lost. */
  readonly reach: () => void
}

/** More than this waiting for the agent, and repeating pauses: it must not fill memory faster than a peer reads. */
const mostWaitingBytes = 1024 * 1024

/** Makes the session; `reach` starts it. `attempted` is called when an attempt has come to its result. */
export function startSession(attempted: (tab: Tab) => void = () => {}): Session {
  const page = shallowRef(model.emptyPage)
  const agent = ref<AgentState>('connecting')
  const tabs = shallowRef<readonly Tab[]>([newTab()])
  const shown = ref(tabs.value[0]?.key)
  const tab = computed(() => tabs.value.find(({ key }) => key === shown.value) ?? first())
  let link: AgentLink | undefined
  /** Attempts that have not come to a result: neither watched through the tap, nor made to break a rule. */
  const asked = new Set<string>()
  let attempts = 0

  function first(): Tab {
    const [only] = tabs.value
    if (only === undefined) throw new Error('A page without tabs.')
    return only
  }

  function order(about: Tab, part: OrderPart): void {
    const { connection } = about
    // What an earlier order met with is no longer of interest.
    connection.value = model.dismissTrouble(connection.value)
    link?.tell({ ...part, id: connection.value.id } as PageOrder)
  }

  /** A new connection in the tab in sight, unless there is one. */
  function attempt(make: (form: ConnectForm, id: string) => ConnectOrder | BreakOrder): void {
    const { form, connection } = tab.value
    if (agent.value !== 'ready' || model.isAlive(connection.value.phase)) return
    attempts += 1
    const made = make(form, `page-${attempts}`)
    if (made.order === 'connect') asked.add(made.id)
    connection.value = model.beginAttempt(made.id, made.url)
    link?.tell(made)
  }

  const repeater = new Repeater((about, payload) => {
    if (link === undefined || link.waiting() > mostWaitingBytes) return false
    order(about, { order: 'send', ...payload })
    return true
  })

  /** @returns false when there is no room. */
  function add(added: Tab): boolean {
    if (tabs.value.length >= mostTabs) {
      // Of what was only watched, the oldest that is over makes room.
      const over = tabs.value.find(
        ({ key, connection }) =>
          key !== shown.value && connection.value.tapped && !model.isAlive(connection.value.phase),
      )
      if (over === undefined) return false
      tabs.value = tabs.value.filter((one) => one !== over)
    }
    tabs.value = [...tabs.value, added]
    return true
  }

  function show(wanted: Tab): void {
    shown.value = wanted.key
  }

  /** @param batch the news that it came with: some of them are about it. */
  function tapped({ id, url }: Extract<AgentNews, { news: 'tapped' }>, batch: readonly AgentNews[]): void {
    const added = newTab({ url }, model.beginTapped(id, url))
    if (!add(added)) {
      page.value = { ...page.value, trouble: model.tabLimit }
      return
    }
    // Nobody is torn away from what is being done: only a page on which nothing has happened yet shows it at once.
    if (tabs.value.every((one) => one === added || one.connection.value.phase === 'idle')) show(added)
    tell(added, batch)
  }

  function tell(about: Tab, batch: readonly AgentNews[]): void {
    const { connection } = about
    const before = connection.value.phase
    connection.value = model.applyAll(connection.value, batch)
    const hasResult = before === 'connecting' && connection.value.phase !== before
    if (hasResult && asked.delete(connection.value.id)) attempted(about)
  }

  function hear(batch: readonly AgentNews[]): void {
    for (const about of tabs.value) tell(about, batch)
    for (const news of batch) {
      if (news.news === 'hello') page.value = { ...page.value, demo: news.demo, version: news.version }
      else if (news.news === 'tapped') tapped(news, batch)
      else if (news.news === 'trouble' && news.id === '') page.value = { ...page.value, trouble: news }
    }
  }

  // The demo's address fills a form once, and only when nothing was typed yet.
  watch(
    () => page.value.demo,
    (demo) => {
      const { form } = tab.value
      if (demo !== null && form.url === '') form.url = demo.echo
    },
  )

  return {
    page,
    agent: readonly(agent),
    tabs,
    tab,
    mayOpen: computed(() => tabs.value.length < mostTabs),
    show,
    open(form = { url: page.value.demo?.echo ?? '' }, connection = model.noConnection, script = []) {
      const added = newTab(form, connection, script)
      const hasRoom = add(added)
      if (hasRoom) show(added)
      else page.value = { ...page.value, trouble: model.tabLimit }
      return hasRoom
    },
    closeTab(closed) {
      const { phase, tapped: watched } = closed.connection.value
      repeater.stop(closed)
      if (!watched && phase === 'connecting') order(closed, { order: 'cancel' })
      else if (!watched && model.isAlive(phase)) order(closed, { order: 'close', code: null, reason: '' })
      const at = tabs.value.indexOf(closed)
      const left = tabs.value.filter((one) => one !== closed)
      tabs.value = left.length === 0 ? [newTab({ url: page.value.demo?.echo ?? '' })] : left
      if (shown.value === closed.key) show(tabs.value[Math.min(at, tabs.value.length - 1)] ?? first())
    },
    reach() {
      link?.end()
      agent.value = 'connecting'
      link = openAgentLink(agentAddress(location), {
        ready: () => (agent.value = 'ready'),
        news: hear,
        lost: (opened) => {
          agent.value = opened ? 'lost' : 'unreachable'
          for (const { connection } of tabs.value) connection.value = model.agentLost(connection.value)
        },
      })
    },
    connect: () => attempt(orderFrom),
    breakRule: (request) => attempt((form, id) => breakOrderFrom(form, request, id)),
    cancel: () => order(tab.value, { order: 'cancel' }),
    send: (payload) => order(tab.value, { order: 'send', ...payload }),
    repeat: (payload, everyMs) => repeater.start(tab.value, payload, everyMs),
    stopRepeating: () => repeater.stop(tab.value),
    ping: (data) => order(tab.value, { order: 'ping', data }),
    runSteps() {
      const { connection, script } = tab.value
      order(tab.value, { order: 'run-steps', lines: script })
      connection.value = model.beginSteps(connection.value)
    },
    stopSteps: () => order(tab.value, { order: 'stop-steps' }),
    close(code, reason) {
      const { connection } = tab.value
      order(tab.value, { order: 'close', code, reason })
      connection.value = model.beginClosing(connection.value)
    },
    terminate: () => order(tab.value, { order: 'terminate' }),
    dismiss() {
      const { connection } = tab.value
      connection.value = model.dismissTrouble(connection.value)
      page.value = { ...page.value, trouble: null }
    },
  }
}
