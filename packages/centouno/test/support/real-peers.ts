import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Real peers that a machine may or may not have. A test that needs one is skipped with the reason in its title where it
 * is missing; with `CI` set it fails instead, so that a green run means that every peer was there.
 */
export interface RealPeer {
  readonly path: string
  /** Empty when the peer is there; otherwise what to add to a skipped test's title. */
  readonly missing: string
}

const required = process.env['CI'] !== undefined && process.env['CI'] !== ''

function find(name: string, candidates: readonly string[], works: (path: string) => boolean, hint: string): RealPeer {
  const path = candidates.find(works)
  if (path !== undefined) return { path, missing: '' }
  if (required) throw new Error(`${name} is needed with CI set: ${hint}`)
  return { path: '', missing: ` (skipped: ${name} not found; ${hint})` }
}

export function findChromium(): RealPeer {
  const candidates = [
    process.env['CHROMIUM'] ?? '',
    // Without the parts of a browser that no page sees: it starts in half the time.
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  return find('Chromium', candidates, existsSync, 'install it, or name it in CHROMIUM')
}

export function findNginx(): RealPeer {
  return find(
    'nginx',
    ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'],
    existsSync,
    'apt install nginx-light',
  )
}

export function findHaproxy(): RealPeer {
  return find(
    'HAProxy',
    ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy', '/opt/homebrew/bin/haproxy'],
    existsSync,
    'apt install haproxy',
  )
}

export function findPythonWebsockets(): RealPeer {
  return find("Python's websockets", ['/usr/bin/python3', 'python3'], hasWebsockets, 'apt install python3-websockets')
}

function hasWebsockets(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import websockets'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
