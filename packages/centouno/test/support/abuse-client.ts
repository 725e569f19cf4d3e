import { connect } from '../../src/client/connect.ts'
import type { ClientSocket } from '../../src/client/client-socket.ts'
import { ConnectError } from '../../src/client/connect-error.ts'
import type { ConnectOptions } from '../../src/client/connect-options.ts'
import { answerQuestions } from './answering.ts'

/** How a naive client fared: whether it opened, what it was told, and how it ended. */
export interface Fate {
  /** The code with which connecting failed; undefined when it opened. */
  readonly refused?: string
  readonly messages: number
  /** The violation or the cause of the end. */
  readonly end?: string
  readonly sent?: number
}

/** The longest of the waits of a witness for its echo, in milliseconds, and how many there were. */
export interface Testimony {
  readonly longest: number
  readonly echoes: number
}

let testimony: { stop: boolean; done: Promise<Testimony> } | undefined

answerQuestions({
  connect: (question) => fate(String(question['url']), question['options'] as ConnectOptions),
  churn: (question) => churn(String(question['url']), Number(question['count']), Number(question['batch'])),
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
    const { violation, cause, sent } = await socket.closed
    return { messages, end: violation ?? cause, ...(sent && { sent: sent.code }) }
  } catch (error) {
    if (error instanceof ConnectError) return { messages, refused: error.code }
    throw error
  }
}

/** Opens, uses and closes connections, a batch at a time. Resolves with how many closed cleanly. */
async function churn(url: string, count: number, batch: number): Promise<number> {
  let clean = 0
  for (let begun = 0; begun < count; begun += batch) {
    const fates = Array.from({ length: Math.min(batch, count - begun) }, async () => {
      const socket = await connect(url)
      void socket.send('hello')
      const echo = await next(socket)
      const closing = await socket.close(1000)
      if (echo === 'hello' && closing.clean) clean += 1
    })
    await Promise.all(fates)
  }
  return clean
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
