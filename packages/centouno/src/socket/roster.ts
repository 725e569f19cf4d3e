/** Stands before the first. */
const nobody = {}

/** Between whom a member stands: by two symbols, which are a roster's own unless rosters share them. */
type Linked<Member> = Record<symbol, Member | typeof nobody | undefined>

/** Under which names a member keeps who stands before and after it. */
export interface RosterLinks {
  readonly previous: symbol
  readonly next: symbol
}

/**
 * Who is here, in the order in which they came. A Set would do, were it not for those who have gone: V8 keeps the tables
 * that a Set has outgrown linked to the one in use, with all who were in them, until the next full collection. Where
 * many come and go, every young collection had to move their remains.
 */
export class Roster<Member extends object> implements Iterable<Member> {
  /** Undefined for those who are not here. */
  readonly #previous: symbol
  readonly #next: symbol
  #size = 0
  #first: Member | undefined
  #last: Member | undefined

  /** @param links For rosters that share them, as nobody is in two of them. Default: this one's own. */
  constructor(links: RosterLinks = { previous: Symbol('previous'), next: Symbol('next') }) {
    this.#previous = links.previous
    this.#next = links.next
  }

  get size(): number {
    return this.#size
  }

  /** Who has been here longest. */
  get first(): Member | undefined {
    return this.#first
  }

  /** All, whatever becomes of them while the answer is gone through. */
  get members(): readonly Member[] {
    return [...this]
  }

  /** Nobody may leave meanwhile: see `members`. */
  *[Symbol.iterator](): IterableIterator<Member> {
    for (let member = this.#first; member !== undefined; member = this.#after(member)) yield member
  }

  has(member: Member): boolean {
    return linked(member)[this.#previous] !== undefined
  }

  /** Does nothing when it is here already. */
  add(member: Member): void {
    if (this.has(member)) return
    const links = linked(member)
    const last = this.#last
    links[this.#previous] = last ?? nobody
    links[this.#next] = undefined
    if (last === undefined) this.#first = member
    else linked(last)[this.#next] = member
    this.#last = member
    this.#size += 1
  }

  /** False when it was not here. */
  delete(member: Member): boolean {
    if (!this.has(member)) return false
    const links = linked(member)
    const before = links[this.#previous]
    const previous = before === nobody ? undefined : (before as Member)
    const next = this.#after(member)
    // Whoever has gone leads to nobody.
    links[this.#previous] = undefined
    links[this.#next] = undefined
    if (previous === undefined) this.#first = next
    else linked(previous)[this.#next] = next
    if (next === undefined) this.#last = previous
    else linked(next)[this.#previous] = previous ?? nobody
    this.#size -= 1
    return true
  }

  #after(member: Member): Member | undefined {
    return linked(member)[this.#next] as Member | undefined
  }
}

function linked<Member extends object>(member: Member): Linked<Member> {
  return member as unknown as Linked<Member>
}
