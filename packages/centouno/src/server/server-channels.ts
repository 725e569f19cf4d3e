import type { Closing } from '../protocol/connection/closing.ts'
import type { RuleVerdict } from '../protocol/handshake/rule.ts'
import type { RequestHead } from '../protocol/http/head.ts'
import { TypedChannel } from '../socket/typed-channel.ts'
import type { AdmissionLimits } from './server-limits.ts'
import type { DrainSummary } from './drain.ts'
import type { ServerSocket } from './server-socket.ts'

/** `centouno:server:handshake`: an opening handshake was decided. Secrets in it are replaced. */
export interface HandshakeMessage {
  readonly outcome: 'accepted' | 'refused'
  /** `OPEN`, or why not: a rule's id, or a code such as `SERVER_FULL`. */
  readonly code: string
  /** Of the response: 101, or what refuses. */
  readonly status: number
  /** As far as it was read. */
  readonly head: RequestHead
  readonly verdicts: readonly RuleVerdict[]
  readonly remoteAddress: string | undefined
  /** The caller's trace context, when it sent one that is well formed. */
  readonly traceparent: string | undefined
  readonly tracestate: string | undefined
}

/** `centouno:server:open`: a socket is open; its handlers have not been called yet. */
export interface OpenMessage {
  readonly socket: ServerSocket
}

/** `centouno:server:close`: a socket's connection is over. */
export interface CloseMessage {
  readonly socket: ServerSocket
  readonly closing: Closing
  /** One code for the way it ended: see the reference of codes. */
  readonly code: string
}

/** `centouno:server:limit`: a limit on connections was reached, and this is what was refused for it. */
export interface LimitMessage {
  readonly limit: keyof AdmissionLimits
  readonly value: number
  readonly code: string
  readonly remoteAddress: string | undefined
}

/** `centouno:server:error`: a handler failed, or `authorize` did; `socket` is undefined then. */
export interface ErrorMessage {
  readonly error: unknown
  readonly socket: ServerSocket | undefined
}

/** `centouno:server:drain`: a drain or close has begun, and again when it is over. */
export interface DrainMessage {
  /** Undefined while it is going on. */
  readonly summary: DrainSummary | undefined
}

/** The channels of all servers in the process. */
export const serverChannels: {
  readonly handshake: TypedChannel<HandshakeMessage>
  readonly open: TypedChannel<OpenMessage>
  readonly close: TypedChannel<CloseMessage>
  readonly limit: TypedChannel<LimitMessage>
  readonly error: TypedChannel<ErrorMessage>
  readonly drain: TypedChannel<DrainMessage>
} = {
  handshake: new TypedChannel('centouno:server:handshake'),
  open: new TypedChannel('centouno:server:open'),
  close: new TypedChannel('centouno:server:close'),
  limit: new TypedChannel('centouno:server:limit'),
  error: new TypedChannel('centouno:server:error'),
  drain: new TypedChannel('centouno:server:drain'),
}
