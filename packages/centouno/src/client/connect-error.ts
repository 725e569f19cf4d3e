import type { CodeDetails } from '../report/codes.ts'
import type { ConnectionReport, StageName } from '../report/connection-report.ts'

/**
 * Why a connection could not be established. Everything {@link connect} can go wrong with comes as this one class: the
 * stage and the code tell the cases apart, the report tells the whole story.
 */
export class ConnectError extends Error {
  override readonly name: string = 'ConnectError'
  /** The stage that failed. */
  readonly stage: StageName
  /** A stable code from the table of codes, such as `CONNECT_REFUSED`. */
  readonly code: string
  /** What to do about it, in English. */
  readonly hint: string
  /** The values the message was made of; `verdictText` says the same in another language. */
  readonly details: CodeDetails
  /** Every stage up to the failure, the request and the reply if there were any, and the rules that were judged. */
  readonly report: ConnectionReport

  constructor(report: ConnectionReport, cause: unknown) {
    const { verdict } = report
    super(verdict.sentence, cause === undefined ? undefined : { cause })
    this.stage = verdict.stage
    this.code = verdict.code
    this.hint = verdict.hint
    this.details = verdict.details
    this.report = report
  }
}
