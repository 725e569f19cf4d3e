/** Most queues are empty, always. */
const none: never[] = []

/** First in, first out, without moving what is behind when the first is taken. */
export class Queue<Item> {
  #items: (Item | undefined)[] = none
  #first = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  push(item: Item): void {
    if (this.#items === none) this.#items = [item]
    else this.#items.push(item)
  }

  /** Takes the oldest; undefined when there is none. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#first]
    this.#items[this.#first] = undefined
    this.#first += 1
    // The room of those that are gone is given back when they are as many as the rest: each is moved once at most.
    if (this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    return item
  }

  /** Takes the oldest that fits; undefined when none does. */
  take(fits: (item: Item) => boolean): Item | undefined {
    for (let index = this.#first; index < this.#items.length; index += 1) {
      const item = this.#items[index] as Item
      if (!fits(item)) continue
      if (index === this.#first) return this.shift()
      this.#items.splice(index, 1)
      return item
    }
    return undefined
  }

  /** Takes all, in order. */
  takeAll(): Item[] {
    const items = this.#items.slice(this.#first) as Item[]
    this.#items = none
    this.#first = 0
    return items
  }
}
