import { connect } from '../../src/client/connect.ts'
import type { ConnectionLimits } from '../../src/protocol/connection/limits.ts'
import { defaultConnectionLimits } from '../../src/protocol/connection/limits.ts'
import type { ViolationCode } from '../../src/protocol/connection/violations.ts'
import { violations } from '../../src/protocol/connection/violations.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { defaultCompression } from '../../src/socket/deflate/compression-options.ts'
import { memory } from '../../src/socket/memory.ts'
import { Socket, type SocketOptions } from '../../src/socket/socket.ts'
import { memoryPair, type MemoryTransport } from '../../src/transport/memory-pair.ts'
import { clientFrame, frame, hex, join } from '../protocol/wire.ts'
import { selfSigned } from '../support/certificates.ts'
import { HandClock } from '../support/hand-clock.ts'
import { serve } from '../support/serving.ts'
import { relayTo } from './relay.ts'
import { toldOf, type Seen, type Way } from './way.ts'

/*
 * The end of an open connection: two sockets of ours in memory, on a clock that is moved by hand, or over real TLS.
 */

/** Two sockets, the wires between them, and the time. */
interface Stage {
  readonly client: Socket
  readonly server: Socket
  readonly fromClient: MemoryTransport
  readonly fromServer: MemoryTransport
  readonly clock: HandClock
}

interface Setting {
  readonly limits?: Partial<ConnectionLimits>
  /** Only the server's. */
  readonly server?: Partial<SocketOptions>
  /** Nothing moves between the two. */
  readonly cut?: true
}

function way(
  code: string,
  what: string,
  act: (stage: Stage) => unknown,
  setting: Setting = {},
  otherwise?: Way['otherwise'],
): Way {
  return {
    code,
    what,
    ...(otherwise && { otherwise }),
    run: async (): Promise<Seen> => {
      const [fromClient, fromServer] = memoryPair(setting.cut ? { byHand: true } : {})
      const clock = new HandClock()
      const shared = { subprotocol: '', extensions: [], early: new Uint8Array(0), clock }
      const client = new Socket({ ...shared, role: 'client', transport: fromClient, limits: defaultConnectionLimits })
      const limits = { ...defaultConnectionLimits, ...setting.limits }
      const server = new Socket({ ...shared, role: 'server', transport: fromServer, limits, ...setting.server })
      // Both have started, a microtask after they were made.
      await clock.pass(0)
      await act({ client, server, fromClient, fromServer, clock })
      const [clientEnd, serverEnd] = await Promise.all([client.closed, server.closed])
      return { client: toldOf(clientEnd), server: toldOf(serverEnd) }
    },
  }
}

const wasReset = { client: 'END_PEER_RESET' } as const

const text = 1
const binary = 2
const close = 8
const ping = 9
const unfinished = { fin: false } as const

/** What breaks each rule: the bytes of a client that the server objects to, unless the server sends them. */
const offences = {
  FRAME_RESERVED_BITS: clientFrame(text, 'a', { rsv: 4 }),
  FRAME_RESERVED_OPCODE: clientFrame(3, 'a'),
  DEFLATE_BIT_MISPLACED: clientFrame(ping, 'a', { rsv: 4 }),
  FRAME_UNMASKED: frame(text, 'a'),
  FRAME_MASKED: clientFrame(text, 'a'),
  CONTROL_FRAGMENTED: clientFrame(ping, 'a', unfinished),
  CONTROL_TOO_LONG: clientFrame(ping, 'a'.repeat(126)),
  CONTROL_FRAMES_TOO_MANY: join(clientFrame(ping, ''), clientFrame(ping, ''), clientFrame(ping, '')),
  // A length of 1 in two bytes; with the top bit of eight; of 2^53.
  LENGTH_NOT_MINIMAL: hex('82 fe 0001 00000000'),
  LENGTH_TOP_BIT: hex('82 ff 8000000000000000 00000000'),
  LENGTH_UNSAFE: hex('82 ff 0020000000000000 00000000'),
  CONTINUATION_WITHOUT_START: clientFrame(0, 'a'),
  MESSAGE_INTERRUPTED: join(clientFrame(text, 'a', unfinished), clientFrame(text, 'b')),
  MESSAGE_TOO_LONG: clientFrame(binary, 'a'.repeat(9)),
  MESSAGE_TOO_MANY_FRAMES: join(
    clientFrame(text, 'a', unfinished),
    clientFrame(0, 'b', unfinished),
    clientFrame(0, 'c'),
  ),
  STREAM_TOO_LONG: clientFrame(binary, 'a'.repeat(9)),
  DEFLATE_CORRUPT: clientFrame(text, hex('ff ff'), { rsv: 4 }),
  TEXT_NOT_UTF8: clientFrame(text, hex('c3 28')),
  CLOSE_PAYLOAD_ONE_BYTE: clientFrame(close, hex('03')),
  CLOSE_CODE_FORBIDDEN: clientFrame(close, hex('03 ed')),
  CLOSE_REASON_NOT_UTF8: clientFrame(close, hex('03 e8 ff')),
} satisfies Partial<Record<ViolationCode, Uint8Array>>

