import { trimBlanks } from './grammar.ts'
import type { Field } from './head.ts'

/*
 * Fields are found by walking the lines: a head has few, and an object keyed by what a peer sends would have to survive
 * `__proto__` and `constructor`. Names compare without case (RFC 9110 §5.1).
 */

const none: readonly string[] = Object.freeze<string[]>([])

/** The values of every field line of that name, in the order they came; empty when there is none. */
export function fieldValues(fields: readonly Field[], name: string): readonly string[] {
  const wanted = name.toLowerCase()
  // Most lookups of a handshake find one value or none: neither is worth an array that has room to grow.
  let values: string[] | undefined
  for (const field of fields) {
    if (field.name.length !== wanted.length || field.name.toLowerCase() !== wanted) continue
    if (values === undefined) values = [field.value]
    else values.push(field.value)
  }
  return values ?? none
}

/**
 * The elements of a list field, all its lines read as one list (RFC 9110 §5.3), blanks around them removed. Empty
 * elements are kept as `''`, so that whoever judges can tell of stray commas. Empty when the field is not there.
 *
 * Commas inside quoted strings separate too: this is for lists of tokens (`Connection`, `Upgrade`).
 */
export function listElements(fields: readonly Field[], name: string): string[] {
  return splitList(fieldValues(fields, name))
}

/** The elements of the lines of one list field, as `listElements` gives them. */
export function splitList(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(',').map(trimBlanks))
}
