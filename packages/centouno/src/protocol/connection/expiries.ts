import type { Text } from '../text.ts'
import type { ClosingCause } from './closing.ts'
import type { ConnectionTiming } from './timing.ts'

/** A clock of an open connection has struck: the event, and the cause that it is told as. */
export type Expiry = Extract<ClosingCause, 'heartbeat-timeout' | 'idle-timeout' | 'lifetime' | 'write-timeout'>

/** One way in which time ends an open connection. */
export interface ExpiryRow {
  /** Stable: documented, logged, tested; never renamed. */
  readonly code: 'END_HEARTBEAT_TIMEOUT' | 'END_IDLE_TIMEOUT' | 'END_LIFETIME' | 'END_WRITE_TIMEOUT'
  readonly limit: keyof ConnectionTiming
  /** The status code of the Close with which it is told to the peer. */
  readonly statusCode: 1001 | 1011
  /** What happened. The code and the English one are the reason in the Close frame: 123 bytes at most. */
  readonly sentence: Text
}

/** One row for each clock. */
export const expiries: Readonly<Record<Expiry, ExpiryRow>> = {
  'heartbeat-timeout': {
    code: 'END_HEARTBEAT_TIMEOUT',
    limit: 'heartbeatTimeout',
    // Not 1001, which says that this side goes; nor 1008, after which clients do not come back.
    statusCode: 1011,
    sentence: {
      en: 'Nothing came after a Ping, not even its Pong (limit heartbeatTimeout).',
      zh: '发出 Ping 之后没有收到任何数据，连 Pong 也没有（限制项 heartbeatTimeout）。',
    },
  },
  'idle-timeout': {
    code: 'END_IDLE_TIMEOUT',
    limit: 'idleTimeout',
    // Not 1000: the purpose may not be fulfilled, and a client that still needs the connection should open it anew.
    statusCode: 1001,
    sentence: {
      en: 'No message came or went for too long (limit idleTimeout).',
      zh: '太长时间没有收发任何消息（限制项 idleTimeout）。',
    },
  },
  lifetime: {
    code: 'END_LIFETIME',
    limit: 'maxLifetime',
    statusCode: 1001,
    sentence: {
      en: 'The connection has been open for as long as it may (limit maxLifetime).',
      zh: '连接的存续时间已达上限（限制项 maxLifetime）。',
    },
  },
  'write-timeout': {
    code: 'END_WRITE_TIMEOUT',
    limit: 'writeTimeout',
    // Never reaches the wire, which takes nothing.
    statusCode: 1011,
    sentence: {
      en: 'The other side took nothing of what was sent for too long (limit writeTimeout).',
      zh: '对方太长时间没有取走已发送的任何数据（限制项 writeTimeout）。',
    },
  },
}
