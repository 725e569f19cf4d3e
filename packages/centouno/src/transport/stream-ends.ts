import type { Duplex } from 'node:stream'

/*
 * How streams end. A stream knows who wants to hear of it, so that the listeners are the same for all, and one for each
 * event: most streams are idle, and there are many.
 */

/** Who carries over a stream. */
export interface StreamUser {
  /** Told by a stream that has another way to it than the event 'end'. */
  ended(): void
  failed(error: Error): void
  closed(): void
}

/** Who carries over it. */
const user: unique symbol = Symbol('user')
/** Who counts it among those who are here. */
const counter: unique symbol = Symbol('counter')

/** A stream whose errors are taken, with a user or not. */
type Heard = Duplex & {
  [user]: StreamUser | undefined
  [counter]: ((stream: Duplex) => void) | undefined
}

/**
 * From here on no failure of the stream can become an uncaught exception. Its user is told of one, and of the stream's
 * close, when it has a user by then.
 */
export function takeErrors(stream: Duplex): Heard {
  const heard = stream as Heard
  if (user in stream) return heard
  heard[user] = undefined
  heard[counter] = undefined
  stream.on('error', tellError)
  stream.on('close', tellClosed)
  return heard
}

/** Names who carries over the stream. */
export function useStream(stream: Duplex, by: StreamUser): void {
  takeErrors(stream)[user] = by
}

export function userOf(stream: Duplex): StreamUser | undefined {
  return (stream as Heard)[user]
}

/** Calls `told` when the stream has closed; once, however often the same function is named. */
export function whenClosed(stream: Duplex, told: (stream: Duplex) => void): void {
  const heard = takeErrors(stream)
  // There is another where one stream is counted by several, as servers may be that share a port.
  if (heard[counter] === undefined || heard[counter] === told) heard[counter] = told
  else stream.on('close', () => told(stream))
}

function tellError(this: Heard, error: Error): void {
  this[user]?.failed(error)
}

function tellClosed(this: Heard): void {
  // First: whoever hears of the end and looks at how many are here shall not find this one among them.
  this[counter]?.(this)
  this[user]?.closed()
}
