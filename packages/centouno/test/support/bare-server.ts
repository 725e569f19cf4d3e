import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerQuestions } from './answering.ts'

/** What `node:http` and `node:net` hold by themselves for an upgraded connection: the measure for what an engine adds. */
const server = http.createServer()
server.on('upgrade', (_request, stream) => {
  stream.on('error', () => {})
  stream.on('data', () => {})
  stream.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
})
const listening = new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
})

answerQuestions({ port: () => listening })
