import { connectionModes, echoModes } from './echo-modes.ts'
import { aheadOf, type Goal, type MemoryMode, type Mode, timesCheaper } from './mode.ts'

const megabyte = 1024 * 1024
/** Bytes of a message of JSON: enough for ws to compress it by its defaults. */
const jsonBytes = 1100

/** Every mode whose cost is time, in the order it is run and shown. */
export const modes: readonly Mode[] = [
  ...echoModes,
  broadcast('broadcast-1000', 1, [timesCheaper(1.4)]),
  broadcast('broadcast-1000x16', 16, [timesCheaper(17)]),
  {
    name: 'handshake',
    title: 'connect, upgrade and closing handshake, 16 at a time',
    unit: 'handshakes',
    roles: ['server'],
    subject: { role: 'echo', payload: 20, tls: false, deflate: false },
    load: { kind: 'handshake', connections: 16, payload: 0, burst: 1, text: false, tls: false },
    goals: [timesCheaper(2.4)],
    quick: true,
  },
  {
    name: 'deflate-1k',
    title: 'permessage-deflate, echo of 1 KiB of JSON with context takeover, 16 connections',
    roles: ['server'],
    subject: { role: 'echo', payload: jsonBytes, tls: false, deflate: true },
    load: { kind: 'deflate', connections: 16, payload: jsonBytes, burst: 1, text: true, tls: false },
    goals: [timesCheaper(4)],
    quick: true,
  },
  client('client-receive', 'a client receives 20 B in bursts of 64, 16 connections', 'flood'),
  client('client-send', 'a client sends 20 B in bursts of 64, 16 connections', 'sink'),
  ...connectionModes,
  stream('stream-1m', '1 MiB', megabyte),
  stream('stream-32m', '32 MiB', 32 * megabyte),
  stream('stream-1g', '1 GiB', 1024 * megabyte),
]

/** Every mode whose cost is memory. */
export const memoryModes: readonly MemoryMode[] = [
  {
    name: 'idle',
    title: 'resident bytes per idle connection',
    first: 1000,
    steps: [10_000, 20_000],
    quickSteps: [6000],
    compressed: false,
    goals: [{ peer: 'ws', atMost: 0.8 }],
    flat: true,
  },
  {
    name: 'deflate-idle',
    title: 'resident bytes per idle connection after five compressed echoes',
    first: 200,
    steps: [1000, 10_000],
    quickSteps: [1000],
    compressed: true,
    goals: [],
    atMostBytes: 40 * 1024,
    flat: false,
  },
]

function broadcast(name: string, burst: number, goals: readonly Goal[]): Mode {
  const connections = 1000
  return {
    name,
    title: `broadcast of 20 B to 1,000 connections, ${burst === 1 ? 'one at a time' : `bursts of ${burst}`}`,
    unit: 'deliveries',
    roles: ['server'],
    subject: { role: 'broadcast', payload: 20, tls: false, deflate: false },
    load: { kind: 'broadcast', connections, payload: 20, burst, text: false, tls: false },
    goals,
    quick: burst > 1,
  }
}

function client(name: string, title: string, kind: 'flood' | 'sink'): Mode {
  const shape = { connections: 16, payload: 20, burst: 64, tls: false }
  return {
    name,
    title,
    roles: ['client'],
    subject: { role: kind === 'flood' ? 'client-receive' : 'client-send', deflate: false, ...shape },
    load: { kind, text: false, ...shape },
    goals: [timesCheaper(5), aheadOf('undici'), aheadOf('node-global')],
    quick: true,
  }
}

function stream(name: string, size: string, payload: number): Mode {
  return {
    name,
    title: `messages of ${size} in fragments of 64 KiB, read as streams`,
    unit: 'fragments',
    roles: ['server'],
    // The others hand over whole messages only.
    only: ['centouno'],
    subject: { role: 'stream', payload, tls: false, deflate: false },
    load: { kind: 'stream', connections: 1, payload, burst: 1, text: false, tls: false },
    goals: [],
    flat: 'stream',
    quick: false,
  }
}
