import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import type { ConnectionOptions, TlsOptions, TLSSocket } from 'node:tls'
import type { TapePiece } from '../../src/wire/tape.ts'
import { recordingRelay } from './tls-tape.ts'

export interface Conversation {
  readonly pieces: readonly TapePiece[]
  readonly keys: readonly string[]
  /** What went wrong on the client's side, if anything. */
  readonly error: Error | undefined
  /** The last session that the client was given. */
  readonly session: Buffer | undefined
}

export interface ConversationOptions {
  readonly server: TlsOptions
  readonly client?: ConnectionOptions
  /** What the client does once it is secure. Default: it says `hello`, hears it back, and ends. */
  readonly talk?: (client: TLSSocket, server: TLSSocket) => Promise<void>
}

/** Lets a client and a server of Node speak TLS, and gives what crossed between them. The server echoes. */
export async function converse({
  server: serverOptions,
  client = {},
  talk = sayHello,
}: ConversationOptions): Promise<Conversation> {
  const server = createServer(serverOptions, (socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.on('tlsClientError', () => {})
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>
  accepted.catch(() => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const relay = await recordingRelay((server.address() as AddressInfo).port)
  const keys: string[] = []
  let session: Buffer | undefined
  let error: Error | undefined
  const socket = connect({
    port: relay.port,
    host: '127.0.0.1',
    servername: 'localhost',
    rejectUnauthorized: false,
    ...client,
  })
  socket.on('keylog', (line: Buffer) => keys.push(line.toString()))
  socket.on('session', (given: Buffer) => (session = given))
  const closed = new Promise<void>((resolve) => {
    socket.on('error', (reason) => (error = reason))
    socket.on('close', () => resolve())
  })
  await Promise.race([closed, talking(socket, accepted, talk)])
  await closed
  await relay.over
  relay.close()
  server.close()
  return { pieces: relay.pieces, keys, error, session }
}

async function talking(
  socket: TLSSocket,
  accepted: Promise<[TLSSocket]>,
  talk: NonNullable<ConversationOptions['talk']>,
): Promise<void> {
  try {
    await once(socket, 'secureConnect')
    const [peer] = await accepted
    await talk(socket, peer)
  } catch {
    // A handshake that fails is what some tests are about: `error` has it.
    socket.destroy()
  }
}

async function sayHello(client: TLSSocket): Promise<void> {
  client.write('hello')
  await once(client, 'data')
  client.end()
}
