import { connect, endpoint, listen } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDemo } from '../../src/demo/demo-server.ts'
import { LiveLadder } from '../../src/ladder/live-ladder.ts'
import type { Rung } from '../../src/wire/rung.ts'
import { Collected } from '../support/collected.ts'

/** Ladders of connections that are really made. */

let demo: Server

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
})
afterAll(() => demo.close())

function watch(): { rungs: Collected<Rung>; ladder: LiveLadder; options: Parameters<typeof connect>[1] } {
  const rungs = new Collected<Rung>()
  const ladder = new LiveLadder(rungs.add)
  return { rungs, ladder, options: { wire: ladder, observe: (change) => ladder.change(change), proxy: false } }
}

function story(rungs: Collected<Rung>): string[] {
  return rungs.items.map(({ layer, from, label }) => `${layer} ${from} ${label.en}`)
}

test('from SYN to FIN', async () => {
  const { rungs, options } = watch()
  const socket = await connect(`${demo.url}/echo`, options)
  await socket.send('hello')
  await rungs.find(({ from, label }) => from === 'server' && label.en === 'Text, 5 bytes')
  await socket.close(1000, 'done')
  await rungs.find(({ from, label }) => from === 'client' && label.en === 'FIN-ACK')
  const told = story(rungs)
  expect(told.slice(0, 9)).toEqual([
    'tcp client SYN',
    'tcp server SYN-ACK',
    'tcp client ACK',
    'http client GET /echo',
    'http server 101 Switching Protocols',
    'websocket client Text, 5 bytes',
    'websocket server Text, 5 bytes',
    'websocket client Close 1000',
    'websocket server Close 1000',
  ])
  expect(told.filter((line) => line.endsWith('FIN-ACK')).sort()).toEqual(['tcp client FIN-ACK', 'tcp server FIN-ACK'])
  for (const { layer, inferred, alarming } of rungs.items) {
    expect(inferred).toBe(layer === 'tcp')
    expect(alarming).toBe(false)
  }
  const times = rungs.items.map(({ atMs }) => atMs)
  expect(times).toEqual([...times].sort((one, other) => one - other))
})

test('a port where nobody listens: SYN, and the RST that answers it', async () => {
  const server = await listen({ port: 0, host: '127.0.0.1' }, endpoint('/', {}))
  const { port } = server
  await server.close()
  const { rungs, options } = watch()
  await expect(connect(`ws://127.0.0.1:${port}/`, options)).rejects.toThrow()
  expect(story(rungs)).toEqual(['tcp client SYN', 'tcp server RST-ACK'])
  expect(rungs.items.map(({ inferred, alarming }) => [inferred, alarming])).toEqual([
    [true, false],
    [true, true],
  ])
})

test('a refusal is an alarming response', async () => {
  const { rungs, options } = watch()
  await expect(connect(`${demo.url}/nowhere`, options)).rejects.toThrow()
  const refusal = await rungs.find(({ layer, from }) => layer === 'http' && from === 'server')
  expect(refusal).toMatchObject({ alarming: true })
})
