import type { Goal, Mode } from './mode.ts'

const kilobyte = 1024
const megabyte = 1024 * kilobyte

interface Echo {
  readonly connections: number
  readonly payload: number
  readonly burst?: number
  readonly text?: boolean
  readonly tls?: boolean
  readonly quick?: boolean
  readonly goals?: readonly Goal[]
}

const ahead = (peer: string): Goal => ({ peer, atMost: 1 })
const times = (factor: number): Goal => ({ peer: 'ws', atMost: 1 / factor })
const nearFloor: Goal = { peer: 'tcp-onread', atMost: 1.1 }

/** Everything that comes in goes out again. */
export const echoModes: readonly Mode[] = [
  echo('echo-20', '20 B, one in flight', { connections: 64, payload: 20, quick: true, goals: [times(1.5), nearFloor] }),
  echo('echo-512', '512 B, one in flight', { connections: 64, payload: 512, goals: [times(1.5), nearFloor] }),
  echo('echo-20x64', '20 B, bursts of 64', {
    connections: 16,
    payload: 20,
    burst: 64,
    quick: true,
    goals: [times(20), ahead('bun')],
  }),
  echo('echo-512x16', '512 B, bursts of 16', {
    connections: 16,
    payload: 512,
    burst: 16,
    quick: true,
    goals: [times(10), ahead('bun')],
  }),
  echo('echo-64k', '64 KiB', {
    connections: 16,
    payload: 64 * kilobyte,
    quick: true,
    goals: [times(4), ahead('bun')],
  }),
  echo('echo-1m', '1 MiB', { connections: 8, payload: megabyte, quick: true, goals: [times(3.5), ahead('bun')] }),
  echo('echo-16m', '16 MiB', { connections: 2, payload: 16 * megabyte, goals: [times(3), ahead('bun')] }),
  echo('text-20', '20 B as strings, one in flight', { connections: 64, payload: 20, text: true }),
  echo('text-20x64', '20 B as strings, bursts of 64', {
    connections: 16,
    payload: 20,
    burst: 64,
    text: true,
    quick: true,
  }),
  echo('text-1m', '1 MiB as strings', { connections: 8, payload: megabyte, text: true }),
  echo('tls-20', '20 B over TLS, one in flight', { connections: 64, payload: 20, tls: true }),
  echo('tls-20x64', '20 B over TLS, bursts of 64', { connections: 16, payload: 20, burst: 64, tls: true }),
  echo('tls-64k', '64 KiB over TLS', { connections: 16, payload: 64 * kilobyte, tls: true }),
]

function echo(name: string, title: string, options: Echo): Mode {
  const { connections, payload, burst = 1, text = false, tls = false, quick = false, goals = [] } = options
  return {
    name,
    title: `echo, ${title}, ${connections} connections`,
    roles: tls ? ['server'] : ['server', 'tcp'],
    subject: { role: 'echo', payload, tls, deflate: false },
    load: { kind: 'echo', connections, payload, burst, text, tls },
    goals,
    quick,
  }
}
