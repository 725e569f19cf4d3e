import { isToken } from '../protocol/http/grammar.ts'
import { ServerInputError } from './server-errors.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/** One place to look for a bearer token. */
export type BearerSource =
  /** `Authorization: Bearer …` (RFC 6750 §2.1). Pages in browsers cannot set it. */
  | 'authorization'
  /** The cookie of this name. */
  | { readonly cookie: string }
  /** The query parameter of this name. Proxies write it into their logs: prefer tokens that work once. */
  | { readonly query: string }
  /**
   * The rest of the offered subprotocol that begins like this: `new WebSocket(url, ['chat.v1', 'bearer.' + token])`. Such
   * entries are not among `request.subprotocols`, and are never chosen.
   */
  | { readonly subprotocol: string }

/** Where an endpoint looks for the token of a request. */
export interface BearerDeclaration {
  /** The first place that has one counts. Default: `['authorization']`. */
  readonly from: readonly BearerSource[]
}

/** Looks for tokens as an endpoint declares it. */
export class BearerFinder {
  /** Names of query parameters, and beginnings of subprotocols, that carry a token. */
  readonly queryParameters: readonly string[]
  readonly subprotocolPrefixes: readonly string[]
  readonly #sources: readonly BearerSource[]

  /** @throws ServerInputError (`BEARER`) for a source that can carry no token. */
  constructor({ from }: BearerDeclaration = { from: ['authorization'] }) {
    for (const source of from) checkSource(source)
    this.#sources = from
    this.queryParameters = from.flatMap((source) => (isPlace(source, 'query') ? [source.query] : []))
    this.subprotocolPrefixes = from.flatMap((source) => (isPlace(source, 'subprotocol') ? [source.subprotocol] : []))
  }

  /** Whether an offered subprotocol is no subprotocol but a token. */
  carries(subprotocol: string): boolean {
    return this.subprotocolPrefixes.some((prefix) => subprotocol.startsWith(prefix))
  }

  /** @param offered Every entry of `Sec-WebSocket-Protocol`. */
  find(
    request: Pick<UpgradeRequest, 'header' | 'cookie' | 'searchParams'>,
    offered: readonly string[],
  ): string | undefined {
    for (const source of this.#sources) {
      const token = tokenIn(source, request, offered)
      if (token !== undefined && token !== '') return token
    }
    return undefined
  }
}

function tokenIn(
  source: BearerSource,
  request: Pick<UpgradeRequest, 'header' | 'cookie' | 'searchParams'>,
  offered: readonly string[],
): string | undefined {
  if (source === 'authorization') return credentials(request.header('authorization') ?? '')
  if ('cookie' in source) return request.cookie(source.cookie)
  if ('query' in source) {
    const [token, second] = request.searchParams.getAll(source.query)
    return second === undefined ? token : undefined
  }
  return offered.find((entry) => entry.startsWith(source.subprotocol))?.slice(source.subprotocol.length)
}

/**
 * The token of `Authorization`. Two lines of it, which arrive joined by a comma, are none.
 *
 *     credentials = "Bearer" 1*SP b64token
 *     b64token    = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
 */
function credentials(authorization: string): string | undefined {
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
}

function isPlace<Place extends 'cookie' | 'query' | 'subprotocol'>(
  source: BearerSource,
  place: Place,
): source is Extract<BearerSource, Readonly<Record<Place, string>>> {
  return typeof source === 'object' && place in source
}

function checkSource(source: BearerSource): void {
  if (source === 'authorization') return
  const [place = '', name = ''] = Object.entries(source)[0] ?? []
  const known = place === 'query' ? name !== '' : (place === 'cookie' || place === 'subprotocol') && isToken(name)
  if (known) return
  throw new ServerInputError(
    'BEARER',
    `${JSON.stringify(source)} is no place for a token. Use 'authorization', { cookie: 'name' }, { query: 'name' } or ` +
      "{ subprotocol: 'bearer.' }; names of cookies and beginnings of subprotocols are tokens, without blanks, commas or slashes.",
  )
}
