/*
 * The words of HTTP's grammar that both heads are made of (RFC 9110 §5.6, RFC 9112 §2 to §5), over Latin-1 text.
 * Every function walks its input once: peers choose the input, so nothing here may backtrack.
 */

const horizontalTab = 0x09
const space = 0x20
const firstVisible = 0x21
const lastVisible = 0x7e
const deleteCharacter = 0x7f
const lastLatin1 = 0xff

/*
 * tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
 */
const tokenCharacters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
const isTokenCharacter: readonly boolean[] = Array.from({ length: lastLatin1 + 1 }, (_, code) =>
  tokenCharacters.includes(String.fromCharCode(code)),
)

/** The end of the run of token characters that starts at `from`; `from` itself when there is none. */
export function tokenEnd(text: string, from: number): number {
  let end = from
  while (end < text.length && isTokenCharacter[text.charCodeAt(end)] === true) end++
  return end
}

/** Whether the text is a token (RFC 9110 §5.6.2): `token = 1*tchar`. Method, field name, subprotocol, extension. */
export function isToken(text: string): boolean {
  return text.length > 0 && tokenEnd(text, 0) === text.length
}

/*
 * field-value    = *field-content
 * field-content  = field-vchar [ 1*( SP / HTAB / field-vchar ) field-vchar ]
 * field-vchar    = VCHAR / obs-text          VCHAR = %x21-7E          obs-text = %x80-FF
 */

/** Whether the text may stand as a field's value (RFC 9110 §5.5): Latin-1, no control bytes, no blanks around it. */
export function isFieldValue(text: string): boolean {
  return forbiddenIndex(text) === -1 && trimBlanks(text).length === text.length
}

/** The index of the first character that no field value may hold (CR, LF, NUL, other controls, beyond Latin-1), or -1. */
export function forbiddenIndex(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if ((code < space && code !== horizontalTab) || code === deleteCharacter || code > lastLatin1) return index
  }
  return -1
}

/**
 * Whether the text may stand as a request target (RFC 9112 §3.2) as far as its characters go: visible ASCII. Which form
 * it has is for others to judge; browsers leave `|` and `^` in a query, so RFC 3986's narrower set would refuse them.
 */
export function isTargetText(text: string): boolean {
  if (text.length === 0) return false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < firstVisible || code > lastVisible) return false
  }
  return true
}

/** The digits of an HTTP version, `HTTP/1.1` giving `1.1`; undefined when it is none. The name is case-sensitive. */
export function versionDigits(text: string): string | undefined {
  // HTTP-version = %s"HTTP" "/" DIGIT "." DIGIT
  return /^HTTP\/[0-9]\.[0-9]$/.test(text) ? text.slice('HTTP/'.length) : undefined
}

/** Whether the character at the index is a blank; false past the end. */
export function isBlankAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code === space || code === horizontalTab
}

/** The text without the blanks around it (`OWS = *( SP / HTAB )`), and no others: `trim()` would take NBSP and CR too. */
export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlankAt(text, start)) start++
  while (end > start && isBlankAt(text, end - 1)) end--
  return text.slice(start, end)
}
