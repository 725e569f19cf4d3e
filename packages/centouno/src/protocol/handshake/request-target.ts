/**
 * The request target by its form (RFC 9112 §3.2). Only the first two can name a WebSocket resource; `unreadable` is
 * none of the four, or has characters that no URI has.
 */
export type RequestTarget =
  | { readonly form: 'origin'; readonly path: string; readonly query: string }
  | {
      readonly form: 'absolute'
      readonly secure: boolean
      readonly authority: string
      readonly path: string
      readonly query: string
    }
  | { readonly form: 'authority' | 'asterisk' | 'unreadable' }

/**
 * Reads a request target.
 *
 *     request-target = origin-form / absolute-form / authority-form / asterisk-form
 *     origin-form    = absolute-path [ "?" query ]
 *
 * RFC 6455 §4.2.1(1) knows the first two, the second with `http` or `https` only. Browsers leave characters such as
 * `|` and `^` as they are, though RFC 3986 would have them encoded: visible ASCII is accepted, except `#`.
 */
export function readRequestTarget(target: string): RequestTarget {
  if (!/^[\u0021\u0022\u0024-\u007e]+$/.test(target)) return { form: 'unreadable' }
  if (target.startsWith('/')) return { form: 'origin', ...resource(target) }
  if (target === '*') return { form: 'asterisk' }
  const scheme = /^https?:\/\//i.exec(target)?.[0]
  if (scheme !== undefined) {
    const end = target.slice(scheme.length).search(/[/?]/)
    const authority = end === -1 ? target.slice(scheme.length) : target.slice(scheme.length, scheme.length + end)
    const rest = end === -1 ? '' : target.slice(scheme.length + end)
    return { form: 'absolute', secure: scheme.length === 'https://'.length, authority, ...resource(rest) }
  }
  return /^[^/?]+:\d+$/.test(target) ? { form: 'authority' } : { form: 'unreadable' }
}

/** An empty path is `/` (RFC 6455 §3). */
function resource(text: string): { path: string; query: string } {
  const mark = text.indexOf('?')
  const path = mark === -1 ? text : text.slice(0, mark)
  return { path: path === '' ? '/' : path, query: mark === -1 ? '' : text.slice(mark + 1) }
}
