/** Where a member stands. */
interface Place<Member> {
  readonly member: Member
  previous: Place<Member> | undefined
  next: Place<Member> | undefined
}

type Placed<Member> = Record<symbol, Place<Member> | undefined>

/**
 * Who is here, in the order in which they came. A Set would do, were it not for those who have gone: V8 keeps the tables
 * that a Set has outgrown linked to the one in use, with all who were in them, until the next full collection. Where
 * many come and go, every young collection had to move their remains.
 */
export class Roster<Member extends object> implements Iterable<Member> {
  readonly #mark = Symbol('place')
  #size = 0
  #first: Place<Member> | undefined
  #last: Place<Member> | undefined

  get size(): number {
    return this.#size
  }

  /** Who has been here longest. */
  get first(): Member | undefined {
    return this.#first?.member
  }

  /** All, whatever becomes of them while the answer is gone through. */
  get members(): readonly Member[] {
    return [...this]
  }

  /** Nobody may leave meanwhile: see `members`. */
  *[Symbol.iterator](): IterableIterator<Member> {
    for (let place = this.#first; place !== undefined; place = place.next) yield place.member
  }

  has(member: Member): boolean {
    return placed(member)[this.#mark] !== undefined
  }

  /** Does nothing when it is here already. */
  add(member: Member): void {
    const marks = placed(member)
    if (marks[this.#mark] !== undefined) return
    const previous = this.#last
    const place: Place<Member> = { member, previous, next: undefined }
    marks[this.#mark] = place
    if (previous === undefined) this.#first = place
    else previous.next = place
    this.#last = place
    this.#size += 1
  }

  /** False when it was not here. */
  delete(member: Member): boolean {
    const marks = placed(member)
    const place = marks[this.#mark]
    if (place === undefined) return false
    const { previous, next } = place
    marks[this.#mark] = undefined
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    // Whoever has gone leads to nobody.
    place.previous = undefined
    place.next = undefined
    this.#size -= 1
    return true
  }
}

/** Each roster marks its members by a symbol of its own. */
function placed<Member extends object>(member: Member): Placed<Member> {
  return member as unknown as Placed<Member>
}
