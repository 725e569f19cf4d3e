import { reactive, ref, shallowRef } from 'vue'
import type { Ref, ShallowRef } from 'vue'
import { noBreaks } from './break-progress.ts'
import type { BreakProgress } from './break-progress.ts'
import { emptyForm } from './connect-form.ts'
import type { ConnectForm } from './connect-form.ts'
import { noConnection } from './connection-model.ts'
import type { ConnectionView } from './connection-model.ts'
import { emptyDraft } from './message-draft.ts'
import type { MessageDraft } from './message-draft.ts'
import { noFilter } from './message-filter.ts'
import type { MessageFilter } from './message-filter.ts'
import type { Payload } from './payload.ts'

/** A message that is sent again and again. */
export interface Repetition {
  readonly payload: Payload
  readonly everyMs: number
  readonly sent: number
}

/** What can be unfolded below a form. */
export type Fold = 'settings' | 'break'

/** One tab of the page: a form, and the connection that was last made with it. */
export interface Tab {
  /** Unlike any other tab's, for as long as the page lives. */
  readonly key: string
  readonly form: ConnectForm
  /** What is unfolded below the form. */
  readonly unfolded: Ref<Fold | undefined>
  readonly breaking: BreakProgress
  readonly connection: ShallowRef<ConnectionView>
  readonly repetition: ShallowRef<Repetition | null>
  readonly draft: MessageDraft
  readonly filter: ShallowRef<MessageFilter>
  /** What the saved request says once it is open, line by line. */
  readonly script: readonly string[]
}

/** Tabs that may be there at a time: each of them may hold a hundred thousand messages. */
export const mostTabs = 32

let made = 0

export function newTab(
  form: Partial<ConnectForm> = {},
  connection: ConnectionView = noConnection,
  script: readonly string[] = [],
): Tab {
  made += 1
  return {
    key: `tab-${made}`,
    form: reactive({ ...emptyForm(), ...form }),
    unfolded: ref(),
    breaking: reactive(noBreaks()),
    connection: shallowRef(connection),
    repetition: shallowRef(null),
    draft: reactive(emptyDraft()),
    filter: shallowRef(noFilter),
    script,
  }
}

/** What a tab is called: what tells it from its neighbours first. */
export function tabName({ form, connection }: Tab): string {
  const url = (connection.value.url === '' ? form.url : connection.value.url).trim()
  const match = /^\w+:\/\/([^/?#]*)([^?#]*)/.exec(url)
  if (match === null) return url
  const [, authority = '', path = ''] = match
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return path === '' || path === '/' ? host : `${host}${path}`
}
