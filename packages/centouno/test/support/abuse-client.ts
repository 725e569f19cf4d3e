import net from 'node:net'
import { connect } from '../../src/client/connect.ts'
import type { ClientSocket } from '../../src/client/client-socket.ts'
import { closingCode } from '../../src/report/closing-text.ts'
import { ConnectError } from '../../src/client/connect-error.ts'
import type { ConnectOptions } from '../../src/client/connect-options.ts'
import { clientFrame, join } from '../protocol/wire.ts'
import { answerQuestions } from './answering.ts'
import { openingRequest, RawPeer } from './raw-peer.ts'

/** How a naive client fared: whether it opened, what it was told, and how it ended. */
export interface Fate {
  /** The code with which connecting failed; undefined when it opened. */
  readonly refused?: string
  readonly messages: number
  /** The code of the end. */
  readonly end?: string
  readonly sent?: number
}

/** The longest of the waits of a witness for its echo, in milliseconds, and how many there were. */
export interface Testimony {
  readonly longest: number
  readonly echoes: number
}

interface ChurnRequest {
  readonly url: string
  readonly count: number
  readonly batch: number
  /** Without our client. */
  readonly raw: boolean
}

const helloAndClose = join(clientFrame(1, 'hello'), clientFrame(8, Uint8Array.of(0x03, 0xe8)))

let testimony: { stop: boolean; done: Promise<Testimony> } | undefined

answerQuestions({
  connect: (question) => fate(String(question['url']), question['options'] as ConnectOptions),
  churn: (question) => {
    const { url, count, batch, raw } = question as unknown as ChurnRequest
    return churn(count, batch, raw ? () => useRaw(new URL(url)) : () => use(url))
  },
  arrive: (question) => arrive(Number(question['port'])),
  watch: async (question) => {
    const socket = await connect(String(question['url']))
    const begun = { stop: false, done: Promise.resolve<Testimony>({ longest: 0, echoes: 0 }) }
    begun.done = witness(socket, begun)
    testimony = begun
  },
  testimony: () => {
    if (!testimony) throw new Error('nothing was watched')
    testimony.stop = true
    return testimony.done
  },
})

/** Connects, reads all that comes without keeping it, and waits for the end. */
async function fate(url: string, options: ConnectOptions): Promise<Fate> {
  let messages = 0
  try {
    const socket = await connect(url, options)
    try {
      for await (const _message of socket) messages += 1
    } catch {
      // The end is told by `closed`.
    }
    const closing = await socket.closed
    return { messages, end: closingCode(closing), ...(closing.sent && { sent: closing.sent.code }) }
  } catch (error) {
    if (error instanceof ConnectError) return { messages, refused: error.code }
    throw error
  }
}

/** Opens, uses and closes connections, a batch at a time. Resolves with how many served and ended as they should. */
async function churn(count: number, batch: number, useOne: () => Promise<boolean>): Promise<number> {
  let good = 0
  for (let begun = 0; begun < count; begun += batch) {
    const uses = Array.from({ length: Math.min(batch, count - begun) }, useOne)
    for (const served of await Promise.all(uses)) if (served) good += 1
  }
  return good
}

async function use(url: string): Promise<boolean> {
  const socket = await connect(url)
  void socket.send('hello')
  const echo = await next(socket)
  const closing = await socket.close(1000)
  return echo === 'hello' && closing.clean
}

/** The same without our client, which costs more than our server does. */
function useRaw({ hostname: host, port, pathname }: URL): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port: Number(port), noDelay: true })
    let received = 0
    let asked = false
    socket.on('connect', () => socket.write(openingRequest(pathname)))
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (!asked) socket.write(helloAndClose)
      asked = true
    })
    socket.on('error', reject)
    // The 101, the echo and the Close.
    socket.on('close', () => resolve(received > helloAndClose.length))
  })
}

/** Connects anew and has an echo. Resolves with the milliseconds from the request to the 101. */
async function arrive(port: number): Promise<number> {
  const peer = await RawPeer.connect(port)
  const asked = performance.now()
  await peer.send(openingRequest('/'))
  const status = await peer.status()
  const wait = performance.now() - asked
  await peer.send(clientFrame(1, 'hello'))
  const [echo] = status === 101 ? await peer.texts(1) : []
  peer.reset()
  if (echo !== 'hello') throw new Error(`a newcomer was answered with ${status}, and with ${echo}`)
  return wait
}

async function witness(socket: ClientSocket, going: Pick<NonNullable<typeof testimony>, 'stop'>): Promise<Testimony> {
  let longest = 0
  let echoes = 0
  while (!going.stop) {
    const asked = performance.now()
    void socket.send('still there?')
    await next(socket)
    longest = Math.max(longest, performance.now() - asked)
    echoes += 1
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await socket.close(1000)
  return { longest, echoes }
}

async function next(socket: ClientSocket): Promise<unknown> {
  return (await socket[Symbol.asyncIterator]().next()).value
}
