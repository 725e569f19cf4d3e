import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Closing } from '../protocol/connection/closing.ts'
import { judgeRequest } from '../protocol/handshake/judge-request.ts'
import { judgeResponse } from '../protocol/handshake/judge-response.ts'
import type { AcceptedResponse, SentRequest } from '../protocol/handshake/judgement.ts'
import type { WebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import { fieldValues } from '../protocol/http/field-lookup.ts'
import { parseRequestHead } from '../protocol/http/request-head.ts'
import type { ConnectionReport, StageFacts } from '../report/connection-report.ts'
import type { StageWriter } from '../report/recorder.ts'
import { agreedFacts } from '../report/agreed-facts.ts'
import { throughFacts } from '../report/intermediaries.ts'
import type { Attempt } from './attempt.ts'
import { writeEnd } from '../report/end-stages.ts'
import type { FirstFin } from '../report/end-stages.ts'
import { handshakeFailure } from './handshake-failure.ts'
import type { PreparedRequest } from './prepare.ts'
import { streamFailure } from './reply-exchange.ts'
import { replyFailure } from './reply-failure.ts'
import { isSwitch, ReplyReader } from './reply-reader.ts'
import type { Reply } from './reply-reader.ts'
import { StageFailure } from './stage-failure.ts'

/** How the opening handshake of a passage went. */
export interface PassageOutcome {
  readonly report: ConnectionReport
  /** What both sides agreed on; undefined when it did not open. */
  readonly accepted: AcceptedResponse | undefined
}

/** How long the body of a refusal is waited for, as by `connect`. */
const bodyTimeout = 1_000

/**
 * A way to a server over which somebody else makes the opening handshake: it looks at what is sent and received, judges it
 * as a client of ours would, and writes the report. It carries no byte and alters none: that is the caller's part.
 */
export class Passage {
  /** To the server and from it, paused. The caller ends it. */
  readonly stream: Duplex
  /** Resolves once there is a verdict on the handshake; never rejects. */
  readonly outcome: Promise<PassageOutcome>
  readonly #attempt: Attempt
  readonly #uri: WebSocketUri
  readonly #reader = new ReplyReader(isSwitch)
  #request: PreparedRequest | undefined
  #upgrade: StageWriter | undefined
  #open: StageWriter | undefined
  #close: StageWriter | undefined
  #bodyTimer: NodeJS.Timeout | undefined
  #decided: PassageOutcome | undefined
  #decide: (outcome: PassageOutcome) => void = () => {}

  /** Made by `openPassage()`. */
  constructor(attempt: Attempt, uri: WebSocketUri, stream: Duplex) {
    this.#attempt = attempt
    this.#uri = uri
    this.stream = stream
    this.outcome = new Promise((resolve) => (this.#decide = resolve))
  }

  /** The same, as soon as there is one. */
  get decided(): PassageOutcome | undefined {
    return this.#decided
  }

  /** The request, as it is about to be sent. Facts that belong to it are told with the stage `upgrade`. */
  sent(bytes: Uint8Array, facts: StageFacts = {}): void {
    const { recorder } = this.#attempt
    const head = parseRequestHead(bytes)
    this.#upgrade = recorder.begin('upgrade', facts)
    const { method, target, fields, text } = head
    recorder.request({ head: text, method, target, fields })
    const policy = {
      relaxed: new Set<string>(),
      origins: 'any',
      requireOrigin: false,
      secure: this.#uri.secure,
    } as const
    const judgement = judgeRequest(head, policy)
    recorder.judged(judgement.verdicts)
    const accepted = judgement.ok ? judgement.accepted : undefined
    const sent: SentRequest = {
      key: accepted?.key ?? fieldValues(fields, 'sec-websocket-key')[0] ?? '',
      subprotocols: accepted?.subprotocols ?? [],
      extensions: accepted?.extensions ?? [],
      // Browsers fail the connection (H-RES-10); what another client does is not known.
      requireSubprotocol: fieldValues(fields, 'origin').length > 0,
      relaxed: policy.relaxed,
    }
    this.#request = { uri: this.#uri, bytes, head, sent }
  }

  /** Bytes that came. Those after the reply are not looked at. */
  received(chunk: Uint8Array): void {
    this.#read(() => this.#reader.receive(chunk))
    if (this.#decided !== undefined || !this.#reader.inBody) return
    this.#bodyTimer ??= setTimeout(() => this.#read(() => this.#reader.soFar()), bodyTimeout)
  }

  /** The server said that it will send no more; or the connection to it broke, by this error. */
  receivedEnd(error?: Error): void {
    this.#read(() => {
      if (error === undefined) return this.#reader.ended()
      const reply = this.#reader.soFar()
      if (reply === undefined) throw streamFailure(error)
      return reply
    })
  }

  /** Whoever makes the handshake has left before there was a reply. */
  abandoned(reason: string): void {
    if (this.#decided === undefined) this.#fail(new StageFailure('ABORTED', { reason }))
  }

  /** There was no reply within so many milliseconds, and nobody waits any longer. */
  timedOut(timeout: number): void {
    if (this.#decided !== undefined) return
    this.#fail(new StageFailure('UPGRADE_TIMEOUT', { timeout, received: this.#reader.received }))
  }

  /** The closing handshake, or the end without one, begins. */
  closing(bytesSent: number, bytesReceived: number): void {
    if (this.#open === undefined || this.#close !== undefined) return
    this.#open.bytes(bytesSent, bytesReceived)
    this.#open.end(true)
    this.#close = this.#attempt.recorder.begin('close')
  }

  /** It is over; `closing` was called before. */
  closed(closing: Closing, firstFin: FirstFin): void {
    const { recorder } = this.#attempt
    if (this.#close !== undefined) writeEnd(recorder, this.#close, closing, { closedAt: recorder.now(), firstFin })
    this.#close = undefined
  }

  /** Milliseconds since the attempt began. */
  now(): number {
    return this.#attempt.recorder.now()
  }

  /** Breaks the connection off: by RST where it is plain TCP, and then returns true. */
  reset(): boolean {
    const { watchedSocket } = this.#attempt
    const socket = this.stream instanceof TLSSocket ? undefined : (watchedSocket ?? this.stream)
    if (!(socket instanceof Socket)) {
      this.#attempt.destroy()
      return false
    }
    socket.resetAndDestroy()
    return true
  }

  /** Calls `judge` with the reply, once there is one. */
  #read(read: () => Reply | undefined): void {
    if (this.#decided !== undefined) return
    try {
      const reply = read()
      if (reply !== undefined) this.#judge(reply)
    } catch (error) {
      this.#fail(error)
    }
  }

  #judge(reply: Reply): void {
    const request = this.#request
    if (request === undefined) throw new StageFailure('UPGRADE_GARBAGE', { received: this.#reader.received })
    const { recorder } = this.#attempt
    const { head, body, bodyCut, early } = reply
    const { status, reason, fields, text } = head
    this.#upgrade?.bytes(request.bytes.length, this.#reader.receivedBytes - early.length)
    this.#upgrade?.fact('status', status)
    for (const [name, value] of Object.entries(throughFacts(fields, body))) this.#upgrade?.fact(name, value)
    if (this.#reader.interim.length > 0) this.#upgrade?.fact('interim', this.#reader.interim)
    recorder.response({ head: text, status, reason, fields, body, bodyCut })
    if (!isSwitch(status)) throw replyFailure(reply, request)
    const judgement = judgeResponse(head, request.sent)
    recorder.judged(judgement.verdicts)
    if (!judgement.ok) throw handshakeFailure(judgement.rule, head, request.sent)
    this.#upgrade?.end(true)
    const facts = agreedFacts(judgement.accepted)
    this.#open = recorder.begin('open', facts)
    this.#attempt.succeed(facts)
    this.#settle(judgement.accepted)
  }

  #fail(error: unknown): void {
    this.#upgrade?.end(false)
    this.#attempt.concludeFailed(error)
    this.#settle(undefined)
  }

  #settle(accepted: AcceptedResponse | undefined): void {
    clearTimeout(this.#bodyTimer)
    this.#decided = { report: this.#attempt.recorder.report(), accepted }
    this.#decide(this.#decided)
  }
}
