import type { ConnectError } from 'centouno'
import type { Passage, PassageOptions } from 'centouno/passage'
import type { RequestHead, ResponseHead, StageFacts } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import { MessagesReader } from '../frames/messages-reader.ts'
import { agreementOf } from '../http/upgrade-request.ts'
import { LiveLadder } from '../ladder/live-ladder.ts'
import type { Direction } from '../wire/tape.ts'
import { EndOfConnection } from './end-of-connection.ts'
import type { TapListener } from './tap-listener.ts'

/** RFC 6455 §7.1.5: stands for a Close without a code. */
const noCode = 1005
/** What a client may send before it was answered, and we keep to read it later. */
const earlyBytes = 256 * 1024
/** Milliseconds for a reply after the client's FIN: most clients have given up then, but some only said that they are done. */
const replyTime = 1_000

/** One connection that passes through the tap, from the request to open a WebSocket to its end, told as it passes. */
export class TappedConnection {
  readonly #id: string
  readonly #listener: TapListener
  readonly #end = new EndOfConnection()
  readonly #ladder: LiveLadder | undefined
  #passage: Passage | undefined
  #request: RequestHead | undefined
  #messages: MessagesReader | undefined
  /** Sent before the 101: what it is depends on the reply. */
  #early: Uint8Array[] = []
  readonly #carried = { sent: 0, received: 0 }
  #reportTold = false
  #leaving: NodeJS.Timeout | undefined
  #over = false

  constructor(id: string, url: string, listener: TapListener, withLadder: boolean) {
    this.#id = id
    this.#listener = listener
    this.#ladder = withLadder ? new LiveLadder((rung) => listener.news({ news: 'rung', id, rung })) : undefined
    listener.news({ news: 'tapped', id, url })
  }

  /** What of it the passage tells. */
  get watching(): Pick<PassageOptions, 'observe' | 'wire'> {
    return {
      observe: (change) => {
        this.#listener.news({ news: 'change', id: this.#id, change })
        this.#ladder?.change(change)
      },
      wire: this.#ladder,
    }
  }

  /** The target could not be reached. */
  unreachable({ report }: ConnectError): void {
    this.#over = true
    this.#listener.news({ news: 'report', id: this.#id, report })
  }

  /** The request that goes to the target now. */
  begins(passage: Passage, bytes: Uint8Array, head: RequestHead, facts: StageFacts): void {
    this.#passage = passage
    this.#request = head
    passage.sent(bytes, facts)
    // A body without end is judged before its end.
    void passage.outcome.then(() => this.#tellReport())
  }

  /** What the client sent after its request. */
  sent(bytes: Uint8Array): void {
    if (this.#messages !== undefined) this.#read('sent', bytes)
    else if (this.#early.reduce((sum, { length }) => sum + length, 0) < earlyBytes) this.#early.push(bytes)
  }

  /** Bytes of the target, the reply included. */
  received(bytes: Uint8Array): void {
    if (this.#messages !== undefined) return
    this.#passage?.received(bytes)
    this.#tellReport()
  }

  /** The reply was a 101: what passes from now on are frames. */
  switched(head: ResponseHead): void {
    this.#messages = new MessagesReader(agreementOf(head, this.#request), {
      message: (entry) => this.#entry(entry),
      fault: (direction, fault) => this.#listener.fault(this.#id, direction, fault),
    })
    for (const bytes of this.#early.splice(0)) this.#read('sent', bytes)
  }

  /** Frames of the target. */
  frames(bytes: Uint8Array): void {
    this.#read('received', bytes)
  }

  /** A side sent FIN. */
  fin(direction: Direction): void {
    if (direction === 'received') this.#passage?.receivedEnd()
    else if (this.#messages === undefined) this.#leaving = setTimeout(() => this.#abandon(), replyTime)
    this.#tellReport()
    if (this.#messages === undefined) return
    this.#end.fin(direction)
    this.#beginClosing()
  }

  /** The connection to a side broke. */
  broke(direction: Direction, error: Error | undefined): void {
    if (direction === 'received') this.#passage?.receivedEnd(error ?? new Error('the connection broke'))
    else this.#passage?.abandoned('the client broke the connection off')
    this.#tellReport()
    if (this.#messages === undefined) return
    this.#end.broke(direction, error)
    this.#beginClosing()
  }

  /** The breaking of the client's connection was passed on by RST. */
  wasReset(): void {
    this.#ladder?.reset(this.#passage?.now() ?? 0)
  }

  /** Nothing more will pass. */
  over(): void {
    if (this.#over) return
    this.#over = true
    this.#abandon()
    if (this.#messages === undefined) return
    this.#beginClosing()
    const closing = this.#end.closing()
    this.#passage?.closed(closing, this.#end.firstFin)
    const { error: _error, ...told } = closing
    this.#listener.news({ news: 'closed', id: this.#id, closing: told })
  }

  #read(direction: Direction, bytes: Uint8Array): void {
    this.#carried[direction] += bytes.length
    this.#messages?.receive({ direction, bytes, atMs: this.#passage?.now() ?? 0 })
  }

  #abandon(): void {
    clearTimeout(this.#leaving)
    this.#passage?.abandoned('the client ended the connection before there was a reply')
    this.#tellReport()
  }

  #tellReport(): void {
    const outcome = this.#passage?.decided
    if (outcome === undefined || this.#reportTold) return
    clearTimeout(this.#leaving)
    this.#reportTold = true
    this.#listener.news({ news: 'report', id: this.#id, report: outcome.report })
  }

  #entry(entry: LogEntry): void {
    this.#listener.news({ news: 'message', id: this.#id, entry })
    if (entry.kind !== 'close') return
    this.#end.close(entry.direction, { code: entry.code ?? noCode, reason: entry.data })
    this.#beginClosing()
  }

  #beginClosing(): void {
    this.#passage?.closing(this.#carried.sent, this.#carried.received)
  }
}
