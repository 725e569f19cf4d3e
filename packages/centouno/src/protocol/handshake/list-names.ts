import type { Field } from '../http/head.ts'
import { listElements } from '../http/field-lookup.ts'

/**
 * The names in a comma list, such as `Connection` or `Upgrade`, ready to be compared without case. Empty elements are
 * left out, as a recipient has to (RFC 9110 §5.6.1.2).
 */
export function listNames(fields: readonly Field[], name: string): string[] {
  const names: string[] = []
  for (const element of listElements(fields, name)) if (element !== '') names.push(element.toLowerCase())
  return names
}
