import { runClient } from './client.ts'
import { loadFaye } from './faye.ts'

const { Client, version } = loadFaye()

await runClient(
  version,
  (url, received) =>
    new Promise((resolve) => {
      const socket = new Client(url)
      socket.on('message', received)
      // It takes Buffers for binary messages, and nothing else.
      socket.on('open', () => resolve((bytes) => socket.send(Buffer.from(bytes.buffer))))
    }),
)
