import { rules } from '../protocol/handshake/rule-table.ts'
import { shownValue } from '../protocol/shown-value.ts'
import { compressionShape } from '../socket/deflate/compression-options.ts'
import {
  abortSignal,
  callback,
  flag,
  isRecord,
  number,
  optionFault,
  type OptionShape,
  type OptionShapes,
  record,
  text,
  texts,
} from '../socket/option-shapes.ts'
import { longestDelay } from '../transport/clock.ts'
import type { ConnectingPolicy } from './connecting-queue.ts'
import type { ConnectOptions } from './connect-options.ts'
import type { ProxyOptions } from './proxy/proxy-server.ts'

const url: OptionShape = { named: 'a string or a URL', fits: isUrl }

const headers: OptionShape = { named: 'an object of strings, or pairs of strings', fits: areHeaders }

const proxyShapes: Omit<OptionShapes<ProxyOptions>, 'tls'> & { readonly tls: OptionShape } = {
  url,
  username: text,
  password: text,
  headers,
  tls: record,
}

const connectingShapes: OptionShapes<ConnectingPolicy> = {
  onePerAddress: flag,
  atMost: { named: 'a number above zero', fits: (value) => typeof value === 'number' && value > 0 },
}

const shapes: OptionShapes<ConnectOptions> = {
  headers,
  subprotocols: texts,
  origin: text,
  signal: abortSignal,
  handshakeTimeout: {
    named: `a number of milliseconds from 1 to ${longestDelay}`,
    fits: (value) => typeof value === 'number' && value > 0 && value <= longestDelay,
  },
  tls: record,
  proxy: {
    named: 'a URL, an object with one, or false',
    fits: (value) => value === false || isUrl(value) || isProxy(value),
  },
  socketPath: {
    named: 'a path',
    fits: (value) => typeof value === 'string' && value !== '' && !value.includes('\0', 1),
  },
  redirects: { named: 'a number, 0 or more', fits: (value) => typeof value === 'number' && value >= 0 },
  connecting: {
    named: 'an object with onePerAddress and atMost',
    fits: (value) => isRecord(value) && optionFault<ConnectingPolicy>(value, connectingShapes) === undefined,
  },
  explainSilence: flag,
  streamFrom: number,
  outgoing: record,
  compression: compressionShape,
  limits: record,
  relaxed: texts,
  requireSubprotocol: flag,
  traceparent: text,
  tracestate: text,
  observe: callback,
  wire: {
    named: 'an object with a method `bytes`',
    fits: (value) => isRecord(value) && callback.fits(value['bytes']),
  },
}

/** What is wrong with a call of `connect`, as far as the types of its arguments tell; undefined when nothing is. */
export function callFault(given: unknown, options: ConnectOptions): string | undefined {
  if (!isUrl(given)) return `The URL must be a string or a URL, not ${shownValue(given)}.`
  return optionFault(options, shapes) ?? unknownRule(options.relaxed ?? [])
}

/** What of options that cannot be used as they are is used all the same: whoever wants to be told of it. */
export function harmless(options: ConnectOptions | null): ConnectOptions {
  const observe = options?.observe
  return typeof observe === 'function' ? { observe } : {}
}

/** The URL as text; none for what is no URL. */
export function urlText(given: unknown): string {
  return isUrl(given) ? String(given) : ''
}

function unknownRule(relaxed: Iterable<string>): string | undefined {
  const unknown = [...relaxed].find((id) => !rules.some((rule) => rule.id === id))
  return unknown === undefined ? undefined : `There is no rule ${JSON.stringify(unknown)} to relax.`
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' || value instanceof URL
}

function isProxy(value: unknown): boolean {
  return isRecord(value) && isUrl(value['url']) && optionFault(value, proxyShapes) === undefined
}

function areHeaders(value: unknown): boolean {
  if (!isRecord(value)) return false
  if (Symbol.iterator in value) return typeof value[Symbol.iterator] === 'function' && arePairs(value)
  return Object.values(value).every((each) => typeof each === 'string' || isTextArray(each))
}

function arePairs(value: object): boolean {
  try {
    return [...(value as unknown as Iterable<unknown>)].every((pair) => isTextArray(pair) && pair.length === 2)
  } catch {
    return false
  }
}

function isTextArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
