import type { PeerRole } from './modes/mode.ts'

/** Somebody to measure, and how it is started. */
export interface Peer {
  readonly name: string
  readonly role: PeerRole
  readonly runtime: 'node' | 'bun' | 'deno'
  /** In `dist/subjects/`. */
  readonly script: string
  /** The package of `peers/package.json` that must be there; the workspace has the others. */
  readonly needs?: string
  /** Part of `--quick`. */
  readonly quick: boolean
}

export const peers: readonly Peer[] = [
  { name: 'centouno', role: 'server', runtime: 'node', script: 'centouno-server.js', quick: true },
  { name: 'ws', role: 'server', runtime: 'node', script: 'ws-server.js', quick: true },
  { name: 'bun', role: 'server', runtime: 'bun', script: 'bun-server.js', needs: 'bun', quick: true },
  { name: 'deno', role: 'server', runtime: 'deno', script: 'deno-server.js', needs: 'deno', quick: false },
  { name: 'tcp-onread', role: 'tcp', runtime: 'node', script: 'tcp-onread.js', quick: true },
  { name: 'tcp-data', role: 'tcp', runtime: 'node', script: 'tcp-data.js', quick: false },
]

/** Peers that one would expect here, and why they are not. */
export const missingPeers: readonly string[] = [
  'uWebSockets.js is on no registry: npm has no such package, and installing it from a repository needs one to be reached.',
]
