import type { HeadFault, HeadLimits, RequestHead } from '../protocol/http/head.ts'
import { quote } from '../protocol/http/quote.ts'

/**
 * The limit that a head goes over when another parser has read it, with bounds of its own (H-H1-11). Node's drops the
 * fields past its `maxHeadersCount` without a word, so a head with many fields may have lost those that decide.
 */
export function headSizeFault(head: RequestHead, limits: HeadLimits): HeadFault | undefined {
  const startLine = `${head.method} ${head.target} HTTP/${head.version}`
  if (startLine.length > limits.startLine) return tooLarge('startLine', startLine)
  const { fields } = head
  const excess = fields[limits.fieldCount]
  if (excess) return tooLarge('fieldCount', `${excess.name}: ${excess.value}`)
  let bytes = 0
  for (const { name, value } of fields) {
    bytes += name.length + separator.length + value.length
    if (bytes > limits.fieldBytes) return tooLarge('fieldBytes', `${name}: ${value}`)
  }
  return undefined
}

/** What stands between a field's name and its value, as far as can be known when only the parts are left. */
const separator = ': '

function tooLarge(limit: keyof HeadLimits, found: string): HeadFault {
  return { rule: 'H-H1-11', found: quote(found), limit }
}
