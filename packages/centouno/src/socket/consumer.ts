import type { Closing } from '../protocol/connection/closing.ts'
import type { Message } from './inbox.ts'
import type { MessageStream } from './message-stream.ts'

/** Handlers for what arrives on a socket. A handler that throws or rejects closes the socket with 1011. */
export interface Consumer {
  /** Called at once. While a returned promise is pending, messages wait. */
  open?(): void | Promise<void>
  /**
   * One message at a time, in order: when it returns a promise, the next message waits until that has settled. Without
   * this handler messages are for iteration, which `open` has to begin; if it has not when it is done, they are dropped.
   */
  message?(data: Message): void | Promise<void>
  /**
   * The same for a message that is read while it arrives, on a socket that gives streams. The next message waits until
   * the returned promise has settled and the stream is read to its end. What nobody has begun to read by then is thrown
   * away.
   */
  stream?(message: MessageStream): void | Promise<void>
  /** The connection is over and every message has been handled. Called once, last. */
  closed(closing: Closing): void
  /** A Ping came; its Pong has been sent. Told at once, ahead of messages that still wait. */
  ping?(payload: Uint8Array): void
  pong?(payload: Uint8Array): void
  /** The peer's Close came: no more messages will. Told at once, ahead of messages that still wait. */
  closeReceived?(code: number, reason: string): void
  /** So many messages that were given to `send` are not sent, as the outgoing budget is used up. */
  dropped?(count: number): void
  /** The connection is over. Told at once, ahead of messages that still wait. */
  ended?(closing: Closing): void
  /** Another of these handlers failed. Default: a process warning. */
  failed?(error: unknown): void
}
