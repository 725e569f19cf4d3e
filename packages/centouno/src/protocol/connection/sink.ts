import type { Closing } from './closing.ts'

/**
 * Where a connection puts what comes out of it: a narrow set of calls, made synchronously while it is being fed.
 * A byte view handed over is only valid during the call unless its docstring says otherwise. Calls may come back into
 * the connection: send, close, terminate. They must not throw; if one does while bytes are being received, the
 * connection has lost its place in them and is terminated.
 */
export interface ConnectionSink {
  /** Bytes for the transport, in order. The view belongs to the receiver of this call from then on. */
  write(bytes: Uint8Array): void
  /** A whole text message, valid UTF-8. */
  text(message: string): void
  /** A whole binary message. The bytes belong to the receiver of this call. */
  binary(message: Uint8Array): void
  /** A Ping arrived; its Pong has already been written, unless our Close went before it: nothing follows a Close. */
  ping(payload: Uint8Array): void
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
