import { execFileSync } from 'node:child_process'

/**
 * OpenSSL's command line, which a machine may or may not have: tests that need it are skipped with the reason in their
 * title; with `CI` set they fail instead.
 */
export interface OpensslFound {
  /** Empty when it is there; otherwise what to add to a skipped test's title. */
  readonly missing: string
}

const required = process.env['CI'] !== undefined && process.env['CI'] !== ''

export function findOpenssl(): OpensslFound {
  try {
    // -keylogfile came with 1.1.1.
    const version = execFileSync('openssl', ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    if (/^OpenSSL (?:1\.1\.1|[3-9])/.test(version)) return { missing: '' }
  } catch {
    // Not there at all.
  }
  if (required) throw new Error('openssl 1.1.1 or newer is needed with CI set: apt install openssl')
  return { missing: ' (skipped: openssl not found; apt install openssl)' }
}

/** A message in the output of `-msg`. */
export interface ToldByOpenssl {
  /** `>` for what this side wrote. */
  readonly direction: '>' | '<'
  readonly name: string
  readonly bytes: Buffer
}

/** Handshake messages and alerts, in order, out of what `-msg` writes. */
export function readMessages(output: string): readonly ToldByOpenssl[] {
  const found: { direction: '>' | '<'; name: string; hex: string }[] = []
  let current: { hex: string } | undefined
  for (const line of output.split('\n')) {
    const head = /^(>>>|<<<) [^,]+, (\w+) \[length [0-9a-f]+\](?:, (.*))?$/.exec(line)
    if (head !== null) {
      const [, arrows = '', kind = '', name = ''] = head
      const message = { direction: arrows.startsWith('>') ? ('>' as const) : ('<' as const), name, hex: '' }
      if (kind === 'Handshake' || kind === 'Alert') found.push(message)
      current = message
    } else if (/^ {4}[0-9a-f]{2}(?: |$)/.test(line) && current !== undefined) {
      current.hex += line.replaceAll(' ', '')
    } else current = undefined
  }
  return found.map(({ direction, name, hex }) => ({ direction, name, bytes: Buffer.from(hex, 'hex') }))
}
