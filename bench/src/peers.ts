import type { PeerRole } from './modes/mode.ts'

/** Somebody to measure, and how it is started. One name may be a server and a client. */
export interface Peer {
  readonly name: string
  readonly role: PeerRole
  readonly runtime: 'node' | 'bun' | 'deno'
  /** In `dist/subjects/`. */
  readonly script: string
  /** The package of `peers/package.json` that must be there; the workspace has the others. */
  readonly needs?: string
  /** Switches of its runtime. */
  readonly switches?: readonly string[]
  /** Only where compression is measured: the same as another one everywhere else. */
  readonly deflateOnly?: boolean
  /** The level of compression there. Default: the peer's own. */
  readonly level?: number
  /** Part of `--quick`. */
  readonly quick: boolean
}

const servers: readonly Peer[] = [
  { name: 'centouno', role: 'server', runtime: 'node', script: 'centouno-server.js', quick: true },
  { name: 'ws', role: 'server', runtime: 'node', script: 'ws-server.js', quick: true },
  {
    name: 'ws-level-1',
    role: 'server',
    runtime: 'node',
    script: 'ws-server.js',
    deflateOnly: true,
    level: 1,
    quick: true,
  },
  { name: 'bun', role: 'server', runtime: 'bun', script: 'bun-server.js', needs: 'bun', quick: true },
  { name: 'deno', role: 'server', runtime: 'deno', script: 'deno-server.js', needs: 'deno', quick: false },
  { name: 'faye', role: 'server', runtime: 'node', script: 'faye-server.js', needs: 'faye-websocket', quick: false },
]

const clients: readonly Peer[] = [
  { name: 'centouno', role: 'client', runtime: 'node', script: 'centouno-client.js', quick: true },
  { name: 'ws', role: 'client', runtime: 'node', script: 'ws-client.js', quick: true },
  { name: 'undici', role: 'client', runtime: 'node', script: 'undici-client.js', needs: 'undici-7', quick: true },
  {
    name: 'node-global',
    role: 'client',
    runtime: 'node',
    script: 'global-client.js',
    // Node 20 has it behind this switch; later ones have it anyway, and still know the switch.
    switches: ['--experimental-websocket'],
    quick: false,
  },
  { name: 'bun', role: 'client', runtime: 'bun', script: 'global-client.js', needs: 'bun', quick: false },
  { name: 'deno', role: 'client', runtime: 'deno', script: 'global-client.js', needs: 'deno', quick: false },
  { name: 'faye', role: 'client', runtime: 'node', script: 'faye-client.js', needs: 'faye-websocket', quick: false },
]

/** What Node's sockets cost without any WebSocket on them: the least that can be had. */
const floors: readonly Peer[] = [
  { name: 'tcp-onread', role: 'tcp', runtime: 'node', script: 'tcp-onread.js', quick: true },
  { name: 'tcp-data', role: 'tcp', runtime: 'node', script: 'tcp-data.js', quick: false },
]

export const peers: readonly Peer[] = [...servers, ...clients, ...floors]

/** Peers that one would expect here, and why they are not. */
export const missingPeers: readonly string[] = [
  'uWebSockets.js is not measured: it is on no registry, npm would have to fetch it from a repository.',
]
