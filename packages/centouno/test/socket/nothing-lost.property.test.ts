import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Closing } from '../../src/protocol/connection/closing.ts'
import type { Message } from '../../src/socket/inbox.ts'
import type { Socket } from '../../src/socket/socket.ts'
import { SocketClosedError } from '../../src/socket/socket-errors.ts'
import { pair, type Pair } from '../../src/testing/pair.ts'

/*
 * Nothing that arrives on an open socket is lost, in whatever order the application and the network get to it: not a
 * message, not an error, not the end. Both run on one clock, so that each schedule is the same in every run.
 */

/** How the application comes to read. All times are milliseconds. */
interface Reading {
  readonly way: 'consume' | 'iterate' | 'iterate in open' | 'streams'
  /** Before it begins at all. */
  readonly attachAfter: number
  /** What `open` waits for. */
  readonly openTakes: number
  /** What it waits for between a message and the next. */
  readonly messageTakes: readonly number[]
  /** Leaves its loop after so many messages, and begins another one. */
  readonly leavesAfter: number
  /** Where messages are read as streams: from how many bytes on they come while they arrive. */
  readonly streamFrom: number
}

/** What the other side does, and when. */
interface Sending {
  readonly messages: readonly { readonly after: number; readonly text: string }[]
  readonly end: 'close' | 'terminate' | 'fin' | 'reset' | 'fail'
  readonly endAfter: number
}

const millisecond = fc.integer({ min: 0, max: 12 })
const reading = fc.record<Reading>({
  way: fc.constantFrom('consume', 'iterate', 'iterate in open', 'streams'),
  attachAfter: fc.integer({ min: 0, max: 60 }),
  openTakes: millisecond,
  messageTakes: fc.array(millisecond, { minLength: 1, maxLength: 4 }),
  leavesAfter: fc.integer({ min: 1, max: 5 }),
  streamFrom: fc.integer({ min: 0, max: 100 }),
})
const sending = fc.record<Sending>({
  messages: fc.array(fc.record({ after: millisecond, text: fc.string({ maxLength: 300 }) }), { maxLength: 10 }),
  end: fc.constantFrom('close', 'terminate', 'fin', 'reset', 'fail'),
  endAfter: fc.integer({ min: 0, max: 20 }),
})

/** What the application has seen. */
interface Seen {
  readonly messages: string[]
  /** The ends that errors told of. */
  readonly errors: unknown[]
  readonly ends: Closing[]
}

test('no order of awaits loses a message, an error or a close', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      reading,
      sending,
      fc.integer({ min: 0, max: 5 }),
      fc.integer(),
      async (reads, sends, latency, seed) => {
        const streams = reads.way === 'streams' ? { server: { streamFrom: reads.streamFrom } } : {}
        const parts = pair({
          latency,
          chunks: { seed, most: 100 },
          mark: 500,
          flow: { inboxBytes: 1_000, outputBytes: 1_000 },
          ...streams,
        })
        const seen: Seen = { messages: [], errors: [], ends: [] }
        const sent = send(parts, sends)
        const read = attach(parts, reads, seen)
        await parts.clock.advance(20_000)
        await Promise.all([sent, read])
        const closing = await parts.server.closed
        expect(seen).toEqual(expected(reads, sends, closing))
        expect(closing).toMatchObject(endings[sends.end])
      },
    ),
    { numRuns: 400 },
  )
})

/** Sends as the schedule has it. */
async function send({ client, clock, toServer }: Pair, { messages, end, endAfter }: Sending): Promise<void> {
  for (const { after, text } of messages) {
    await sleep(clock, after)
    await client.send(text)
  }
  // An end that is no Close may overtake what is under way, as it does on a real network; here it comes when all is there.
  await sleep(clock, end === 'close' ? endAfter : 2_000)
  if (end === 'close') void client.close(4000, 'enough')
  else if (end === 'terminate') client.terminate()
  else if (end === 'fail') void client.sendStream(failing())
  else toServer.cutAfter(toServer.bytes, end)
}

const half = 'half a message'

async function* failing(): AsyncGenerator<string> {
  yield half
  throw new Error('no more')
}

async function attach({ server, clock }: Pair, reads: Reading, seen: Seen): Promise<void> {
  await sleep(clock, reads.attachAfter)
  let count = 0
  const take = async (message: Message): Promise<void> => {
    seen.messages.push(String(message))
    await sleep(clock, reads.messageTakes[count++ % reads.messageTakes.length] ?? 0)
  }
  const fail = (error: unknown): void => {
    seen.errors.push(error instanceof SocketClosedError ? error.closing : error)
  }
  const iterate = (): Promise<void> => readAll(server, reads, take).catch(fail)
  if (reads.way === 'iterate') return iterate()
  if (reads.way === 'streams') return readStreams(server, take).catch(fail)
  const inOpen = reads.way === 'iterate in open'
  const closed = new Promise<void>((resolve) => {
    server.consume({
      async open() {
        await sleep(clock, reads.openTakes)
        if (inOpen) await iterate()
      },
      ...(!inOpen && { message: take }),
      closed(closing) {
        seen.ends.push(closing)
        resolve()
      },
    })
  })
  return closed
}

async function readAll(
  server: Socket,
  { leavesAfter }: Reading,
  take: (message: Message) => Promise<void>,
): Promise<void> {
  for (let ended = false; !ended;) {
    let count = 0
    ended = true
    for await (const message of server) {
      await take(message)
      count += 1
      ended = count < leavesAfter
      if (!ended) break
    }
  }
}

async function readStreams(server: Socket, take: (message: Message) => Promise<void>): Promise<void> {
  for await (const stream of server.streams()) await take(await stream.text())
}

function sleep(clock: Pair['clock'], milliseconds: number): Promise<void> {
  return new Promise((resolve) => clock.set(milliseconds, resolve))
}

/** What should have been seen. */
function expected(reads: Reading, { messages, end }: Sending, closing: Closing): Seen {
  const handled = reads.way === 'consume' || reads.way === 'iterate in open'
  // A reader is told of an end that was not clean by an error, a handler by the account of it: each once, nobody twice.
  const brokeOff = reads.way === 'streams' && end === 'fail' && reads.streamFrom <= half.length
  const thrown = reads.way !== 'consume' && (!closing.clean || brokeOff)
  return {
    messages: messages.map(({ text }) => decoder.decode(encoder.encode(text))),
    errors: thrown ? [closing] : [],
    ends: handled ? [closing] : [],
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const endings = {
  close: { clean: true, code: 4000, reason: 'enough', cause: 'closing-handshake' },
  terminate: { clean: false, cause: 'peer-reset' },
  fin: { clean: false, cause: 'peer-fin' },
  reset: { clean: false, cause: 'peer-reset' },
  fail: { clean: true, code: 1011 },
} as const
