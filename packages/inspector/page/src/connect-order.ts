import type { ConnectOrder } from '../../src/agent/agent-message.ts'

/** The form as the user filled it. */
export interface ConnectForm {
  url: string
  /** Names with commas or blanks between them. */
  subprotocols: string
  origin: string
  fields: { name: string; value: string }[]
  skipVerification: boolean
}

/** An empty form. */
export function emptyForm(): ConnectForm {
  return { url: '', subprotocols: '', origin: '', fields: [], skipVerification: false }
}

/**
 * The order the form makes. Nothing is corrected that the agent can judge better: a bad name or address is sent as it
 * is, and what is wrong with it is told. Rows without a name are no fields.
 */
export function orderFrom(form: ConnectForm, id: string): ConnectOrder {
  return {
    order: 'connect',
    id,
    url: form.url.trim(),
    fields: form.fields.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value.trim()]),
    subprotocols: form.subprotocols.split(/[\s,]+/).filter((name) => name !== ''),
    origin: form.origin.trim(),
    skipVerification: form.skipVerification,
  }
}

/** How many of the further settings are in use, so that a folded form does not hide them. */
export function settingsInUse(form: ConnectForm): number {
  const order = orderFrom(form, '')
  const single = [order.subprotocols.length > 0, order.origin !== '', order.skipVerification]
  return order.fields.length + single.filter(Boolean).length
}

/** The code of a Close as typed: null when none is to be sent. Whether it may be sent is for the agent to judge. */
export function closeCode(text: string): { readonly ok: true; readonly code: number | null } | { readonly ok: false } {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, code: null }
  return /^\d{1,5}$/.test(trimmed) ? { ok: true, code: Number(trimmed) } : { ok: false }
}
