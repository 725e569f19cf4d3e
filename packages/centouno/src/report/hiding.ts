/** Stands where a secret stood. */
export const hidden = '•••'

/**
 * Replaces the values of query parameters, wherever a query stands in a text. A value ends where the next parameter, the
 * fragment, a quotation, the line or the start line's version begins: blanks do not end it, though a URL has none.
 *
 * @param names In lower case. Those in the text count decoded: `t%6Fken` is read as `token` by whoever serves it.
 */
export function hideQueryValues(text: string, names: ReadonlySet<string>): string {
  let shown = ''
  let told = 0
  for (const { start, end } of secretSpans(text, names)) {
    shown += text.slice(told, start) + hidden
    told = end
  }
  return shown + text.slice(told)
}

/** Replaces user name and password of URLs in a text: what stands before the last `@` of an authority. */
export function hideUserInformation(text: string): string {
  return text.replaceAll(/:\/\/[^/?#\s`]{1,1000}@/g, `://${hidden}@`)
}

/** The values that `hideQueryValues` would replace. */
export function queryValues(text: string, names: ReadonlySet<string>): string[] {
  return secretSpans(text, names).map(({ start, end }) => text.slice(start, end))
}

function secretSpans(text: string, names: ReadonlySet<string>): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = []
  let told = 0
  // The name is bounded, so that a long run without a `=` costs no more than its length times that bound.
  for (const match of text.matchAll(/[?&]([^=&?#\s]{1,80})=/g)) {
    const [whole, name = ''] = match
    if (match.index < told || !names.has(decoded(name).toLowerCase())) continue
    const start = match.index + whole.length
    const length = text.slice(start).search(/[&#`\r\n]| HTTP\//)
    const end = length === -1 ? text.length : start + length
    if (end > start) spans.push({ start, end })
    told = end
  }
  return spans
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** Replaces what follows the names of fields and a colon in a quotation, to its end or that of the line. */
export function hideNamedLines(text: string, names: ReadonlySet<string>): string {
  let shown = ''
  let told = 0
  for (const match of text.matchAll(/([A-Za-z][A-Za-z-]{0,40})[ \t]{0,8}:/g)) {
    const [whole, name = ''] = match
    if (match.index < told || !names.has(name.toLowerCase())) continue
    const start = match.index + whole.length
    // A quotation spells line breaks out.
    const length = text.slice(start).search(/[`\r\n]|\\[rn]/)
    const end = length === -1 ? text.length : start + length
    if (end === start) continue
    shown += `${text.slice(told, start)} ${hidden}`
    told = end
  }
  return shown + text.slice(told)
}

/** Replaces the rest of every word that begins with one of the prefixes; the prefix stays, unless it is all there is to see. */
export function hideWords(text: string, prefixes: readonly string[]): string {
  return text
    .split(/(?<=[\s,`"])/)
    .map((piece) => {
      const prefix = prefixes.find((start) => piece.startsWith(start))
      if (prefix === undefined) return piece
      const end = /[\s,`"]$/.exec(piece)?.[0] ?? ''
      // The prefix of a JSON Web Token is a part of it.
      return `${prefix.endsWith('.') || prefix.endsWith('-') ? prefix : ''}${hidden}${end}`
    })
    .join('')
}

/** Fewer characters of a secret in a row are taken for chance. */
const shortestFragment = 6

/** Replaces every run of characters that one of the secrets has too. */
export function hideFragments(text: string, secrets: readonly string[]): string {
  const long = secrets.filter((secret) => secret.length >= shortestFragment)
  if (long.length === 0) return text
  let shown = ''
  let index = 0
  while (index < text.length) {
    const length = longestFragment(text, index, long)
    shown += length === 0 ? text.charAt(index) : hidden
    index += Math.max(1, length)
  }
  return shown
}

/** The length of the longest run from this index on that stands in a secret; 0 when it is too short to count. */
function longestFragment(text: string, index: number, secrets: readonly string[]): number {
  let longest = 0
  for (const secret of secrets) {
    let length = Math.max(longest + 1, shortestFragment)
    while (index + length <= text.length && secret.includes(text.slice(index, index + length))) {
      longest = length
      length += 1
    }
  }
  return longest
}
