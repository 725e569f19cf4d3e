import type { BreakOrder, ConnectOrder } from '../../src/agent/agent-message.ts'
import type { RouteSettings } from '../../src/agent/route-settings.ts'
import type { ConnectForm, TypedPair } from './connect-form.ts'
import { withParameter } from './url-parameters.ts'

/**
 * The order the form makes. Nothing is corrected that the agent can judge better: a bad name or address is sent as it
 * is, and what is wrong with it is told. Rows without a name are nothing.
 */
export function orderFrom(form: ConnectForm, id: string): ConnectOrder {
  const { bearer, compression } = form
  const token = bearer.token.trim()
  const url = form.url.trim()
  const inPlace = (place: ConnectForm['bearer']['place']): boolean => token !== '' && bearer.place === place
  return {
    order: 'connect',
    id,
    url: inPlace('query') ? withParameter(url, bearer.query.trim(), token) : url,
    fields: fieldsFrom(form, inPlace('authorization') ? token : '', inPlace('cookie') ? token : ''),
    subprotocols: [
      ...form.subprotocols.split(/[\s,]+/).filter((name) => name !== ''),
      ...(inPlace('subprotocol') ? [bearer.subprotocol.trim() + token] : []),
    ],
    origin: form.origin.trim(),
    compression: compression.offer
      ? {
          takeover: compression.takeover,
          peerTakeover: compression.peerTakeover,
          windowBits: compression.windowBits,
          peerWindowBits: compression.peerWindowBits,
        }
      : undefined,
    redirects: wholeNumber(form.redirects),
    ...routeFrom(form),
  }
}

/** The order to send bytes as they are, by the way that the form describes. `request` is base64. */
export function breakOrderFrom(form: ConnectForm, request: string, id: string): BreakOrder {
  return { order: 'break', id, url: form.url.trim(), request, ...routeFrom(form) }
}

function routeFrom({ skipVerification, proxy, tls, timeout }: ConnectForm): RouteSettings {
  return {
    skipVerification,
    proxy: proxy.way === 'direct' ? false : proxy.way === 'proxy' ? leftOut(proxy.url) : undefined,
    ca: leftOut(tls.ca),
    cert: leftOut(tls.cert),
    key: leftOut(tls.key),
    minVersion: tls.minVersion === '' ? undefined : tls.minVersion,
    timeout: wholeNumber(timeout),
  }
}

/** Cookies travel in one field, whatever their number (RFC 6265 §5.4). */
function fieldsFrom(form: ConnectForm, token: string, tokenCookie: string): (readonly [string, string])[] {
  const fields = filled(form.fields)
  const cookies = filled(form.cookies)
  if (tokenCookie !== '') cookies.push([form.bearer.cookie.trim(), tokenCookie])
  if (cookies.length > 0) fields.push(['Cookie', cookies.map(([name, value]) => `${name}=${value}`).join('; ')])
  if (token !== '') fields.push(['Authorization', `Bearer ${token}`])
  return fields
}

function filled(pairs: readonly TypedPair[]): (readonly [string, string])[] {
  return pairs.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value.trim()] as const)
}

function leftOut(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim()
}

/** What is no whole number is as good as nothing: the field says so where it is typed. */
function wholeNumber(text: string): number | undefined {
  return isWholeNumber(text) && text.trim() !== '' ? Number(text) : undefined
}

/** True for nothing, too: it stands for the engine's own. */
export function isWholeNumber(text: string): boolean {
  return /^\s*\d{0,9}\s*$/.test(text)
}

/** How many settings of each kind are in use, so that what is folded does not hide them. */
export interface SettingCounts {
  readonly fields: number
  readonly cookies: number
  readonly token: number
  readonly subprotocols: number
  readonly tls: number
  readonly way: number
  readonly compression: number
}

export function settingCounts(form: ConnectForm): SettingCounts {
  const order = orderFrom(form, '')
  const token = form.bearer.token.trim() === '' ? 0 : 1
  return {
    fields: filled(form.fields).length + countSet(order.origin),
    cookies: filled(form.cookies).length,
    token,
    subprotocols: order.subprotocols.length - (form.bearer.place === 'subprotocol' ? token : 0),
    tls: countSet(order.skipVerification, order.ca, order.cert, order.key, order.minVersion),
    way: countSet(order.redirects, order.timeout) + (order.proxy === undefined ? 0 : 1),
    compression: order.compression === undefined ? 0 : 1,
  }
}

function countSet(...values: readonly unknown[]): number {
  return values.filter((value) => value !== undefined && value !== '' && value !== false).length
}

/** All of them together. */
export function settingsInUse(form: ConnectForm): number {
  return Object.values(settingCounts(form)).reduce((sum: number, count: number) => sum + count, 0)
}

/** The code of a Close as typed: null when none is to be sent. Whether it may be sent is for the agent to judge. */
export function closeCode(text: string): { readonly ok: true; readonly code: number | null } | { readonly ok: false } {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, code: null }
  return /^\d{1,5}$/.test(trimmed) ? { ok: true, code: Number(trimmed) } : { ok: false }
}
