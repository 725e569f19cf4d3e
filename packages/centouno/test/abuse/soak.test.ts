import { afterAll, afterEach, expect, test } from 'vitest'
import { clientFrame } from '../protocol/wire.ts'
import { AbuseServer, growth, type Growth, smallYoungGeneration } from '../support/abuse-server-process.ts'
import { dropAttackers, openAttackers, tcpAttacker } from '../support/attackers.ts'
import { startProgram, stopPrograms } from '../support/child-program.ts'
import type { Figures } from '../support/figures.ts'
import { openingRequest } from '../support/raw-peer.ts'

afterEach(dropAttackers)
afterAll(stopPrograms)

/** Made by our own client. */
const ownConnections = 2_000
/** Made by hand, because our server is what is measured and our client costs more. */
const rawConnections = 18_000
const atOnce = 100
const resets = 1_200

/** Milliseconds after which nothing of a connection may be left: it takes less than a tenth, on a machine that is idle. */
const longestAftermath = 10_000
/**
 * Mebibytes that a process may have taken from the system and kept, its young generation being small: pages of the heap and
 * of malloc that are in part in use. It takes less than 20; what is held is exact.
 */
const longestCreep = 32

test('a soak of 20,000 connections, opened, used and closed, leaves memory, handles and descriptors as they were', async ({
  annotate,
}) => {
  const server = await AbuseServer.start({}, smallYoungGeneration)
  const client = await startProgram('abuse-client', {}, smallYoungGeneration)
  const churn = async (count: number, raw: boolean): Promise<void> => {
    const question = { ask: 'churn', url: server.url, count, batch: atOnce, raw }
    expect(await client.ask<number>(question)).toBe(count)
  }
  const figures = (): Promise<Figures[]> => Promise.all([server.program.figures(), client.figures()])

  await churn(ownConnections, false)
  await churn(ownConnections, true)
  await server.emptied(longestAftermath)
  const before = await figures()
  const began = performance.now()
  await churn(ownConnections, false)
  const own = performance.now()
  await churn(rawConnections, true)
  const raw = performance.now()
  await server.emptied(longestAftermath)
  expect(await server.sockets()).toBe(0)
  const after = await figures()

  const [ours, theirs] = after.map((figure, index) => growth(before[index] ?? figure, figure))
  await annotate(
    `server ${shown(ours)}, client ${shown(theirs)}; ` +
      `a second: ${Math.round((ownConnections * 1000) / (own - began))} of our client, ` +
      `${Math.round((rawConnections * 1000) / (raw - own))} by hand`,
  )
  for (const creep of [ours, theirs]) {
    expect(creep?.resident).toBeLessThan(longestCreep)
    // Exact: a leak of 50 bytes for each connection shows.
    expect(creep?.held).toBeLessThan(1)
  }
  expect(after.map(({ handles }) => handles)).toEqual(before.map(({ handles }) => handles))
  expect(after.map(({ descriptors }) => descriptors)).toEqual(before.map(({ descriptors }) => descriptors))
  expect((await server.counts()).ends).toEqual({
    END_CLOSED: 3 * ownConnections + rawConnections,
  })
  server.program.mustBeUnharmed()
  client.mustBeUnharmed()
}, 180_000)

test('Deno 2.9.6: 1,200 resets at six stages give every descriptor back at once', async ({ annotate }) => {
  const server = await AbuseServer.start()
  await server.emptied()
  const before = await server.descriptors()
  const request = openingRequest('/')
  const stages: readonly (() => Promise<void>)[] = [
    async () => void (await tcpAttacker(server.port)).resetAndDestroy(),
    () => resetAfter(request.slice(0, 20)),
    () => resetAfter(request),
    () => resetAfter(request + Buffer.from(clientFrame(1, 'hello')).toString('latin1')),
    () => resetAfter(request + Buffer.from(clientFrame(1, 'hello').subarray(0, 8)).toString('latin1')),
    async () => {
      const [socket] = await openAttackers(server.port, 1)
      socket?.resetAndDestroy()
    },
  ]
  const resetAfter = async (bytes: string): Promise<void> => {
    const socket = await tcpAttacker(server.port)
    await new Promise<void>((resolve) => socket.write(bytes, 'latin1', () => resolve()))
    socket.resetAndDestroy()
  }
  for (let done = 0; done < resets; done += stages.length * 10) {
    await Promise.all(stages.flatMap((stage) => Array.from({ length: 10 }, stage)))
  }
  const ended = performance.now()
  await server.emptied(longestAftermath)
  await annotate(`empty after ${Math.round(performance.now() - ended)} ms; ${JSON.stringify(await server.counts())}`)
  expect(await server.descriptors()).toBe(before)
  server.program.mustBeUnharmed()
})

function shown(creep: Growth | undefined): string {
  return `${creep?.held.toFixed(2)} MiB held, ${creep?.resident.toFixed(2)} MiB resident`
}
