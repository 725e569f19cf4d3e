import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LinkEnd } from './memory-link.ts'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { framesOf } from '../wire.ts'
import type { Side } from './closing-handshake-commands.ts'
import { Close, Deliver, Model, Ping, Send, Terminate, Wait } from './closing-handshake-commands.ts'
import { MemoryLink } from './memory-link.ts'

/*
 * The closing handshake against a model: two connections, a wire between them, and any order of what can happen. The
 * model knows only what each application asked for; from that follows what must be told at either end.
 */

const closeTimeout = 100

/** Delivers all there is, until nothing moves. */
function settle(link: MemoryLink): void {
  for (let round = 0; round < 1000; round++) {
    const moved = [link.deliver(link.client, 5), link.deliver(link.server, 5)]
    if (!moved.includes(true)) return
  }
  throw new Error('it never settles')
}

function texts(end: LinkEnd): string[] {
  return end.sink.events.flatMap((event) => (event[0] === 'text' ? [event[1]] : []))
}

/** What holds for each end, whatever happened. */
function checkEnd(end: LinkEnd): void {
  const { names, writes } = end.sink
  expect(names.filter((name) => name === 'ended')).toHaveLength(1)
  expect(names.at(-1)).toBe('ended')
  expect(names.filter((name) => name === 'finish').length).toBeLessThanOrEqual(1)
  expect(names.filter((name) => name === 'closeReceived').length).toBeLessThanOrEqual(1)
  if (names.includes('closeReceived')) {
    expect(names.slice(names.indexOf('closeReceived')).filter((name) => name === 'text')).toEqual([])
  }
  const opcodes = writes.flatMap((bytes) => framesOf(bytes).map(({ opcode }) => opcode))
  if (opcodes.includes(8)) expect(opcodes.indexOf(8), 'nothing follows a Close').toBe(opcodes.length - 1)
  expect(end.connection.state).toBe('closed')
  expect(end.connection.wakeAt).toBeUndefined()
  const { closing } = end.sink
  expect(closing.clean).toBe(closing.cause === 'closing-handshake')
  expect(closing.clean).toBe(closing.sent !== undefined && closing.received !== undefined)
  expect(closing.violation, 'neither end ever breaks a rule').toBeUndefined()
}

const side = fc.constantFrom<Side>('client', 'server')
const peaceful = [
  fc.tuple(side, fc.string({ maxLength: 4 })).map(([who, text]) => new Send(who, text)),
  side.map((who) => new Ping(who)),
  fc
    .tuple(side, fc.constantFrom(undefined, 1000, 4001), fc.string({ maxLength: 5 }))
    .map(([who, code, reason]) => new Close(who, code, reason)),
  fc.tuple(side, fc.integer({ min: 1, max: 12 })).map(([who, count]) => new Deliver(who, count)),
  fc.tuple(side, fc.integer({ min: 1, max: 12 })).map(([who, count]) => new Deliver(who, count)),
]
const rough = [
  side.map((who) => new Terminate(who)),
  fc.constantFrom(1, 60, closeTimeout).map((time) => new Wait(time)),
]

function run(commands: Iterable<fc.Command<Model, MemoryLink>>): { model: Model; link: MemoryLink } {
  const model = new Model()
  const link = new MemoryLink({ ...defaultConnectionLimits, messageBytes: 1000, messageFrames: 10, closeTimeout })
  fc.modelRun(() => ({ model, real: link }), commands)
  // One of them closes in the end, and time is left for it.
  new Close('client', 1000, 'the end').run(model, link)
  settle(link)
  if (!model.peaceful) for (let count = 0; count < 3; count++) link.wait(closeTimeout)
  for (const end of [link.client, link.server]) checkEnd(end)
  return { model, link }
}

test('H-CLS-02: left in peace, both ends come to a clean end, and no message is lost', () => {
  fc.assert(
    fc.property(fc.commands(peaceful, { maxCommands: 40 }), (commands) => {
      const { model, link } = run(commands)
      for (const [own, peer] of [
        ['client', 'server'],
        ['server', 'client'],
      ] as const) {
        const { closing } = link[own].sink
        expect(closing.clean).toBe(true)
        // Each sends what its application asked for, or else what the peer's did.
        expect(closing.sent).toEqual(model.applications[own].closed ?? model.applications[peer].closed)
        expect(closing.received, 'what one sent is what the other received').toEqual(link[peer].sink.closing.sent)
        expect({ code: closing.code, reason: closing.reason }).toEqual(closing.received)
        expect(texts(link[own])).toEqual(model.applications[peer].sent)
      }
      // H-CLS-03: the server's FIN goes first, so that it holds TIME_WAIT.
      expect(link.finOrder).toEqual(['server', 'client'])
    }),
    { numRuns: 500 },
  )
})

test('whatever happens, both ends come to an end, once, and what was delivered is a beginning of what was sent', () => {
  fc.assert(
    fc.property(fc.commands([...peaceful, ...rough], { maxCommands: 40 }), (commands) => {
      const { model, link } = run(commands)
      for (const [own, peer] of [
        ['client', 'server'],
        ['server', 'client'],
      ] as const) {
        const received = texts(link[own])
        expect(received).toEqual(model.applications[peer].sent.slice(0, received.length))
      }
    }),
    { numRuns: 500 },
  )
})
