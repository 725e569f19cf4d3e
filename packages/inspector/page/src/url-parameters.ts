/**
 * The path and the query of a URL as rows that can be edited. The URL is all there is: rows are read from it and written
 * back to it, and what was not touched stays as it was typed. What is no URL yet is read all the same.
 */

/** A row as it is shown: decoded. */
export interface Parameter {
  readonly name: string
  readonly value: string
}

interface UrlParts {
  /** Up to the path: `wss://host:port`. */
  readonly start: string
  readonly segments: readonly string[]
  /** Undefined: there is no question mark. */
  readonly pairs: readonly string[] | undefined
  /** `#` and what follows. */
  readonly fragment: string
}

/** The pieces of the path between its slashes. A path of a slash alone has none. */
export function pathSegments(url: string): readonly string[] {
  return split(url).segments.map(decode)
}

/** The same URL with another piece of its path. */
export function withSegment(url: string, index: number, value: string): string {
  const parts = split(url)
  return join({ ...parts, segments: parts.segments.with(index, encode(value)) })
}

/** The query's parameters. A plus stands for a blank, as in forms. */
export function queryParameters(url: string): readonly Parameter[] {
  return (split(url).pairs ?? []).map(readPair)
}

/** The same URL with one row changed, by name, by value, or both; a row beyond the last is a new one. */
export function withQueryRow(url: string, index: number, change: Partial<Parameter>): string {
  const parts = split(url)
  const pairs = [...(parts.pairs ?? [])]
  const raw = pairs[index] ?? ''
  const equals = raw.indexOf('=')
  const name = change.name === undefined ? raw.slice(0, equals === -1 ? raw.length : equals) : encode(change.name)
  const value = change.value === undefined ? raw.slice(equals === -1 ? raw.length : equals + 1) : encode(change.value)
  pairs[index] = value === '' && equals === -1 && change.value === undefined ? name : `${name}=${value}`
  return join({ ...parts, pairs })
}

export function withoutQueryRow(url: string, index: number): string {
  const parts = split(url)
  const pairs = (parts.pairs ?? []).toSpliced(index, 1)
  return join({ ...parts, pairs: pairs.length === 0 ? undefined : pairs })
}

/** The same URL with one parameter more. */
export function withParameter(url: string, name: string, value: string): string {
  return withQueryRow(url, queryParameters(url).length, { name, value })
}

function split(url: string): UrlParts {
  const [, beforeFragment = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(url) ?? []
  const [, beforeQuery = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(beforeFragment) ?? []
  const [, start = '', path = ''] = /^((?:[a-z][a-z\d+.-]*:)?(?:\/\/[^/]*)?)(.*)$/is.exec(beforeQuery) ?? []
  const segments = path === '' || path === '/' ? [] : path.replace(/^\//, '').split('/')
  return { start, segments, pairs: query === undefined ? undefined : query === '' ? [] : query.split('&'), fragment }
}

function join({ start, segments, pairs, fragment }: UrlParts): string {
  const query = pairs === undefined ? '' : `?${pairs.join('&')}`
  const path = segments.map((segment) => `/${segment}`).join('')
  // A query without a path needs one no more than the URL itself did; one is written for clarity.
  return `${start}${path === '' && (query !== '' || start !== '') ? '/' : path}${query}${fragment}`
}

function readPair(pair: string): Parameter {
  const equals = pair.indexOf('=')
  const name = equals === -1 ? pair : pair.slice(0, equals)
  const value = equals === -1 ? '' : pair.slice(equals + 1)
  return { name: decode(name.replaceAll('+', ' ')), value: decode(value.replaceAll('+', ' ')) }
}

/** What is no valid encoding is shown as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Variables of saved requests (`{{name}}`) are filled in later, and stay. */
function encode(text: string): string {
  return text
    .split(/(\{\{[^{}]*\}\})/)
    .map((piece, index) => (index % 2 === 1 ? piece : encodeURIComponent(wellFormed(piece))))
    .join('')
}

/** Half of a surrogate pair, as it is there for a moment while one types, cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
}
