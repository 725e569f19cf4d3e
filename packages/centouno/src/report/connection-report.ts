import type { Field } from '../protocol/http/head.ts'
import type { RuleVerdict } from '../protocol/handshake/rule.ts'
import type { CodeDetails } from './code-row.ts'
import type { StageName } from './stage-name.ts'

export type { StageName } from './stage-name.ts'

/** A small fact a stage learned: an address, a cipher, a certificate's name. Listed in the order it was learned. */
export type StageFacts = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** One stage of one connection. Times are milliseconds since the attempt began. */
export interface StageRecord {
  readonly name: StageName
  readonly startMs: number
  /** Null while the stage is still going on. */
  readonly endMs: number | null
  /** Null while it is going on; false when the connection failed here. */
  readonly ok: boolean | null
  /** Bytes of this stage, where they can be counted; null where the system does not show them. */
  readonly bytesSent: number | null
  readonly bytesReceived: number | null
  readonly facts: StageFacts
}

/** The opening request as sent. `head` is the very text that went over the wire. */
export interface RequestRecord {
  readonly head: string
  readonly method: string
  readonly target: string
  readonly fields: readonly Field[]
}

/** The reply as received. `body` is what came with a reply that was no 101, cut at a bound. */
export interface ResponseRecord {
  readonly head: string
  readonly status: number
  readonly reason: string
  readonly fields: readonly Field[]
  readonly body: string
  readonly bodyCut: boolean
}

/** Open, or why not: the stage, one stable code, one sentence, what to do. */
export interface Verdict {
  readonly ok: boolean
  /** The last stage reached: `open` when it is open, or the stage that failed. */
  readonly stage: StageName
  /** `OPEN`, or a code from the table of codes. */
  readonly code: string
  /** What happened, in English. `verdictText` says it in another language. */
  readonly sentence: string
  /** What to do about it, in English; empty when there is nothing to do. */
  readonly hint: string
  /** The values the sentence was made of. */
  readonly details: CodeDetails
}

/** One attempt to establish a connection, successful or not, told stage by stage. Plain data: it survives JSON. */
export interface ConnectionReport {
  readonly url: string
  /** When the attempt began, ISO 8601. */
  readonly startedAt: string
  readonly verdict: Verdict
  readonly stages: readonly StageRecord[]
  /** Null when the attempt ended before a request was sent, or before a reply came. */
  readonly request: RequestRecord | null
  readonly response: ResponseRecord | null
  /** Every rule that was judged, in the table's order. */
  readonly rules: readonly RuleVerdict[]
  /** The attempts that were redirected to this one, the first first. Left out when there were none. */
  readonly earlier?: readonly ConnectionReport[]
}

/** One step of a report being written, for those who watch it live. */
export type ReportChange =
  | { readonly kind: 'stage'; readonly stage: StageRecord }
  | { readonly kind: 'request'; readonly request: RequestRecord }
  | { readonly kind: 'response'; readonly response: ResponseRecord }
  | { readonly kind: 'rules'; readonly rules: readonly RuleVerdict[] }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }

/** Watches a report being written; called synchronously. What it throws is ignored, and what it rejects with. */
export type ReportObserver = (change: ReportChange) => void
