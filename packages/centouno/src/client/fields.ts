import type { Field } from '../protocol/http/head.ts'
import type { FieldsInput } from './connect-options.ts'

/** Header fields as the caller gave them, in order. */
export function fieldsOf(input: FieldsInput): Field[] {
  if (isPairs(input)) return [...input].map(([name, value]) => ({ name, value }))
  return Object.entries(input).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((each) => ({ name, value: each })),
  )
}

function isPairs(input: FieldsInput): input is Iterable<readonly [string, string]> {
  return Symbol.iterator in input
}
