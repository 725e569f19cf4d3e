import type { Text } from '../../protocol/text.ts'
import { ServerInputError } from '../server-errors.ts'

/** What each built-in kind gives. */
interface KindOutputs {
  /** Any text. */
  string: string
  /** A decimal number, such as `-1.5` or `2e3`. */
  number: number
  /** A whole number that a double holds exactly. */
  integer: number
  /** `true` or `1`, `false` or `0`. */
  boolean: boolean
  /** A UUID of any version (RFC 9562 §4), as sent. */
  uuid: string
}

/** A built-in kind of parameter. */
export type Kind = keyof KindOutputs

/**
 * A kind as a declaration writes it: `'integer'` has to be there, once; `'integer?'` may be absent, which gives
 * undefined; `'integer=1'` has a default; `'integer[]'` may be there any number of times, which gives an array.
 */
export type KindNotation = Kind | `${Kind}?` | `${Kind}[]` | `${Kind}=${string}`

/** What a kind gives, by its notation. */
export type KindOutput<Notation> = Notation extends Kind
  ? KindOutputs[Notation]
  : Notation extends `${infer Name extends Kind}?`
    ? KindOutputs[Name] | undefined
    : Notation extends `${infer Name extends Kind}[]`
      ? readonly KindOutputs[Name][]
      : Notation extends `${infer Name extends Kind}=${string}`
        ? KindOutputs[Name]
        : never

/** A parameter's value, or what is wrong with it. */
type KindReading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Text }

/** Reads all values of one parameter, in the order they came. */
export type KindReader = (values: readonly string[]) => KindReading

interface KindRow {
  /** Undefined when the text is none of this kind. */
  readonly parse: (text: string) => unknown
  readonly problem: Text
}

const kinds: ReadonlyMap<string, KindRow> = new Map<Kind, KindRow>([
  ['string', { parse: (text) => text, problem: { en: 'it has to be text', zh: '必须是文本' } }],
  ['number', { parse: parseNumber, problem: { en: 'it has to be a number', zh: '必须是数字' } }],
  ['integer', { parse: parseInteger, problem: { en: 'it has to be a whole number', zh: '必须是整数' } }],
  ['boolean', { parse: parseBoolean, problem: { en: 'it has to be true or false', zh: '必须是 true 或 false' } }],
  ['uuid', { parse: parseUuid, problem: { en: 'it has to be a UUID', zh: '必须是 UUID' } }],
])

const missing: Text = { en: 'it is missing', zh: '缺少这个参数' }
const repeated: Text = { en: 'it is there more than once', zh: '出现了不止一次' }

/** @throws ServerInputError (`PARAMETER`) for what is no notation of a kind, or has a default of another kind. */
export function kindReader(name: string, notation: string): KindReader {
  const [, kindName = '', suffix = '', fallbackText = ''] = /^([a-z]+)(\?|\[\]|=|)([^]*)$/.exec(notation) ?? []
  const kind = kinds.get(kindName)
  if (!kind || (fallbackText !== '' && suffix !== '=')) throw unknownKind(name, notation)
  if (suffix === '[]') return (values) => readAll(kind, values)
  const fallback = suffix === '=' ? kind.parse(fallbackText) : undefined
  if (suffix === '=' && fallback === undefined) {
    throw new ServerInputError(
      'PARAMETER',
      `The default of the parameter ${JSON.stringify(name)}, ${JSON.stringify(fallbackText)}, is no ${kindName}.`,
    )
  }
  return (values) => {
    const [value, second] = values
    if (value === undefined) return suffix === '' ? { ok: false, problem: missing } : { ok: true, value: fallback }
    // Which of them counts is read differently by a proxy, a framework and us: that is how checks are evaded.
    return second === undefined ? readOne(kind, value) : { ok: false, problem: repeated }
  }
}

function readOne({ parse, problem }: KindRow, text: string): KindReading {
  const value = parse(text)
  return value === undefined ? { ok: false, problem } : { ok: true, value }
}

function readAll(kind: KindRow, texts: readonly string[]): KindReading {
  const values: unknown[] = []
  for (const text of texts) {
    const reading = readOne(kind, text)
    if (!reading.ok) return reading
    values.push(reading.value)
  }
  return { ok: true, value: values }
}

function unknownKind(name: string, notation: string): ServerInputError {
  return new ServerInputError(
    'PARAMETER',
    `${JSON.stringify(notation)}, of the parameter ${JSON.stringify(name)}, is no kind: write one of ` +
      `${[...kinds.keys()].join(', ')}; with "?" behind it when it may be absent, "[]" when it may come several ` +
      'times, "=…" for a default. Or pass a Standard Schema, such as one of Zod or Valibot.',
  )
}

function parseNumber(text: string): number | undefined {
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

function parseInteger(text: string): number | undefined {
  const value = /^-?\d+$/.test(text) ? Number(text) : undefined
  return Number.isSafeInteger(value) ? value : undefined
}

function parseBoolean(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : undefined
}

function parseUuid(text: string): string | undefined {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? text : undefined
}
