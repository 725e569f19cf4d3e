import type { TapTarget } from './tap-target.ts'

/** What of a request is written anew so that the target takes it for its own. */
export interface Rewriting {
  /** Leave `Host` as the client sent it. */
  readonly keepHost: boolean
  /** What `Origin` is to say, whatever the client sent; undefined: the target's origin for the tap's own, others stay. */
  readonly origin: string | undefined
}

/** A request's head as it goes on. */
export interface RewrittenHead {
  readonly bytes: Uint8Array
  /** What was written anew: `Host: 127.0.0.1:8101 → example.com`. */
  readonly changes: readonly string[]
}

/** The names by which a client on this machine reaches the tap. Clients leave out the default port. */
export function ownAuthorities(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  const authorities = names.map((name) => `${name}:${port}`)
  return port === httpPort ? [...names, ...authorities] : authorities
}

const httpPort = 80

/** One line of a field: its name, what is between, its value, the blanks behind it. Line ends are not part of it. */
const fieldLine = /^(host|origin)(:[ \t]*)([^\r\n]*?)([ \t]*)$/gim

/**
 * Writes `Host` and `Origin` anew; every other byte stays as it is, line ends and broken rules included. Servers tell their
 * sites apart by the first, and check the second: a page that came through the tap has the tap's own origin.
 */
export function rewriteHead(
  head: Uint8Array,
  target: TapTarget,
  port: number,
  { keepHost, origin }: Rewriting,
): RewrittenHead {
  const text = Buffer.from(head).toString('latin1')
  const changes: string[] = []
  const own = new Set(ownAuthorities(port).map((authority) => `http://${authority}`))
  let hasOrigin = false
  const start = lineEnd(text)
  const fields = text
    .slice(start)
    .replace(fieldLine, (line, name: string, gap: string, value: string, rest: string) => {
      const isOrigin = name.toLowerCase() === 'origin'
      hasOrigin ||= isOrigin
      const replaced = isOrigin
        ? (origin ?? (own.has(value.toLowerCase()) ? target.origin : value))
        : keepHost
          ? value
          : target.authority
      if (replaced === value) return line
      changes.push(`${name}: ${value} → ${replaced}`)
      return `${name}${gap}${replaced}${rest}`
    })
  const added = origin === undefined || hasOrigin ? '' : `Origin: ${origin}\r\n`
  if (added !== '') changes.push(`Origin: ${origin ?? ''}`)
  return { bytes: Buffer.from(text.slice(0, start) + added + fields, 'latin1'), changes }
}

/** Where the start line ends, empty lines before it included (RFC 9112 §2.2). */
function lineEnd(text: string): number {
  return /^(?:\r?\n)*[^\n]*(?:\n|$)/.exec(text)?.[0].length ?? 0
}
