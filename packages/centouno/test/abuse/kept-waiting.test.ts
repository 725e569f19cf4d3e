import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { clientFrame, hex } from '../protocol/wire.ts'
import { AbuseServer } from '../support/abuse-server-process.ts'
import { stopPrograms } from '../support/child-program.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'

/*
 * Peers that keep a server with default limits waiting, in real time. These tests wait and measure nothing that others
 * could disturb: they run beside each other, and beside other files.
 */

afterAll(async () => {
  resetRawPeers()
  await stopPrograms()
})

/** Milliseconds by which a machine may be late: long enough for a slow one, and not for ever. */
const late = 15_000

test.concurrent('SECURITY 5.2, slowloris: whoever does not complete a request is let go after ten seconds, and told why', async ({
  annotate,
}) => {
  const server = await AbuseServer.start()
  const request = openingRequest('/', `X: ${'a'.repeat(5_000)}`)
  const timed = async (begin: (peer: RawPeer) => unknown): Promise<number> => {
    const peer = await RawPeer.connect(server.port)
    const began = performance.now()
    const going = begin(peer)
    expect(await peer.all()).toContain('code: H-SRV-25')
    const took = performance.now() - began
    await going
    return took
  }
  const dripping = (from: number) => async (peer: RawPeer) => {
    await peer.send(request.slice(0, from))
    for (const byte of request.slice(from)) {
      if (peer.ended) return
      await peer.send(byte)
      await delay(100)
    }
  }
  const cases = {
    connect_silent: timed(() => {}),
    half_request_line: timed((peer) => peer.send('GET /')),
    half_headers: timed((peer) => peer.send(request.slice(0, 80))),
    byte_drip: timed(dripping(0)),
    header_drip: timed(dripping(100)),
  }
  const { testimony } = await server.witnessed(() => Promise.all(Object.values(cases)))
  const seconds: Record<string, string> = {}
  for (const [name, wait] of Object.entries(cases)) {
    const took = await wait
    seconds[name] = (took / 1000).toFixed(1)
    expect(took).toBeGreaterThan(9_900)
    expect(took).toBeLessThan(10_000 + late)
  }
  await annotate(JSON.stringify(seconds))
  expect(testimony.longest).toBeLessThan(late)
  expect((await server.counts()).refusals).toEqual({ 'H-SRV-25': 5 })
  await server.emptied()
  server.program.mustBeUnharmed()
})

test.concurrent('SECURITY 5.2: whoever stays after a refusal or a Close is let go', async ({ annotate }) => {
  const server = await AbuseServer.start()
  const timed = async (...bytes: readonly (string | Uint8Array)[]): Promise<number> => {
    // Neither answers FIN nor sends anything more.
    const peer = await RawPeer.connect(server.port, false)
    await peer.send(...bytes)
    await peer.all()
    const began = performance.now()
    await server.emptied(5_000 + 2 * late)
    return performance.now() - began
  }
  const afterRejection = await timed('GET / HTTP/1.1\r\n\r\n')
  // Half a frame is no answer to a Close either.
  const closeNotAnswered = await timed(openingRequest('/'), hex('83 80 00000000'), clientFrame(1, 'x').subarray(0, 3))
  await annotate(
    `after_rejection ${afterRejection.toFixed(0)} ms, close_not_answered ${closeNotAnswered.toFixed(0)} ms`,
  )
  expect(afterRejection).toBeLessThan(2_000 + late)
  expect(closeNotAnswered).toBeLessThan(5_000 + late)
  server.program.mustBeUnharmed()
})
