import { readonly, ref, shallowRef } from 'vue'
import type { DeepReadonly, Ref, ShallowRef } from 'vue'
import type { PageOrder } from '../../src/agent/agent-message.ts'
import { agentAddress, openAgentLink } from './agent-link.ts'
import type { AgentLink } from './agent-link.ts'
import { orderFrom } from './connect-order.ts'
import type { ConnectForm } from './connect-order.ts'
import * as model from './connection-model.ts'
import type { PageView } from './connection-model.ts'

/** `unreachable`: the link never came to be; `lost`: it was there and broke. */
export type AgentState = 'connecting' | 'ready' | 'unreachable' | 'lost'

/** What an order is about, the connection's id left for the session to fill in. */
type OrderPart = PageOrder extends infer Order ? (Order extends PageOrder ? Omit<Order, 'id'> : never) : never

/** The page's one conversation with its agent: what is known, and what can be asked. */
export interface Session {
  readonly page: Readonly<ShallowRef<PageView>>
  readonly agent: DeepReadonly<Ref<AgentState>>
  readonly connect: (form: ConnectForm) => void
  readonly cancel: () => void
  readonly send: (kind: 'text' | 'binary', data: string) => void
  readonly ping: () => void
  readonly close: (code: number | null, reason: string) => void
  readonly terminate: () => void
  readonly dismiss: () => void
  /** Opens the link to the agent; again, when it was lost. */
  readonly reach: () => void
}

/** Makes the session; `reach` starts it. */
export function startSession(): Session {
  const page = shallowRef(model.emptyPage)
  const agent = ref<AgentState>('connecting')
  let link: AgentLink | undefined
  let attempts = 0

  const order = (part: OrderPart): void => {
    // What an earlier order met with is no longer of interest.
    page.value = model.dismissTrouble(page.value)
    link?.tell({ ...part, id: page.value.connection.id } as PageOrder)
  }

  return {
    page,
    agent: readonly(agent),
    reach() {
      link?.end()
      agent.value = 'connecting'
      link = openAgentLink(agentAddress(location), {
        ready: () => (agent.value = 'ready'),
        news: (batch) => (page.value = model.applyAll(page.value, batch)),
        lost: (opened) => {
          agent.value = opened ? 'lost' : 'unreachable'
          page.value = model.agentLost(page.value)
        },
      })
    },
    connect(form) {
      if (agent.value !== 'ready' || model.isAlive(page.value.connection.phase)) return
      attempts += 1
      const connect = orderFrom(form, `page-${attempts}`)
      page.value = model.beginAttempt(page.value, connect.id, connect.url)
      link?.tell(connect)
    },
    cancel: () => order({ order: 'cancel' }),
    send: (kind, data) => order({ order: 'send', kind, data }),
    ping: () => order({ order: 'ping', data: '' }),
    close(code, reason) {
      order({ order: 'close', code, reason })
      page.value = model.beginClosing(page.value)
    },
    terminate: () => order({ order: 'terminate' }),
    dismiss: () => (page.value = model.dismissTrouble(page.value)),
  }
}
