import type { ConnectionReport, ReportChange, StageRecord } from 'centouno/telling'
import { ConnectionRecording } from '../session-file/connection-recording.ts'
import type { SessionWriter } from './session-writer.ts'
import type { TapNews } from '../tap/tap-listener.ts'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'

interface Passing {
  readonly recording: ConnectionRecording
  report: ConnectionReport | undefined
}

const switchingProtocols = 101

/** Writes each connection that passes through a tap into a session file, as soon as it is over. */
export class TapRecorder {
  readonly #writer: Pick<SessionWriter, 'add'>
  readonly #failed: (error: unknown) => void
  #broken = false
  readonly #passing = new Map<string, Passing>()

  /** @param failed Told once that the file cannot be written; nothing is recorded from then on, and the tap goes on. */
  constructor(writer: Pick<SessionWriter, 'add'>, failed: (error: unknown) => void) {
    this.#writer = writer
    this.#failed = failed
  }

  take(news: TapNews): void {
    if (news.news === 'tapped') {
      this.#passing.set(news.id, { recording: new ConnectionRecording(), report: undefined })
      return
    }
    const passing = this.#passing.get(news.id)
    if (passing === undefined) return
    switch (news.news) {
      case 'change':
        passing.report &&= withChange(passing.report, news.change)
        break
      case 'rung':
        passing.recording.rung(news.rung)
        break
      case 'message':
        passing.recording.message(news.entry)
        break
      case 'report':
        passing.report = news.report
        // What was refused has no end of its own.
        if (!news.report.verdict.ok && news.report.response?.status !== switchingProtocols)
          this.#write(news.id, passing)
        break
      case 'closed':
        this.#write(news.id, passing, news.closing)
        break
    }
  }

  /** Writes what is still going on, as far as it has come. */
  end(): void {
    for (const [id, passing] of this.#passing) this.#write(id, passing)
  }

  #write(id: string, { recording, report }: Passing, closing?: ToldClosing): void {
    this.#passing.delete(id)
    if (report === undefined || this.#broken) return
    try {
      this.#writer.add(recording.finish(report, closing))
    } catch (error) {
      this.#broken = true
      this.#failed(error)
    }
  }
}

/** A report is told when the connection opens: its last stages come after it. */
function withChange(report: ConnectionReport, change: ReportChange): ConnectionReport {
  if (change.kind !== 'stage') return report
  const { stage } = change
  const isSame = ({ name, startMs }: StageRecord): boolean => name === stage.name && startMs === stage.startMs
  const index = report.stages.findIndex(isSame)
  return { ...report, stages: index === -1 ? [...report.stages, stage] : report.stages.with(index, stage) }
}