/** What two sockets agree on that compress. */
const compression = {
  parameters: { serverTakeover: true, clientTakeover: true, serverWindowBits: 15, clientWindowBits: 15 },
  options: defaultCompression,
}

const settings: Partial<Readonly<Record<ViolationCode, Setting>>> = {
  CONTROL_FRAMES_TOO_MANY: { limits: { controlFramesPerSecond: 2 } },
  DEFLATE_BIT_MISPLACED: { server: { compression } },
  DEFLATE_CORRUPT: { server: { compression } },
  MESSAGE_TOO_LONG: { limits: { messageBytes: 8 } },
  MESSAGE_TOO_MANY_FRAMES: { limits: { messageFrames: 2 } },
  STREAM_TOO_LONG: { limits: { streamBytes: 8 }, server: { streamFrom: 0 } },
}

const violationWays = (Object.keys(offences) as (keyof typeof offences)[]).map((code) =>
  way(
    code,
    violations.find((row) => row.code === code)?.clause ?? '',
    ({ fromClient, fromServer }) => (code === 'FRAME_MASKED' ? fromServer : fromClient).write(offences[code]),
    settings[code],
  ),
)

/** Turns a bit over on its way: TLS notices, tells the other side with an alert, and gives up. */
function damagedWay(code: string, direction: 'to-client' | 'to-server', otherwise: NonNullable<Way['otherwise']>): Way {
  return {
    code,
    what: `a bit of TLS is turned over on its way ${direction}`,
    otherwise,
    run: async () => {
      const certificate = await selfSigned('localhost')
      const server = await serve(endpoint('/', { message: () => {} }), { tls: certificate })
      const relay = await relayTo(server.port)
      const client = await connect(`wss://localhost:${relay.port}/`, { tls: { ca: certificate.cert } })
      // A whole round trip, after which TLS has nothing of its own left to send.
      await client.ping()
      const [served] = server.sockets
      if (served === undefined) throw new Error('the server has no socket')
      relay.damage(direction)
      void (direction === 'to-client' ? served : client).send('damaged')
      const [clientEnd, serverEnd] = await Promise.all([client.closed, served.closed])
      return { client: toldOf(clientEnd), server: toldOf(serverEnd) }
    },
  }
}

export const endWays: readonly Way[] = [
  way('END_CLOSED', 'close()', ({ client }) => client.close(1000, 'done')),
  way('END_PEER_FIN', 'FIN without Close', ({ fromClient }) => fromClient.finish()),
  way('END_TERMINATED', 'terminate() on the server', ({ server }) => server.terminate(), {}, wasReset),
  way(
    'END_PEER_RESET',
    'terminate() on the client',
    ({ client }) => client.terminate(),
    {},
    {
      client: 'END_TERMINATED',
    },
  ),
  way(
    'END_HEARTBEAT_TIMEOUT',
    'the client is gone',
    ({ clock }) => clock.pass(100),
    {
      cut: true,
      limits: { heartbeatInterval: 50, heartbeatTimeout: 50 },
    },
    wasReset,
  ),
  way('END_IDLE_TIMEOUT', 'nothing is said', ({ clock }) => clock.pass(100), { limits: { idleTimeout: 100 } }),
  way('END_LIFETIME', 'time is up', ({ clock }) => clock.pass(100), { limits: { maxLifetime: 100 } }),
  way(
    'END_WRITE_TIMEOUT',
    'the client does not read',
    ({ server, fromClient, clock }) => {
      fromClient.pause()
      void server.send(new Uint8Array(100_000))
      return clock.pass(1_000)
    },
    { limits: { writeTimeout: 100 } },
    wasReset,
  ),
  way(
    'END_CLOSE_TIMEOUT',
    'Close is never answered',
    ({ server, clock }) => {
      void server.close(1000)
      return clock.pass(100)
    },
    { cut: true, limits: { closeTimeout: 100 } },
    wasReset,
  ),
  damagedWay('END_TRANSPORT_FAILED', 'to-client', { server: 'END_TLS_ALERT' }),
  damagedWay('END_TLS_ALERT', 'to-server', { server: 'END_TRANSPORT_FAILED' }),
  ...violationWays,
  way(
    'MEMORY_EXHAUSTED',
    'the process holds too much, and most of it for this client',
    async ({ fromClient, clock }) => {
      const { limit } = memory
      memory.limit = 1024
      try {
        fromClient.write(clientFrame(binary, new Uint8Array(2 * 1024 * 1024), unfinished))
        await clock.pass(0)
      } finally {
        memory.limit = limit
      }
    },
    { limits: { messageBytes: 8 * 1024 * 1024 } },
  ),
  way(
    'PEER_READS_TOO_SLOWLY',
    'more waits for the client than is held for it',
    ({ server, fromClient }) => {
      fromClient.pause()
      void server.send(new Uint8Array(20_000))
      void server.send(new Uint8Array(10))
      void server.send(new Uint8Array(10))
      fromClient.resume()
    },
    { server: { outgoing: { bytes: 5, policy: 'close' } } },
  ),
]
