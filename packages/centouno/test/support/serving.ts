import type { Endpoint } from '../../src/server/endpoint.ts'
import { listen, type ListenOptions, type Server } from '../../src/server/listen.ts'
import { openingRequest, RawPeer, resetRawPeers } from './raw-peer.ts'

const servers: Server[] = []

/** Serves one endpoint on loopback, until `stopServing`. */
export async function serve(served: Endpoint, options: Partial<ListenOptions> = {}): Promise<Server> {
  const server = await listen({ port: 0, host: '127.0.0.1', ...options }, served)
  servers.push(server)
  return server
}

/** Ends every server and raw peer. */
export async function stopServing(): Promise<void> {
  resetRawPeers()
  for (const server of servers.splice(0)) await server.close()
}

/** A peer that has sent its opening request. */
export async function ask(server: { readonly port: number }, path: string, ...fields: string[]): Promise<RawPeer> {
  const peer = await RawPeer.connect(server.port)
  await peer.send(openingRequest(path, ...fields))
  return peer
}
