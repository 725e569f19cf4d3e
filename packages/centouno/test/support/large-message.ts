import { connect, endpoint, listen } from '../../src/index.ts'
import type { MessageStream } from '../../src/socket/message-stream.ts'
import type { Socket } from '../../src/socket/socket.ts'
import { pair } from '../../src/testing.ts'
import { answerQuestions } from './answering.ts'

/** Sends one large message as a stream, receives it as a stream, and tells what that took. */

const chunkBytes = 64 * 1024

interface Transfer {
  readonly bytes: number
  /** Of what the process holds, garbage left out, at its highest. */
  readonly growth: number
  /** Of the resident memory, at its highest: garbage and what the system has not been given back are in it. */
  readonly resident: number
}

async function* chunks(bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes; at += chunkBytes) yield new Uint8Array(Math.min(chunkBytes, bytes - at)).fill(at)
}

/** Bytes of the heap and of buffers that are in use: what a collection leaves. */
function held(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Reads a message to its end, looking at the memory as it goes. */
class Meter {
  readonly bytes: Promise<number>
  highest = 0
  highestResident = 0
  #done: ((bytes: number) => void) | undefined

  constructor() {
    this.bytes = new Promise((resolve) => {
      this.#done = resolve
    })
  }

  readonly read = async (message: MessageStream): Promise<void> => {
    let bytes = 0
    let pieces = 0
    for await (const piece of message) {
      bytes += piece.length
      pieces += 1
      if (pieces % 64 !== 0) continue
      this.highestResident = Math.max(this.highestResident, process.memoryUsage.rss())
      this.highest = Math.max(this.highest, held())
    }
    this.#done?.(bytes)
  }
}

async function measured(client: Socket, meter: Meter, bytes: number): Promise<Transfer> {
  const before = held()
  const residentBefore = process.memoryUsage.rss()
  await client.sendStream(chunks(bytes))
  const arrived = await meter.bytes
  await client.close(1000)
  if (meter.highest === 0) throw new Error('the message was too small to be measured')
  return { bytes: arrived, growth: meter.highest - before, resident: meter.highestResident - residentBefore }
}

async function inMemory(bytes: number): Promise<Transfer> {
  const { client, server } = pair({ server: { streamFrom: 0 } })
  const meter = new Meter()
  server.consume({ stream: meter.read, closed: () => undefined })
  return measured(client, meter, bytes)
}

async function overTcp(bytes: number): Promise<Transfer> {
  const meter = new Meter()
  const upload = endpoint('/upload', { stream: (_socket, message) => meter.read(message) })
  await using server = await listen({ port: 0, host: '127.0.0.1' }, upload)
  await using client = await connect(`ws://127.0.0.1:${server.port}/upload`)
  return await measured(client, meter, bytes)
}

answerQuestions({
  memory: ({ bytes }) => inMemory(Number(bytes)),
  tcp: ({ bytes }) => overTcp(Number(bytes)),
})
