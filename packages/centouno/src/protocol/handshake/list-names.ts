import { splitList } from '../http/field-lookup.ts'

/**
 * The names in the lines of a comma list, such as `Connection` or `Upgrade`, ready to be compared without case. Empty elements are
 * left out, as a recipient has to (RFC 9110 §5.6.1.2).
 */
export function listNames(lines: readonly string[]): readonly string[] {
  // Nothing to split and nothing to leave out, nearly always.
  const [line] = lines
  if (line === undefined) return lines
  if (lines.length === 1 && line !== '' && !line.includes(',')) return [line.toLowerCase()]
  return splitList(lines).flatMap((element) => (element === '' ? [] : [element.toLowerCase()]))
}
