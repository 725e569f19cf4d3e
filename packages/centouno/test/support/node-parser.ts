import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { openingRequest, RawPeer } from './raw-peer.ts'

/**
 * Whether the HTTP parser of this Node refuses more fields than it keeps (2,000), as versions of 22, 24 and 26 do. Node 20
 * cuts the rest away without a word.
 */
export async function refusesManyFields(): Promise<boolean> {
  const server = http.createServer()
  let handedOver = false
  server.on('upgrade', (_request, stream) => {
    handedOver = true
    stream.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peer = await RawPeer.connect((server.address() as AddressInfo).port)
  await peer.send(openingRequest('/', ...Array.from({ length: 2_000 }, () => 'X: 1')))
  await peer.closed
  server.close()
  return !handedOver
}
