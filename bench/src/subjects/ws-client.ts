import { createRequire } from 'node:module'
import { WebSocket } from 'ws'
import { runClient } from './client.ts'

const { version } = createRequire(import.meta.url)('ws/package.json') as { version: string }

await runClient(
  `ws ${version}`,
  (url, received) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url)
      socket.on('message', received)
      socket.on('error', reject)
      socket.on('open', () => resolve((bytes) => socket.send(bytes)))
    }),
)
