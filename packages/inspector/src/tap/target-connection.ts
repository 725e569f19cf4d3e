import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Passage } from 'centouno/passage'
import { oneWay } from './one-way.ts'
import type { ReplyFollower } from './reply-follower.ts'
import type { TappedConnection } from './tapped-connection.ts'

/**
 * A connection to the target for one of a client's. What comes of it goes to the client, with its end and its errors; what
 * the client says is carried by the caller, but for the breaking of its connection.
 */
export class TargetConnection {
  readonly stream: Duplex
  /** Resolves when both directions are over, or the connection has broken. */
  readonly gone: Promise<void>
  readonly #passage: Passage
  readonly #client: Socket
  readonly #clientClosed = (): void => this.#breakOff()
  #follower: ReplyFollower | undefined
  #tapped: TappedConnection | undefined
  #over: () => void = () => {}
  #error: Error | undefined
  #isLeft = false

  constructor(passage: Passage, client: Socket) {
    this.#passage = passage
    this.#client = client
    const { stream } = passage
    this.stream = stream
    stream.on('error', (error) => (this.#error ??= error))
    stream.once('end', () => this.#tapped?.fin('received'))
    oneWay(stream, client, (chunk) => this.#look(chunk))
    client.once('close', this.#clientClosed)
    this.gone = new Promise((resolve) => {
      stream.once('close', () => {
        this.#closed()
        resolve()
      })
    })
  }

  /** True when another request can be sent over it. */
  get usable(): boolean {
    return this.stream.writable && !this.stream.readableEnded
  }

  /** Resolves with true when the reply to the next request is over, with false when the connection is. */
  follow(follower: ReplyFollower, tapped?: TappedConnection): Promise<boolean> {
    this.#follower = follower
    this.#tapped = tapped
    const isOver = new Promise<boolean>((resolve) => (this.#over = () => resolve(true)))
    return Promise.race([isOver, this.gone.then(() => false)])
  }

  /** Ends it from the client's side, and waits for the target's. */
  async finish(): Promise<void> {
    this.stream.end()
    await this.gone
  }

  /** Passes on that the client's connection broke. */
  reset(): void {
    if (this.#passage.reset()) this.#tapped?.wasReset()
  }

  /** Ends it without the client being told: another one takes its place. */
  leave(): void {
    if (this.#isLeft) return
    this.#isLeft = true
    this.#client.off('close', this.#clientClosed)
    this.stream.destroy()
  }

  #look(chunk: Uint8Array): number {
    const follower = this.#follower
    const tapped = this.#tapped
    const hadSwitched = follower?.progress === 'switched'
    const frames = follower?.receive(chunk)
    tapped?.received(chunk)
    if (follower?.progress === 'switched' && follower.head !== undefined) {
      if (!hadSwitched) tapped?.switched(follower.head)
      if (frames !== undefined) tapped?.frames(frames)
    }
    if (follower?.progress === 'over') this.#over()
    return chunk.length
  }

  #breakOff(): void {
    if (this.stream.closed || (this.#client.readableEnded && this.#client.writableFinished)) return
    this.#tapped?.broke('sent', this.#client.errored ?? undefined)
    this.reset()
  }

  #closed(): void {
    this.#client.off('close', this.#clientClosed)
    if (this.#isLeft || (this.stream.readableEnded && this.stream.writableFinished)) return
    this.#tapped?.broke('received', this.#error)
    this.#client.resetAndDestroy()
  }
}
