import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type Server } from '../../src/server/listen.ts'
import { clientFrame, join } from '../protocol/wire.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'

const errors: unknown[] = []
let server: Server
beforeAll(async () => {
  server = await listen(
    {
      port: 0,
      host: '127.0.0.1',
      handshakeTimeout: 50,
      limits: { closeTimeout: 50, lingerTimeout: 50 },
      onError: (error) => errors.push(error),
    },
    endpoint('/', { message: (socket, data) => socket.send(data) }),
  )
})
afterAll(async () => {
  resetRawPeers()
  await server.close()
})

const valid = join(Buffer.from(openingRequest('/'), 'latin1'), clientFrame(1, 'hello'), clientFrame(9, 'p'))

/** A valid exchange with some of its bytes replaced, and its end cut off. */
const damaged = fc
  .record({
    changes: fc.array(fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    length: fc.integer({ min: 1, max: valid.length }),
  })
  .map(({ changes, length }) => {
    const bytes = valid.slice(0, length)
    for (const [at, byte] of changes) if (at < length) bytes[at] = byte
    return bytes
  })

test('H-SEC-04: whatever comes, it is answered with 101, with an error, or with the end of the connection', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ minLength: 1, maxLength: 300 })), async (bytes) => {
      const peer = await RawPeer.connect(server.port)
      await peer.send(bytes)
      peer.finish()
      const answer = await peer.all()
      expect(answer === '' || /^HTTP\/1\.1 (?:101|[45]\d\d) /.test(answer)).toBe(true)
    }),
    { numRuns: 200 },
  )
  expect(errors).toEqual([])
  const witness = await RawPeer.connect(server.port)
  await witness.send(valid)
  expect(await witness.texts(1)).toHaveLength(1)
})
