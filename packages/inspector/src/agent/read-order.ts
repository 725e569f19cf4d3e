import type { PageOrder } from './agent-message.ts'
import { isCompression, isLeftOutOr, isParts, isString, readRoute } from './read-settings.ts'
import type { Parts } from './read-settings.ts'

/** An order that was read, or why it could not be. `id` is empty when there was none to read. */
export type OrderReading =
  | { readonly ok: true; readonly order: PageOrder }
  | { readonly ok: false; readonly id: string }

// Far beyond what a person types, far below what would be a burden.
const bounds = {
  id: 100,
  url: 65_536,
  fields: 200,
  subprotocols: 100,
  redirects: 100,
  request: 1024 * 1024,
  lines: 10_000,
}

/** Reads an order of the page. Every member is looked at: the agent carries out nothing that it does not fully know. */
export function readOrder(data: string | Uint8Array): OrderReading {
  const value = typeof data === 'string' ? parse(data) : undefined
  if (!isParts(value)) return { ok: false, id: '' }
  const { id } = value
  if (!isString(id) || id === '' || id.length > bounds.id) return { ok: false, id: '' }
  const order = orderFrom(value, id)
  return order === undefined ? { ok: false, id } : { ok: true, order }
}

function orderFrom(parts: Parts, id: string): PageOrder | undefined {
  const { order } = parts
  switch (order) {
    case 'connect':
      return connectFrom(parts, id)
    case 'break': {
      const { url, request } = parts
      const route = readRoute(parts)
      if (route === undefined || !isString(url) || url.length > bounds.url) return undefined
      return isString(request) && request.length <= bounds.request ? { order, id, url, request, ...route } : undefined
    }
    case 'cancel':
    case 'terminate':
    case 'stop-steps':
      return { order, id }
    case 'run-steps': {
      const { lines } = parts
      return isList(lines, isString) && lines.length <= bounds.lines ? { order, id, lines } : undefined
    }
    case 'send': {
      const { kind, data } = parts
      return (kind === 'text' || kind === 'binary') && isString(data) ? { order, id, kind, data } : undefined
    }
    case 'ping': {
      const { data } = parts
      return isString(data) ? { order, id, data } : undefined
    }
    case 'close': {
      const { code, reason } = parts
      const isCode = code === null || (typeof code === 'number' && Number.isInteger(code))
      return isCode && isString(reason) ? { order, id, code, reason } : undefined
    }
    default:
      return undefined
  }
}

function connectFrom(parts: Parts, id: string): PageOrder | undefined {
  const { url, fields, subprotocols, origin, compression, redirects } = parts
  if (!isString(url) || url.length > bounds.url || !isString(origin)) return undefined
  if (!isList(fields, isPair) || fields.length > bounds.fields) return undefined
  if (!isList(subprotocols, isString) || subprotocols.length > bounds.subprotocols) return undefined
  if (!isLeftOutOr(compression, isCompression) || !isLeftOutOr(redirects, isRedirects)) return undefined
  const route = readRoute(parts)
  if (route === undefined) return undefined
  return { order: 'connect', id, url, fields, subprotocols, origin, compression, redirects, ...route }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRedirects(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= bounds.redirects
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isString)
}

function isList<Element>(value: unknown, isElement: (element: unknown) => element is Element): value is Element[] {
  return Array.isArray(value) && value.every((element) => isElement(element))
}
