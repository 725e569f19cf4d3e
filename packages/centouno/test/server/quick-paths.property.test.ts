import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { readBuffer } from '../../src/native/provide-kernels.ts'
import { kernels } from '../../src/protocol/kernels.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import type { Message } from '../../src/socket/inbox.ts'
import { sharedReading } from '../../src/transport/shared-reading.ts'
import { clientFrame } from '../protocol/wire.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

const { masking, text } = kernels
const { enabled } = sharedReading
afterEach(() => {
  Object.assign(kernels, { masking, text })
  sharedReading.enabled = enabled
})
afterAll(stopServing)

/** What a server hears of bytes that come over TCP, cut into writes of these lengths. */
async function heard(wire: Uint8Array, cuts: readonly number[], count: number): Promise<Message[]> {
  const messages: Message[] = []
  let all: (() => void) | undefined
  const arrived = new Promise<void>((resolve) => {
    all = resolve
  })
  const served = endpoint('/', {
    message(_, data) {
      messages.push(data)
      if (messages.length === count) all?.()
    },
  })
  const server = await serve(served)
  const peer = await ask(server, '/')
  await peer.head()
  let at = 0
  for (const cut of cuts) {
    await peer.send(wire.subarray(at, at + cut))
    at += cut
  }
  await peer.send(wire.subarray(at))
  await arrived
  await stopServing()
  return messages
}

const contents = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.nat({ max: 200_000 }).map((length) => new Uint8Array(length).fill(length)),
  fc.nat({ max: 70_000 }).map((length) => 'ü'.repeat(length)),
)

describe.each([
  ['all quick paths', {}, true],
  ['no masking kernel', { masking: undefined }, true],
  ['no text kernel', { text: undefined }, true],
  ['reading by data events', {}, false],
  ['all plain', { masking: undefined, text: undefined }, false],
] as const)('%s', (_name, changed, reading) => {
  test('the same messages arrive, however the bytes are cut, and each has memory of its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(contents, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 3_000 }), { maxLength: 8 }),
        async (sent, cuts) => {
          Object.assign(kernels, changed)
          sharedReading.enabled = reading
          const wire = Buffer.concat(sent.map((each) => clientFrame(typeof each === 'string' ? 1 : 2, each)))
          const messages = await heard(wire, cuts, sent.length)
          expect(messages.map(plain)).toEqual(sent.map(plain))
          for (const message of messages) {
            if (typeof message === 'string') continue
            // A message that is kept keeps nothing else: neither a slab nor what sockets read into.
            expect(message.buffer.byteLength).toBe(message.byteLength)
            expect(message.buffer).not.toBe(readBuffer.buffer)
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})

/** As a string, which compares and prints well. */
function plain(message: Message): string {
  return typeof message === 'string' ? message : Buffer.from(message).toString('base64')
}
