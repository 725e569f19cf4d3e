/**
 * A URL as it may be shown: without user name and password, which must not end up in logs. A text that is no URL may
 * have them anywhere before its last `@`, since an unencoded character in a password is what often makes it none.
 */
export function shownUrl(text: string): string {
  const url = tryParse(text)
  if (url !== undefined && url.username === '' && url.password === '') return text
  const scheme = /^[\s\0]*[A-Za-z][A-Za-z0-9+.-]*:[/\\]*/.exec(text)?.[0] ?? ''
  const rest = text.slice(scheme.length)
  const authorityEnd = url === undefined ? -1 : rest.search(/[/\\?#]/)
  const end = authorityEnd === -1 ? rest.length : authorityEnd
  const at = end === 0 ? -1 : rest.lastIndexOf('@', end - 1)
  // `user:password@host` has no scheme: what looks like one is the user name.
  const named = url === undefined && !/[/\\]$/.test(scheme) && at !== -1
  return (named && !/^[\s\0]*(?:wss?|https?):/i.test(scheme) ? '' : scheme) + rest.slice(at + 1)
}

function tryParse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
