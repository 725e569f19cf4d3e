import { splitList } from '../http/field-lookup.ts'
import { isToken } from '../http/grammar.ts'
import { quote } from '../http/quote.ts'

/** What the lines of `Sec-WebSocket-Protocol` say, or the part that breaks the grammar, quoted. */
export type SubprotocolReading =
  | {
      readonly ok: true
      /** In the client's order of preference. */
      readonly names: string[]
      /** The list had empty elements (`a,,b`), which were ignored (H-TRAP-04). */
      readonly strayCommas: boolean
    }
  | { readonly ok: false; readonly found: string }

/** Whether the text may name a subprotocol: a token (RFC 6455 §4.1(10)). Names are compared with case. */
export function isSubprotocolName(name: string): boolean {
  return isToken(name)
}

/**
 * Reads all lines of `Sec-WebSocket-Protocol` as one list (H-REQ-14). No lines give no names; lines without any name, an
 * element that is no token, and a name that comes twice are faults. Empty elements are ignored, as RFC 9110 §5.6.1 asks.
 *
 *     Sec-WebSocket-Protocol = 1#token
 */
export function parseSubprotocols(lines: readonly string[]): SubprotocolReading {
  const elements = splitList(lines)
  const names = new Set<string>()
  for (const element of elements) {
    if (element === '') continue
    if (!isSubprotocolName(element) || names.has(element)) return { ok: false, found: quote(element) }
    names.add(element)
  }
  if (elements.length > 0 && names.size === 0) return { ok: false, found: quote(lines.join(', ')) }
  return { ok: true, names: [...names], strayCommas: elements.length > names.size }
}

/** The first of the server's subprotocols, in its order of preference, that the client offered; `''` when none was. */
export function chooseSubprotocol(offered: readonly string[], supported: readonly string[]): string {
  return supported.find((name) => offered.includes(name)) ?? ''
}
