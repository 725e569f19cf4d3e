import type { Break } from './break.ts'
import { fieldBreaks } from './field-breaks.ts'
import { lineBreaks } from './line-breaks.ts'
import { messageBreaks } from './message-breaks.ts'

/** Every way to break a rule that is offered, in the order of the request. */
export const breaks: readonly Break[] = [...lineBreaks, ...fieldBreaks, ...messageBreaks]

/** The breaks of these rules, or with these ids; all of them when none are given. */
export function breaksOf(names: readonly string[]): readonly Break[] {
  if (names.length === 0) return breaks
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  return breaks.filter(({ id, rule }) => wanted.has(id) || wanted.has(rule.toLowerCase()))
}
