import { expect, test } from 'vitest'
import { defaultConnectionLimits } from '../../src/protocol/connection/limits.ts'
import { closingCode } from '../../src/report/closing-text.ts'
import { defaultCompression } from '../../src/socket/deflate/compression-options.ts'
import type { Message } from '../../src/socket/inbox.ts'
import { Socket } from '../../src/socket/socket.ts'
import { memoryPair } from '../../src/transport/memory-pair.ts'
import { finishAfter } from '../support/finishing-peer.ts'
import { fuzz, fuzzTimeout, leastShare, replay } from './fuzz.ts'
import { compressedFrames } from './inputs.ts'
import { closingOutcome, must, type Outcome } from './outcomes.ts'

const runs = 400

const limits = { ...defaultConnectionLimits, messageBytes: 1_000, messageFrames: 5 }
const parameters = { serverTakeover: true, clientTakeover: true, serverWindowBits: 15, clientWindowBits: 15 }

interface Reading {
  readonly messages: readonly Message[]
  readonly code: string
  readonly violated: boolean
}

/** What a server makes of the bytes, when they come in pieces of that size and then FIN. */
async function read(bytes: Uint8Array, pieceBytes: number): Promise<Reading> {
  const [peer, transport] = memoryPair()
  const server = new Socket({
    role: 'server',
    transport,
    subprotocol: '',
    extensions: [],
    early: new Uint8Array(0),
    limits,
    compression: { parameters, options: defaultCompression },
  })
  const messages: Message[] = []
  server.consume({ message: (message) => void messages.push(message), closed: () => undefined })
  finishAfter(peer)
  for (let at = 0; at < bytes.length; at += pieceBytes) peer.write(bytes.slice(at, at + pieceBytes))
  peer.finish()
  const closing = await server.closed
  return { messages, code: closingCode(closing), violated: closing.violation !== undefined }
}

async function attempt(bytes: Uint8Array): Promise<Outcome> {
  const whole = await read(bytes, Math.max(1, bytes.length))
  const dripped = await read(bytes, Math.max(1, Math.ceil(bytes.length / 7)))
  must(JSON.stringify(dripped) === JSON.stringify(whole), 'another split gives other messages, or another end')
  for (const message of whole.messages) must(message.length <= limits.messageBytes, 'a message over the limit')
  return closingOutcome(whole.code, whole.violated)
}

test('each of the corpus is parsed or refused', async () => {
  expect(await replay('compressed-frames', attempt)).toBeGreaterThan(10)
})

test(
  'whatever is made up is parsed or refused',
  async () => {
    expect(await fuzz('compressed-frames', compressedFrames, runs, attempt)).toBeGreaterThan(leastShare)
  },
  fuzzTimeout,
)
