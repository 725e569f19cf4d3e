import { aheadOf, type Flat, type Goal, type Mode, timesCheaper } from './mode.ts'

const kilobyte = 1024
const megabyte = 1024 * kilobyte

interface Echo {
  readonly connections: number
  readonly payload: number
  readonly burst?: number
  readonly busy?: number
  readonly text?: boolean
  readonly tls?: boolean
  readonly quick?: boolean
  readonly goals?: readonly Goal[]
  readonly flat?: Flat
}

const nearFloor: Goal = { peer: 'tcp-onread', atMost: 1.1 }
const quick = true

/** Everything that comes in goes out again. */
export const echoModes: readonly Mode[] = [
  echo('echo-20', '20 B, one in flight', {
    connections: 64,
    payload: 20,
    quick,
    goals: [timesCheaper(1.5), nearFloor],
  }),
  echo('echo-512', '512 B, one in flight', { connections: 64, payload: 512, goals: [timesCheaper(1.5), nearFloor] }),
  echo('echo-20x64', '20 B, bursts of 64', {
    connections: 16,
    payload: 20,
    burst: 64,
    quick,
    goals: [timesCheaper(20), aheadOf('bun')],
  }),
  echo('echo-512x16', '512 B, bursts of 16', {
    connections: 16,
    payload: 512,
    burst: 16,
    quick,
    goals: [timesCheaper(10), aheadOf('bun')],
  }),
  echo('echo-64k', '64 KiB', {
    connections: 16,
    payload: 64 * kilobyte,
    quick,
    goals: [timesCheaper(4), aheadOf('bun')],
  }),
  echo('echo-1m', '1 MiB', { connections: 8, payload: megabyte, quick, goals: [timesCheaper(3.5), aheadOf('bun')] }),
  echo('echo-16m', '16 MiB', { connections: 2, payload: 16 * megabyte, goals: [timesCheaper(3), aheadOf('bun')] }),
  echo('text-20', '20 B as strings, one in flight', { connections: 64, payload: 20, text: true }),
  echo('text-20x64', '20 B as strings, bursts of 64', { connections: 16, payload: 20, burst: 64, text: true, quick }),
  echo('text-1m', '1 MiB as strings', { connections: 8, payload: megabyte, text: true }),
  echo('tls-20', '20 B over TLS, one in flight', { connections: 64, payload: 20, tls: true }),
  echo('tls-20x64', '20 B over TLS, bursts of 64', { connections: 16, payload: 20, burst: 64, tls: true }),
  echo('tls-64k', '64 KiB over TLS', { connections: 16, payload: 64 * kilobyte, tls: true }),
]

/** The same traffic on ever more connections: ten messages are in flight, on one connection after another. */
export const connectionModes: readonly Mode[] = [10, 100, 1000, 10_000].map((connections) =>
  echo(`connections-${connections}`, '20 B, ten in flight, in turns', {
    connections,
    payload: 20,
    busy: 10,
    flat: 'connections',
  }),
)

function echo(name: string, title: string, options: Echo): Mode {
  const { connections, payload, burst = 1, busy, text = false, tls = false, goals = [], flat } = options
  return {
    name,
    title: `echo, ${title}, ${connections.toLocaleString('en')} connections`,
    roles: tls ? ['server'] : ['server', 'tcp'],
    subject: { role: 'echo', payload, tls, deflate: false },
    load: { kind: 'echo', connections, payload, burst, text, tls, ...(busy === undefined ? {} : { busy }) },
    goals,
    ...(flat === undefined ? {} : { flat }),
    quick: options.quick ?? false,
  }
}
