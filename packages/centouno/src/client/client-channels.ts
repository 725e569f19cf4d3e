import type { Closing } from '../protocol/connection/closing.ts'
import type { ConnectionReport, StageRecord } from '../report/connection-report.ts'
import { TypedChannel } from '../socket/typed-channel.ts'
import type { ClientSocket } from './client-socket.ts'

/** One attempt of a client to connect; the same number in all its messages. */
interface OfAttempt {
  readonly attempt: number
  /** Secrets in it are replaced. */
  readonly url: string
}

/** `centouno:client:start`: an attempt begins. What a subscriber writes to the trace context is sent with the request. */
export interface StartMessage extends OfAttempt {
  traceparent: string | undefined
  tracestate: string | undefined
}

/** `centouno:client:stage`: a stage has begun, learned something, or ended. */
export interface StageMessage extends OfAttempt {
  readonly stage: StageRecord
}

/** `centouno:client:verdict`: the attempt has succeeded or failed. */
export interface VerdictMessage extends OfAttempt {
  readonly report: ConnectionReport
}

/** `centouno:client:open`: the attempt has led to this socket. */
export interface ClientOpenMessage extends OfAttempt {
  readonly socket: ClientSocket
}

/** `centouno:client:close`: that socket's connection is over. */
export interface ClientCloseMessage extends ClientOpenMessage {
  readonly closing: Closing
  /** One code for the way it ended: see the reference of codes. */
  readonly code: string
}

/** The channels of all clients in the process. */
export const clientChannels: {
  readonly start: TypedChannel<StartMessage>
  readonly stage: TypedChannel<StageMessage>
  readonly verdict: TypedChannel<VerdictMessage>
  readonly open: TypedChannel<ClientOpenMessage>
  readonly close: TypedChannel<ClientCloseMessage>
} = {
  start: new TypedChannel('centouno:client:start'),
  stage: new TypedChannel('centouno:client:stage'),
  verdict: new TypedChannel('centouno:client:verdict'),
  open: new TypedChannel('centouno:client:open'),
  close: new TypedChannel('centouno:client:close'),
}
