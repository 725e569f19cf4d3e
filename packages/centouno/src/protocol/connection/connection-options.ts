import type { Inflater } from '../deflate/inflater.ts'
import type { ConnectionLimits } from './limits.ts'
import type { ConnectionSink } from './sink.ts'

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly role: 'client' | 'server'
  readonly sink: ConnectionSink
  readonly limits: ConnectionLimits
  /** Gives four unpredictable bytes (RFC 6455 §5.3, §10.3), asked anew for each frame. The client role needs it. */
  readonly maskingKey?: () => Uint8Array
  /** Messages of at least so many bytes are handed over in pieces, as they come. Default: none. */
  readonly streamFrom?: number | undefined
  /** Inflates the peer's messages, where `permessage-deflate` was agreed. */
  readonly inflater?: Inflater | undefined
  /** When the opening handshake was done, in the time of all further calls. Default 0. */
  readonly openedAt?: number
}
