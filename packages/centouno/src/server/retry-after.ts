import type { Field } from '../protocol/http/head.ts'

const longest = 10

/**
 * `Retry-After` (RFC 9110 §10.2.3) with 1 to 10 seconds, drawn anew each time: clients that were refused together should
 * not come back together.
 */
export function retryAfter(): Field {
  return { name: 'Retry-After', value: String(1 + Math.floor(Math.random() * longest)) }
}
