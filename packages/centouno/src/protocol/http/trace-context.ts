import { fieldValues } from './field-lookup.ts'
import type { Field } from './head.ts'

/*
 * W3C Trace Context, level 1:
 *
 *   traceparent   = version "-" version-format
 *   version       = 2HEXDIGLC                          "ff" is forbidden
 *   version 00    : trace-id "-" parent-id "-" trace-flags, and nothing behind it
 *   trace-id      = 32HEXDIGLC                         all zeroes is forbidden
 *   parent-id     = 16HEXDIGLC                         all zeroes is forbidden
 *   trace-flags   = 2HEXDIGLC
 *
 * A higher version may go on behind another "-" (§3.2.4).
 */

/** What a request says of the trace it belongs to, each part as it was sent. */
export interface TraceContext {
  /** Undefined when it was not sent, or is not well formed. */
  readonly traceparent: string | undefined
  /** Vendors' own parts. Undefined without a `traceparent`, which it belongs to (§3.3). */
  readonly tracestate: string | undefined
}

const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/

/** Whether a text is a `traceparent` (Trace Context §3.2). */
export function isTraceparent(text: string): boolean {
  const parts = shape.exec(text)
  if (!parts) return false
  const [, version, traceId, parentId, more] = parts
  if (version === 'ff' || (version === '00' && more !== undefined)) return false
  return traceId !== zeroes(32) && parentId !== zeroes(16)
}

/** The trace context that a request carries. Several `traceparent` fields are as good as none (§3.2). */
export function traceContext(fields: readonly Field[]): TraceContext {
  const [traceparent, ...more] = fieldValues(fields, 'traceparent')
  if (traceparent === undefined || more.length > 0 || !isTraceparent(traceparent)) return none
  const states = fieldValues(fields, 'tracestate')
  return { traceparent, tracestate: states.length === 0 ? undefined : states.join(',') }
}

const none: TraceContext = { traceparent: undefined, tracestate: undefined }

function zeroes(count: number): string {
  return '0'.repeat(count)
}
