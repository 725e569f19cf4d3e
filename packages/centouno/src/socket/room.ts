import { handled } from './handled.ts'

/** There is room: the same for all. */
export const roomNow: Promise<void> = Promise.resolve()

/** Room that is waited for. Made for somebody who waits: most sockets always have some. */
export class Room {
  /** Its rejection counts as handled: a caller who ignores it loses nothing. */
  readonly promise: Promise<void>
  resolve!: () => void
  reject!: (error: Error) => void

  constructor() {
    this.promise = handled(
      new Promise((resolve, reject) => {
        this.resolve = resolve
        this.reject = reject
      }),
    )
  }
}
