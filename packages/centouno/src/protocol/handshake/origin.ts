/*
 * Origins as browsers send them (RFC 6454 §6.2 and §7.1). Two are the same when scheme, host and port are, default ports
 * filled in. Nothing here throws: an origin comes from the peer.
 *
 *     origin = scheme "://" host [ ":" port ]
 */

/**
 * The origin of pages that were served where this request arrived, from whether it came over TLS and the value of its
 * `Host`. Undefined when that value is no host.
 */
export function ownOrigin(secure: boolean, hostField: string): string | undefined {
  return normalOrigin(`${secure ? 'https' : 'http'}://${hostField}`)
}

/** Whether the text is an origin as a browser sends it: scheme, host and port, without even a slash behind them. */
export function isOrigin(text: string): boolean {
  return normalOrigin(text) !== undefined
}

/**
 * Whether a request with this `Origin` is let in (H-SEC-01): it is the server's own, or one of the allowed. `null` and
 * malformed origins are let in only when the very same text is in the list.
 *
 * This keeps foreign pages out, not foreign programs, which may send any origin they like (H-SEC-03).
 */
export function originAllowed(origin: string, own: string | undefined, allowed: readonly string[]): boolean {
  if (allowed.includes(origin)) return true
  const normal = normalOrigin(origin)
  if (normal === undefined) return false
  if (own !== undefined && normalOrigin(own) === normal) return true
  return allowed.some((entry) => normalOrigin(entry) === normal)
}

/** One spelling for all origins that are the same; undefined when the text is not an origin. */
function normalOrigin(text: string): string | undefined {
  const separator = text.indexOf('://')
  if (separator === -1) return undefined
  const scheme = text.slice(0, separator)
  const authority = text.slice(separator + '://'.length)
  if (!/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) return undefined
  // The URL parser would drop controls, decode percent signs, and take user information, path, query and fragment.
  if (authority === '' || /[\0-\x20\x7f%/\\?#@]/.test(authority)) return undefined
  try {
    const url = new URL(`${scheme}://${authority}`)
    // Not url.origin, which is "null" for schemes outside the web, such as those of browser extensions.
    return url.host === '' ? undefined : `${url.protocol}//${url.host.toLowerCase()}`
  } catch {
    return undefined
  }
}
