/*
 * Reads values of a file that anybody may have written: each reader gives what it promises, built anew, or throws where
 * the value stands and what it should have been. Members that are not asked for count for nothing.
 */

/** @param path where the value stands: `connections[0].report.url` */
export type ShapeReader<Value> = (value: unknown, path: string) => Value

/** A value that is not what it should be. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly path: string
  /** What it should be. */
  readonly expected: string

  constructor(path: string, expected: string) {
    super(`${path} should be ${expected}`)
    this.path = path
    this.expected = expected
  }
}

type Members = Readonly<Record<string, unknown>>

export function object(value: unknown, path: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  throw new ShapeError(path, 'an object')
}

/** Reads a member of an object. One that only the prototype has is not there. */
export function member<Value>(members: Members, name: string, path: string, read: ShapeReader<Value>): Value {
  return read(Object.hasOwn(members, name) ? members[name] : undefined, `${path}.${name}`)
}

export function text(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  throw new ShapeError(path, 'a text')
}

export function flag(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value
  throw new ShapeError(path, 'true or false')
}

/** A number as JSON has it: finite. */
export function number(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new ShapeError(path, 'a number')
}

export function count(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new ShapeError(path, 'a whole number')
}

export function oneOf<const Value extends string | number>(...allowed: readonly Value[]): ShapeReader<Value> {
  return (value, path) => {
    const found = allowed.find((each) => each === value)
    if (found === undefined) throw new ShapeError(path, allowed.map((each) => JSON.stringify(each)).join(' or '))
    return found
  }
}

export function nullable<Value>(read: ShapeReader<Value>): ShapeReader<Value | null> {
  return (value, path) => (value === null ? null : read(value, path))
}

export function optional<Value>(read: ShapeReader<Value>): ShapeReader<Value | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : read(value, path))
}

export function list<Value>(read: ShapeReader<Value>, most: number = 1_000_000): ShapeReader<Value[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, 'a list')
    if (value.length > most) throw new ShapeError(path, `a list of at most ${most}`)
    return value.map((each: unknown, index) => read(each, `${path}[${index}]`))
  }
}

/** Base64 with its padding (RFC 4648 §4). */
export function base64(value: unknown, path: string): string {
  const told = text(value, path)
  if (told.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(told)) return told
  throw new ShapeError(path, 'base64')
}

/** The member under its name; nothing when it is undefined. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]?: Value })
}
