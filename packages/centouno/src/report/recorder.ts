import { rules } from '../protocol/handshake/rule-table.ts'
import type { RuleOutcome, RuleVerdict } from '../protocol/handshake/rule.ts'
import type {
  ConnectionReport,
  ReportChange,
  ReportObserver,
  RequestRecord,
  ResponseRecord,
  StageFacts,
  StageRecord,
  Verdict,
} from './connection-report.ts'
import { redactRequest, redactResponse, redactVerdict } from './redact-report.ts'
import { redactor, redactSentence, redactTarget, redactVerdicts } from './redaction.ts'
import type { StageName } from './stage-name.ts'

/** What a recorder needs from outside: it has no clock of its own. */
export interface RecorderOptions {
  readonly url: string
  /** ISO 8601. */
  readonly startedAt: string
  /** Milliseconds since the attempt began. */
  now(): number
  readonly observe?: ReportObserver | undefined
  /** Attempts that were redirected to this one, the first first. */
  readonly earlier?: readonly ConnectionReport[]
}

/** Writes one stage of a report. */
export interface StageWriter {
  readonly name: StageName
  /** Adds or replaces a fact; it is told with the stage's end. */
  fact(name: string, value: StageFacts[string]): void
  bytes(sent: number | null, received: number | null): void
  /** Ends the stage; a second call changes nothing. `atMs` defaults to now. */
  end(ok: boolean, atMs?: number): void
}

// When two messages of one handshake are judged by one rule, the report keeps what matters more.
const weight: Readonly<Record<RuleOutcome, number>> = { idle: 0, kept: 1, noted: 2, broken: 3 }

/**
 * Writes a {@link ConnectionReport} step by step and tells each step to an observer, if there is one. Secrets are replaced
 * before they are written: a report is shown, pasted and filed.
 */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #stages: StageRecord[] = []
  readonly #rules = new Map<string, RuleVerdict>()
  #request: RequestRecord | null = null
  #response: ResponseRecord | null = null
  #verdict: Verdict | undefined
  #redact: (text: string) => string = redactSentence

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  /** Milliseconds since the attempt began. */
  now(): number {
    return this.#options.now()
  }

  /** The name of the last stage begun. */
  get stage(): StageName | undefined {
    return this.#stages.at(-1)?.name
  }

  begin(name: StageName, facts: StageFacts = {}, startMs: number = this.now()): StageWriter {
    const index = this.#stages.length
    this.#set(index, {
      name,
      startMs,
      endMs: null,
      ok: null,
      bytesSent: null,
      bytesReceived: null,
      facts: { ...facts },
    })
    return {
      name,
      fact: (factName, value) => this.#change(index, (record) => ({ facts: { ...record.facts, [factName]: value } })),
      bytes: (bytesSent, bytesReceived) => this.#change(index, () => ({ bytesSent, bytesReceived })),
      end: (ok, atMs) => {
        const record = this.#stages[index]
        if (record?.endMs === null) this.#set(index, { ...record, ok, endMs: atMs ?? this.now() })
      },
    }
  }

  /** Marks the stage of this name as the one that failed, even if it had ended well; begins it if it was not walked. */
  blame(name: StageName): void {
    const index = this.#stages.findLastIndex((record) => record.name === name)
    const record = this.#stages[index]
    if (record === undefined) this.begin(name).end(false)
    else if (record.ok !== false) this.#set(index, { ...record, ok: false, endMs: record.endMs ?? this.now() })
  }

  request(sent: RequestRecord): void {
    this.#redact = redactor(sent)
    const request = redactRequest(sent)
    this.#request = request
    this.#tell({ kind: 'request', request })
  }

  response(received: ResponseRecord): void {
    const response = redactResponse(received)
    this.#response = response
    this.#tell({ kind: 'response', response })
  }

  /** Adds verdicts to those already there and tells the whole list. */
  judged(verdicts: readonly RuleVerdict[]): void {
    for (const verdict of redactVerdicts(verdicts, this.#redact)) {
      const earlier = this.#rules.get(verdict.id)
      if (earlier === undefined || weight[verdict.outcome] > weight[earlier.outcome]) {
        this.#rules.set(verdict.id, verdict)
      }
    }
    this.#tell({ kind: 'rules', rules: this.#ruleList() })
  }

  conclude(reached: Verdict): void {
    const verdict = redactVerdict(reached)
    this.#verdict = verdict
    this.#tell({ kind: 'verdict', verdict })
  }

  /** The report as it stands: a snapshot that does not change any more. Throws before the verdict is in. */
  report(): ConnectionReport {
    if (this.#verdict === undefined) throw new Error('The attempt has no verdict yet.')
    const { url, startedAt, earlier = [] } = this.#options
    return {
      url: redactTarget(url),
      startedAt,
      verdict: this.#verdict,
      stages: [...this.#stages],
      request: this.#request,
      response: this.#response,
      rules: this.#ruleList(),
      ...(earlier.length === 0 ? {} : { earlier: [...earlier] }),
    }
  }

  #ruleList(): RuleVerdict[] {
    return rules.flatMap(({ id }) => this.#rules.get(id) ?? [])
  }

  // Records are replaced, never written to: whoever was told one keeps what it was told.
  #change(index: number, change: (record: StageRecord) => Partial<StageRecord>): void {
    const record = this.#stages[index]
    if (record !== undefined) this.#stages[index] = { ...record, ...change(record) }
  }

  #set(index: number, stage: StageRecord): void {
    this.#stages[index] = stage
    this.#tell({ kind: 'stage', stage })
  }

  #tell(change: ReportChange): void {
    try {
      const outcome: unknown = this.#options.observe?.(change)
      // An async function fits as well, and a rejection that nobody observes ends the process.
      if (outcome instanceof Promise) outcome.catch(() => {})
    } catch {
      // Watching must not change what is watched.
    }
  }
}
