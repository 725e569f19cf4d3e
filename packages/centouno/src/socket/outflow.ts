/** Promises of `send`: they wait while the transport's queue is over its mark. All who wait share one. */
export class Outflow {
  #blocked = false
  #room: Promise<void> | undefined
  #resolve: (() => void) | undefined
  #reject: ((error: Error) => void) | undefined

  /** True from a `write` that found no room until the transport has drained. */
  get blocked(): boolean {
    return this.#blocked
  }

  /** Notes what the transport's `write` returned. */
  wrote(hasRoom: boolean): void {
    if (!hasRoom) this.#blocked = true
  }

  /** Resolves when more can be taken. Its rejection counts as handled: a caller who ignores it loses nothing. */
  room(): Promise<void> {
    if (!this.#blocked) return roomNow
    this.#room ??= handled(
      new Promise((resolve, reject) => {
        this.#resolve = resolve
        this.#reject = reject
      }),
    )
    return this.#room
  }

  drained(): void {
    this.#blocked = false
    this.#resolve?.()
    this.#room = undefined
  }

  end(error: Error): void {
    this.#reject?.(error)
    this.#room = undefined
  }
}

const roomNow: Promise<void> = Promise.resolve()

/** Marks a promise's rejection as handled, so that a caller may ignore it without ending the process. */
export function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(ignore)
  return promise
}

function ignore(): void {}
