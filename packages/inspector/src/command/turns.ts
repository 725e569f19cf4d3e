/** Does things one after another, in the order in which they were asked for, also when one of them waits. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** What is done must not reject. */
  add(act: () => Promise<void>): void {
    this.#last = this.#after(this.#last, act)
  }

  async #after(before: Promise<void>, act: () => Promise<void>): Promise<void> {
    await before
    await act()
  }
}
