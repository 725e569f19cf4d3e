/** An AbortSignal that is made only when somebody asks for it: most requests are decided without. */
export class LazyAbort {
  #controller: AbortController | undefined
  #reason: Error | undefined

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Somebody has the signal. */
  get asked(): boolean {
    return this.#controller !== undefined
  }

  get aborted(): boolean {
    return this.#reason !== undefined
  }

  /** A second call changes nothing. */
  abort(reason: Error): void {
    if (this.#reason) return
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
