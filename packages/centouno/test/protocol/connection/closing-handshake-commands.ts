import type fc from 'fast-check'
import assert from 'node:assert/strict'
import type { MemoryLink } from './memory-link.ts'

/* What can happen to two connections and the wire between them, and what the model of the applications keeps of it. */

/** What an application has done, as far as the wire may show it. */
interface Application {
  readonly sent: string[]
  closed: { code: number; reason: string } | undefined
}

/** What the applications did. */
export class Model {
  readonly applications = { client: newApplication(), server: newApplication() }
  /** Nobody terminated and no clock struck: both ends must come to a clean end. */
  peaceful = true
}

function newApplication(): Application {
  return { sent: [], closed: undefined }
}

/** One of the two ends. */
export type Side = 'client' | 'server'

/** A message is sent, when the connection is open; otherwise the attempt is refused. */
export class Send implements fc.Command<Model, MemoryLink> {
  readonly side: Side
  readonly text: string
  constructor(side: Side, text: string) {
    this.side = side
    this.text = text
  }
  check(): boolean {
    return true
  }
  run(model: Model, link: MemoryLink): void {
    const { connection } = link[this.side]
    if (connection.state === 'open') {
      connection.sendText(this.text)
      model.applications[this.side].sent.push(this.text)
    } else {
      assert.throws(() => connection.sendText(this.text), { code: 'CONNECTION_NOT_OPEN' })
    }
  }
  toString(): string {
    return `${this.side} sends "${this.text}"`
  }
}

/** A Ping is sent. */
export class Ping implements fc.Command<Model, MemoryLink> {
  readonly side: Side
  constructor(side: Side) {
    this.side = side
  }
  check(): boolean {
    return true
  }
  run(_model: Model, link: MemoryLink): void {
    const { connection } = link[this.side]
    if (connection.state === 'open') connection.ping(new Uint8Array(3))
  }
  toString(): string {
    return `${this.side} pings`
  }
}

/** The closing handshake is begun. */
export class Close implements fc.Command<Model, MemoryLink> {
  readonly side: Side
  readonly code: number | undefined
  readonly reason: string
  constructor(side: Side, code: number | undefined, reason: string) {
    this.side = side
    this.code = code
    this.reason = code === undefined ? '' : reason
  }
  check(): boolean {
    return true
  }
  run(model: Model, link: MemoryLink): void {
    const { connection } = link[this.side]
    const first = connection.state === 'open'
    connection.close(this.code, this.reason, link.now)
    if (first) model.applications[this.side].closed = { code: this.code ?? 1005, reason: this.reason }
    assert.notEqual(connection.state, 'open')
  }
  toString(): string {
    return `${this.side} closes ${this.code} "${this.reason}"`
  }
}

/** Some bytes arrive, or the FIN after them. */
export class Deliver implements fc.Command<Model, MemoryLink> {
  readonly from: Side
  readonly count: number
  constructor(from: Side, count: number) {
    this.from = from
    this.count = count
  }
  check(): boolean {
    return true
  }
  run(_model: Model, link: MemoryLink): void {
    link.deliver(link[this.from], this.count)
  }
  toString(): string {
    return `${this.count} bytes from ${this.from} arrive`
  }
}

/** A connection is dropped. */
export class Terminate implements fc.Command<Model, MemoryLink> {
  readonly side: Side
  constructor(side: Side) {
    this.side = side
  }
  check(): boolean {
    return true
  }
  run(model: Model, link: MemoryLink): void {
    model.peaceful = false
    link[this.side].connection.terminate(link.now)
    assert.equal(link[this.side].connection.state, 'closed')
  }
  toString(): string {
    return `${this.side} terminates`
  }
}

/** Time passes. */
export class Wait implements fc.Command<Model, MemoryLink> {
  readonly milliseconds: number
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }
  check(): boolean {
    return true
  }
  run(model: Model, link: MemoryLink): void {
    model.peaceful = false
    link.wait(this.milliseconds)
  }
  toString(): string {
    return `${this.milliseconds} ms pass`
  }
}
