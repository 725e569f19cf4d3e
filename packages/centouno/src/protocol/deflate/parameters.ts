import { deflateFault, deflateName } from '../handshake/deflate-answer.ts'
import type { ExtensionOffer, ExtensionParameter } from '../handshake/extension-list.ts'

/** What both sides have agreed on for `permessage-deflate` (RFC 7692 §7.1). */
export interface DeflateParameters {
  /** The server may compress a message with the help of those before it. */
  readonly serverTakeover: boolean
  /** The client may. */
  readonly clientTakeover: boolean
  /** The base-2 logarithm of the largest window the server uses, 8 to 15. */
  readonly serverWindowBits: number
  readonly clientWindowBits: number
}

/** What a client asks for in one offer. */
export interface DeflateRequest {
  /** The server must not use takeover (§7.1.1.1). */
  readonly serverNoTakeover: boolean
  /** The client will not use takeover, whatever the answer (§7.1.1.2). */
  readonly clientNoTakeover: boolean
  /** The server must keep its window to so much (§7.1.2.1); undefined: it may have the largest. */
  readonly serverWindowBits: number | undefined
  /** What the client's window will be kept to, if it can be limited; undefined: it cannot, and the answer must not try (§7.1.2.2). */
  readonly clientWindowBits: number | undefined
}

/** The bounds of a window in RFC 7692 §7.1.2. */
export const leastWindowBits = 8
export const mostWindowBits = 15

/**
 * Reads an offer strictly; undefined when it has to be declined (§7): an unknown parameter, a value that its definition
 * does not allow, a parameter that comes twice.
 */
export function readDeflateRequest(offer: ExtensionOffer): DeflateRequest | undefined {
  if (offer.name !== deflateName) return undefined
  const { parameters } = offer
  // In an offer `client_max_window_bits` may stand alone, and nothing else is different from an answer.
  const bare = parameters.find(isBareClientWindow)
  const rest = parameters.filter((parameter) => parameter !== bare)
  if (deflateFault({ name: deflateName, parameters: rest }) !== undefined) return undefined
  if (bare !== undefined && rest.some(({ name }) => name === bare.name)) return undefined
  return {
    serverNoTakeover: has(rest, 'server_no_context_takeover'),
    clientNoTakeover: has(rest, 'client_no_context_takeover'),
    serverWindowBits: windowOf(rest, 'server_max_window_bits'),
    clientWindowBits: bare === undefined ? windowOf(rest, 'client_max_window_bits') : mostWindowBits,
  }
}

/** What an answer that was judged to be in order (H-RES-08) agrees to. */
export function agreedBy({ parameters }: ExtensionOffer): DeflateParameters {
  return {
    serverTakeover: !has(parameters, 'server_no_context_takeover'),
    clientTakeover: !has(parameters, 'client_no_context_takeover'),
    serverWindowBits: windowOf(parameters, 'server_max_window_bits') ?? mostWindowBits,
    clientWindowBits: windowOf(parameters, 'client_max_window_bits') ?? mostWindowBits,
  }
}

function isBareClientWindow({ name, value }: ExtensionParameter): boolean {
  return name === 'client_max_window_bits' && value === undefined
}

function has(parameters: readonly ExtensionParameter[], name: string): boolean {
  return parameters.some((parameter) => parameter.name === name)
}

function windowOf(parameters: readonly ExtensionParameter[], name: string): number | undefined {
  const found = parameters.find((parameter) => parameter.name === name)
  return found === undefined ? undefined : Number(found.value)
}
