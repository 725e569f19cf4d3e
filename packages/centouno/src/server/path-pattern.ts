import { bareObject } from './parameters/bare-object.ts'
import { ServerInputError } from './server-errors.ts'

/** The names of a pattern's parameters: `'/rooms/:room/*'` has `'room' | '*'`. */
type ParameterName<Pattern extends string> = Pattern extends `${infer First}/${infer Rest}`
  ? ParameterName<First> | ParameterName<Rest>
  : Pattern extends `:${infer Name}`
    ? Name
    : Pattern extends '*'
      ? '*'
      : never

/** The parameters a pattern captures, each a decoded string. */
export type PathParams<Pattern extends string> = string extends Pattern
  ? Readonly<Record<string, string>>
  : { readonly [Name in ParameterName<Pattern>]: string }

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'rest' }

/** One for all requests whose pattern captures nothing: sockets keep it. */
const noParams: Record<string, string> = Object.freeze(bareObject<string>())

/** The name under which `*` captures. */
const restName = '*'

/**
 * A path with holes: `/rooms/:room` takes one non-empty segment, a last `*` takes all that is left (which may be empty),
 * and the pattern `*` alone takes every path. Segments are compared decoded, so `/caf%C3%A9` serves `/café`; case and a
 * trailing slash count.
 */
export class PathPattern {
  readonly text: string
  readonly #segments: readonly Segment[]
  readonly #captures: boolean

  /** @throws ServerInputError (`PATH_PATTERN`) when the text is no pattern. */
  constructor(text: string) {
    this.text = text
    this.#segments = readPattern(text)
    this.#captures = this.names.length > 0
  }

  /** The names it captures, in their order. */
  get names(): string[] {
    return this.#segments.flatMap((segment) =>
      segment.kind === 'literal' ? [] : segment.kind === 'rest' ? [restName] : [segment.name],
    )
  }

  /** The parameters when the path fits, undefined when not. `path` is percent-encoded, as it stands in a request. */
  match(path: string): Readonly<Record<string, string>> | undefined {
    // Names come from the pattern's author, but `__proto__` would be a surprise even so.
    const params: Record<string, string> = this.#captures ? bareObject() : noParams
    const parts = path.split('/')
    for (const [index, segment] of this.#segments.entries()) {
      if (segment.kind === 'rest') {
        const rest = parts.length <= index ? undefined : decode(parts.slice(index).join('/'))
        if (rest === undefined) return undefined
        params[restName] = rest
        return params
      }
      const part = parts[index]
      const decoded = part === undefined ? undefined : decode(part)
      if (decoded === undefined) return undefined
      if (segment.kind === 'literal' ? decoded !== segment.text : decoded === '') return undefined
      if (segment.kind === 'parameter') params[segment.name] = decoded
    }
    return parts.length === this.#segments.length ? params : undefined
  }
}

function readPattern(text: string): Segment[] {
  if (text === restName) return [{ kind: 'rest' }]
  if (!text.startsWith('/')) throw wrong(text, 'it must begin with "/"')
  const names = new Set<string>()
  const parts = text.split('/')
  return parts.map((part, index): Segment => {
    if (part === restName) {
      if (index !== parts.length - 1) throw wrong(text, '"*" may only be its last segment')
      return { kind: 'rest' }
    }
    if (part.startsWith(':')) {
      const name = part.slice(1)
      if (name === '') throw wrong(text, 'a ":" needs a name after it')
      if (names.has(name)) throw wrong(text, `the name "${name}" stands in it twice`)
      names.add(name)
      return { kind: 'parameter', name }
    }
    const literal = decode(part)
    if (literal === undefined) throw wrong(text, `"${part}" is not valid percent-encoding`)
    if (/[?#]/.test(literal)) throw wrong(text, 'a query or a fragment is not part of a path')
    return { kind: 'literal', text: literal }
  })
}

function wrong(text: string, why: string): ServerInputError {
  return new ServerInputError(
    'PATH_PATTERN',
    `${JSON.stringify(text)} is no path pattern: ${why}. Write something like "/rooms/:room", "/files/*" or "*".`,
  )
}

/** Undefined when the text is not valid percent-encoded UTF-8: such a path fits nothing. */
function decode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
