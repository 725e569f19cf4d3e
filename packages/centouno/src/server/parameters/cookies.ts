import { trimBlanks } from '../../protocol/http/grammar.ts'

/** A cookie as a request brings it. */
export interface Cookie {
  readonly name: string
  readonly value: string
}

/**
 * Reads the value of `Cookie` (RFC 6265 §4.2.1), leniently as everybody does: what has no `=` is passed over. Values are
 * unquoted and percent-decoded where that works, since that is how frameworks write them.
 *
 *     cookie-string = cookie-pair *( ";" SP cookie-pair )
 */
export function parseCookies(text: string): Cookie[] {
  const cookies: Cookie[] = []
  for (const pair of text.split(';')) {
    const equals = pair.indexOf('=')
    if (equals === -1) continue
    cookies.push({ name: trimBlanks(pair.slice(0, equals)), value: decoded(trimBlanks(pair.slice(equals + 1))) })
  }
  return cookies
}

function decoded(value: string): string {
  const plain = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  if (!plain.includes('%')) return plain
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}
