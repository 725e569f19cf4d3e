import { connect } from 'centouno'
import { runClient } from './client.ts'

await runClient(`Node ${process.version}`, async (url, received) => {
  const socket = await connect(url)
  socket.consume({ message: () => received(), closed() {} })
  return (bytes) => void socket.send(bytes)
})
