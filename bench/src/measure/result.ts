/** One round of one peer in one mode. */
export interface Round {
  /** Microseconds of CPU, user and system, of the measured process per message. */
  readonly cpu: number
  readonly messages: number
  readonly perSecond: number
  /** CPU over wall time: 1 is a whole core. */
  readonly subjectBusy: number
  readonly loadBusy: number
  readonly latency?: { readonly p50: number; readonly p99: number; readonly p999: number } | undefined
  readonly ratio?: number | undefined
}

/** What became of one peer in one mode. */
export interface Row {
  readonly mode: string
  readonly peer: string
  readonly version: string
  readonly rounds: readonly Round[]
}

/** A peer that was not measured in a mode, and why. */
export interface Omission {
  readonly mode: string
  readonly peer: string
  readonly why: string
}
