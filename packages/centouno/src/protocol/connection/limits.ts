import { shownValue } from '../shown-value.ts'
import { type ConnectionTiming, defaultTiming } from './timing.ts'

/** What one connection may take from its peer, and how long it waits. Each limit names itself when it strikes. */
export interface ConnectionLimits extends ConnectionTiming {
  /** Bytes of one message, over all its frames; more is answered 1009. */
  readonly messageBytes: number
  /** Bytes of one message that is taken as a stream; more is answered 1009. */
  readonly streamBytes: number
  /** Frames of one message, empty ones counted, in a stream only those under 1 KiB; more is answered 1008. */
  readonly messageFrames: number
  /** Pings, and Pongs that answer no Ping of ours, within one second; more is answered 1008. */
  readonly controlFramesPerSecond: number
}

/** The limits of a connection where none are given. */
export const defaultConnectionLimits: ConnectionLimits = {
  ...defaultTiming,
  // Small messages are what WebSocket is for; peers that need more say so. One place counts it: the assembler.
  messageBytes: 1024 * 1024,
  // Of a stream only some pieces are ever held, so this bounds no memory, but what a single message may come to.
  streamBytes: 4 * 1024 * 1024 * 1024,
  // Fragments are copied into one buffer, so a frame costs nothing to hold; suites send 65,537 of them.
  messageFrames: 131_072,
  // A heartbeat takes one in some seconds. After a stall of the network those of minutes come at once, and still pass;
  // a flood is ended before its Pongs cost more than the messages it displaces.
  controlFramesPerSecond: 200,
}

const switchable: ReadonlySet<string> = new Set<keyof ConnectionTiming>([
  'heartbeatInterval',
  'heartbeatTimeout',
  'idleTimeout',
  'maxLifetime',
  'writeTimeout',
])

/**
 * Limits with the defaults for those that are not given, or given as undefined. Returns a sentence instead when one of
 * them does not exist or cannot be what it was given as.
 */
export function completeLimits<Limits extends object>(defaults: Limits, given: Partial<Limits>): Limits | string {
  const complete = { ...defaults }
  for (const [name, value] of Object.entries<unknown>(given)) {
    if (value === undefined) continue
    if (!Object.hasOwn(defaults, name)) {
      return `There is no limit ${name}. Give one of these: ${Object.keys(defaults).join(', ')}.`
    }
    const maySwitchOff = switchable.has(name)
    if (!(typeof value === 'number' && value > 0) && !(value === false && maySwitchOff)) {
      const off = maySwitchOff ? ', or false to switch it off' : ''
      return `The limit ${name} must be a number above zero${off}, not ${shownValue(value)}.`
    }
    Object.assign(complete, { [name]: value })
  }
  return complete
}
