// What may come before an authority: a scheme of ours, or another one with its slashes.
const scheme = /^[\s\0]*(?:(?:wss?|https?):[/\\]*|[a-z][a-z0-9+.-]*:[/\\]{2,})/i
const schemesWithAuthority = /^(?:wss?|https?):$|\+unix:$/

/**
 * A URL as it may be shown: without user name and password, which must not end up in logs. A text that is no URL may
 * have them anywhere before its last `@`, since an unencoded character in a password is what often makes it none.
 */
export function shownUrl(text: string): string {
  const url = tryParse(text)
  const hasAuthority = url !== undefined && (schemesWithAuthority.test(url.protocol) || url.host !== '')
  if (hasAuthority && url.username === '' && url.password === '') return text
  const start = scheme.exec(text)?.[0] ?? ''
  const rest = text.slice(start.length)
  const found = hasAuthority ? rest.search(/[/\\?#]/) : -1
  const end = found === -1 ? rest.length : found
  return start + rest.slice(rest.slice(0, end).lastIndexOf('@') + 1)
}

function tryParse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
