import type { Opcode } from '../frame/opcode.ts'
import type { MessageSink } from '../message/message-assembler.ts'
import type { Closing } from './closing.ts'

/**
 * Where a connection puts what comes out of it: a narrow set of calls, made synchronously while it is being fed.
 * A byte view handed over is only valid during the call unless its docstring says otherwise. Calls may come back into
 * the connection: send, close, terminate. They must not throw; if one does while bytes are being received, the
 * connection has lost its place in them and is terminated.
 */
export interface ConnectionSink extends MessageSink {
  /**
   * One frame for the transport: `bytes` from `start` to `end`, a region that belongs to the receiver of this call from
   * then on. Frames leave in the order in which they are told, but a Ping or a Pong may overtake what waits before it
   * (RFC 6455 §5.4).
   *
   * @param payload the rest of the frame, where it leaves from the sender's own memory: not to be changed
   */
  write(bytes: Uint8Array, start: number, end: number, opcode: Opcode, payload?: Uint8Array): void
  /** A whole text message, valid UTF-8. */
  text(message: string): void
  /** A whole binary message. The bytes belong to the receiver of this call. */
  binary(message: Uint8Array): void
  /**
   * A Ping arrived. Its Pong has been written; or it waits until the transport has drained, unless a newer one takes its
   * place; or our Close went before it, which nothing follows.
   */
  ping(payload: Uint8Array): void
  /** A Pong arrived. Those that answer the connection's own heartbeat are not told. */
  pong(payload: Uint8Array): void
  /** The peer's Close arrived and is answered: no more messages will come. `ended` follows. */
  closeReceived(code: number, reason: string): void
  /** Nothing more will be written: send FIN after what is queued. */
  finish(): void
  /** Drop the transport at once, whatever is queued. */
  abort(): void
  /** The connection is over: its transport closed, failed or was aborted. Called exactly once, last. */
  ended(closing: Closing): void
}
