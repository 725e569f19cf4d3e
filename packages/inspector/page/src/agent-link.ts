import type { AgentNews, PageOrder } from '../../src/agent/agent-message.ts'
import { beforeDrawing } from './before-drawing.ts'

/** The WebSocket between this page and its local agent. */
export interface AgentLink {
  /** False when the link is not open: the order went nowhere. */
  readonly tell: (order: PageOrder) => boolean
  /** Bytes of orders that have not left yet. */
  readonly waiting: () => number
  readonly end: () => void
}

/** What the page wants to know of the link. */
export interface AgentListener {
  readonly ready: () => void
  /** News in the order they came, gathered until the next drawing: a flood costs one of them, not thousands. */
  readonly news: (batch: readonly AgentNews[]) => void
  /** Called once; no call follows it. `opened` tells a link that was lost from one that never came to be. */
  readonly lost: (opened: boolean) => void
}

/** The agent's address: the page's own host, with the token the page was opened with. */
export function agentAddress(page: { readonly href: string }): string {
  const here = new URL(page.href)
  const address = new URL('/agent', here)
  address.protocol = here.protocol === 'https:' ? 'wss:' : 'ws:'
  address.searchParams.set('token', here.searchParams.get('token') ?? '')
  return address.href
}

/** Reads one message of the agent; undefined for what is no news. */
export function readNews(data: unknown): AgentNews | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(data)
    const isNews = typeof value === 'object' && value !== null && 'news' in value && typeof value.news === 'string'
    // Page and agent come from one package; the tag is the part worth checking.
    return isNews ? (value as AgentNews) : undefined
  } catch {
    return undefined
  }
}

/** Opens the link and tells the listener what comes over it. */
export function openAgentLink(address: string, listener: AgentListener): AgentLink {
  const socket = new WebSocket(address)
  let gathered: AgentNews[] = []
  let opened = false
  let over = false

  const deliver = (): void => {
    if (gathered.length === 0) return
    const batch = gathered
    gathered = []
    listener.news(batch)
  }
  const finish = (): void => {
    if (over) return
    deliver()
    over = true
    listener.lost(opened)
  }

  socket.addEventListener('open', () => {
    opened = true
    listener.ready()
  })
  socket.addEventListener('message', (event) => {
    const news = readNews(event.data)
    if (over || news === undefined) return
    if (gathered.length === 0) beforeDrawing(deliver)
    gathered.push(news)
  })
  // A WebSocket always closes after an error, so `close` alone tells the end.
  socket.addEventListener('close', finish)

  return {
    tell(order) {
      if (socket.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(order))
      return true
    },
    waiting: () => socket.bufferedAmount,
    end() {
      over = true
      socket.close()
    },
  }
}
