import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { peerPackage } from './peer-package.ts'

/** As much of its types as is used here. */
export interface FayeSocket {
  send(data: unknown): void
  on(event: string, listener: (event: { data: unknown }) => void): void
}

export interface Faye {
  readonly version: string
  readonly Client: new (url: string) => FayeSocket
  readonly Server: new (request: IncomingMessage, socket: Duplex, head: Buffer) => FayeSocket
}

export function loadFaye(): Faye {
  const { exports, version } = peerPackage('faye-websocket')
  const Server = exports as Faye['Server'] & { Client: Faye['Client'] }
  return { version, Server, Client: Server.Client }
}
