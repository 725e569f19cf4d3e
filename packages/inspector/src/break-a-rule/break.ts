import type { Text } from 'centouno/telling'
import type { OpeningRequest } from './opening-request.ts'

/** Which part of the request a break is about. */
export type BreakPart =
  | 'line'
  | 'host'
  | 'upgrade'
  | 'key'
  | 'version'
  | 'offers'
  | 'origin'
  | 'syntax'
  | 'size'
  | 'body'

/** One way to break a rule of the opening handshake. */
export interface Break {
  /** Stable: `no-upgrade`. */
  readonly id: string
  /** The rule it breaks, and a server of ours names. */
  readonly rule: string
  readonly part: BreakPart
  readonly name: Text
  /** Why a server may accept it all the same. Left out: it must not (RFC 6455 §4.2.1). */
  readonly allowed?: Text
  /** All that is sent, made of the request that would be valid. Characters are bytes. */
  readonly falsify: (valid: OpeningRequest) => string
}
