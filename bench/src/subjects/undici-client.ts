import { connectBy, runClient } from './client.ts'
import { peerPackage } from './peer-package.ts'

// The latest needs Node 22.
const isOld = Number(process.versions.node.split('.')[0]) < 22
const { exports, version } = peerPackage(isOld ? 'undici-7' : 'undici')
const { WebSocket: Undici } = exports as { WebSocket: new (url: string) => unknown }

await runClient(
  version,
  connectBy((url) => new Undici(url)),
)
