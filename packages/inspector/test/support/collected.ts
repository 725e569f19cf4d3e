/** Keeps what comes, and lets a test wait for the first that fits. */
export class Collected<Item> {
  readonly items: Item[] = []
  readonly #waiting = new Set<() => void>()

  readonly add = (item: Item): void => {
    this.items.push(item)
    for (const look of this.#waiting) look()
  }

  /** Resolves with the first item that fits, whether it has come already or is still to come. */
  find<Fitting extends Item>(fits: (item: Item) => item is Fitting): Promise<Fitting>
  find(fits: (item: Item) => boolean): Promise<Item>
  find(fits: (item: Item) => boolean): Promise<Item> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error(`Not within 50 s. What came: ${JSON.stringify(this.items)}`))
      }, 50_000)
      const look = (): void => {
        const item = this.items.find(fits)
        if (item === undefined) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(item)
      }
      this.#waiting.add(look)
      look()
    })
  }
}
