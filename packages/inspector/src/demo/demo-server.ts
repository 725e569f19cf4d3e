import { endpoint, listen } from 'centouno'
import type { Closing, Endpoint, RefusedRequest, Server, ServerSocket } from 'centouno'
import type { Behaviour } from './behaviour.ts'
import { makeCertificate } from './certificate.ts'
import { ChatRoom } from './chat-room.ts'
import { Clock } from './clock.ts'
import { echo } from './echo.ts'

/** What the demo server can do. */
export type DemoMode = 'echo' | 'chat' | 'time'
export const demoModes: readonly DemoMode[] = ['echo', 'chat', 'time']

/** What the demo server tells of what happens on it. */
export interface DemoWatcher {
  connected?(socket: ServerSocket): void
  /** A message of that many bytes came. */
  message?(socket: ServerSocket, bytes: number): void
  refused?(refused: RefusedRequest): void
  ended?(socket: ServerSocket, closing: Closing): void
}

/** How to run it. */
export interface DemoOptions {
  /** 0 for any free one. */
  readonly port: number
  /** What is done at `/`; `/echo`, `/chat` and `/time` are always there. */
  readonly mode: DemoMode
  /** Speaks `wss`, with a certificate made on the spot. */
  readonly tls: boolean
  /** Bytes of one message at most. Default 64 MiB. */
  readonly maxMessage?: number | undefined
  readonly watcher?: DemoWatcher
}

// Only for trying things out on this machine: reachable from nowhere else, so that pages of any origin may try it.
const host = '127.0.0.1'
const subprotocols = ['chat.v1', 'echo.v1']
const defaultMaxMessage = 64 * 1024 * 1024

/** Starts the demo server. @throws ListenError when the port cannot be had. */
export async function startDemo(demo: DemoOptions): Promise<Server> {
  const { port, mode, tls, maxMessage = defaultMaxMessage, watcher = {} } = demo
  const behaviours: Readonly<Record<DemoMode, Behaviour>> = { echo, chat: new ChatRoom(), time: new Clock() }
  const certificate = tls ? { tls: await makeCertificate() } : {}
  const options = {
    port,
    host,
    origins: 'any',
    limits: { messageBytes: maxMessage },
    onRefused: (refused: RefusedRequest) => watcher.refused?.(refused),
    ...certificate,
  } as const
  return listen(
    options,
    serve('/', behaviours[mode], watcher),
    ...demoModes.map((each) => serve(`/${each}`, behaviours[each], watcher)),
  )
}

function serve(path: string, behaviour: Behaviour, watcher: DemoWatcher): Endpoint {
  return endpoint(path, {
    subprotocols,
    open(socket) {
      watcher.connected?.(socket)
      return behaviour.open?.(socket)
    },
    message(socket, data) {
      watcher.message?.(socket, typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength)
      return behaviour.message?.(socket, data)
    },
    close(socket, closing) {
      behaviour.close?.(socket)
      watcher.ended?.(socket, closing)
    },
  })
}
