import type { Language, StageRecord, Text } from 'centouno/telling'
import type { TapListener, TapNews, PassedRequest } from '../tap/tap-listener.ts'
import { dialogueText, spokenLines } from '../telling/dialogue-text.ts'
import { goodbyeLines } from '../telling/dialogue-goodbye.ts'
import { reportJson } from '../telling/report-json.ts'
import { reportText } from '../telling/report-text.ts'
import { span } from '../telling/styled-line.ts'
import type { StyledLine } from '../telling/styled-line.ts'
import { endText } from '../telling/passed-end.ts'
import { passedEnd, passedEntry, passedRequest, tappedLines } from '../telling/tap-text.ts'
import type { Terminal } from './terminal.ts'

/** How much the terminal tells. */
export interface TapTellerOptions {
  readonly language: Language
  /** The whole report of each connection, as `inspect` prints it. */
  readonly full: boolean
  /** Each connection as a conversation, too. */
  readonly dialogue: boolean
  /** How connections began and ended, and nothing between. */
  readonly quiet: boolean
}

type News<Kind extends TapNews['news']> = Extract<TapNews, { news: Kind }>

interface Told {
  readonly number: number
  readonly url: string
  stages: readonly StageRecord[]
}

/** Tells in a terminal what passes through a tap, each line behind the number of its connection. */
export class TerminalTeller implements TapListener {
  readonly #terminal: Terminal
  readonly #options: TapTellerOptions
  readonly #connections = new Map<string, Told>()
  #count = 0

  constructor(terminal: Terminal, options: TapTellerOptions) {
    this.#terminal = terminal
    this.#options = options
  }

  news(news: TapNews): void {
    if (news.news === 'tapped') {
      this.#count += 1
      this.#connections.set(news.id, { number: this.#count, url: news.url, stages: [] })
      return
    }
    const told = this.#connections.get(news.id)
    if (told === undefined) return
    const { language, quiet } = this.#options
    switch (news.news) {
      case 'report':
        this.#tell(told, this.#reportLines(told, news))
        if (!news.report.verdict.ok && news.report.response?.status !== switchingProtocols) {
          this.#connections.delete(news.id)
        }
        break
      case 'message':
        if (!quiet) this.#tell(told, [passedEntry(news.entry, language)])
        break
      case 'closed':
        this.#connections.delete(news.id)
        this.#tell(told, this.#endLines(told, news))
        break
      case 'change':
        // The goodbye is told with what the last stages know.
        if (news.change.kind === 'stage') told.stages = [...told.stages, news.change.stage]
        break
      case 'rung':
        break
    }
  }

  fault(id: string, direction: 'sent' | 'received', { sentence, clause }: Fault): void {
    const told = this.#connections.get(id)
    if (told === undefined) return
    const line = [
      span(direction === 'sent' ? '⬆ ' : '⬇ ', direction),
      span(`${sentence[this.#options.language]} `, 'bad'),
      span(clause, 'faint'),
    ]
    this.#tell(told, [line])
  }

  passed(request: PassedRequest): void {
    if (!this.#options.quiet) this.#terminal.print(passedRequest(request, this.#options.language))
  }

  turnedAway(why: Text): void {
    this.#terminal.remark([span(why[this.#options.language], 'note')])
  }

  #reportLines({ url }: Told, { report }: News<'report'>): StyledLine[] {
    const { language, full, dialogue } = this.#options
    if (full) return reportText(report, { language, withDialogue: dialogue })
    return [...tappedLines(report, url, language), ...(dialogue ? dialogueText(report, undefined, language) : [])]
  }

  #endLines({ stages }: Told, { closing }: News<'closed'>): StyledLine[] {
    const { language, dialogue } = this.#options
    const goodbye = dialogue ? spokenLines(goodbyeLines(closing, stages), language) : []
    return [...goodbye, passedEnd(closing, language)]
  }

  #tell({ number }: Told, lines: readonly StyledLine[]): void {
    for (const line of lines) this.#terminal.print([span(`#${number} `, 'faint'), ...line])
  }
}

const switchingProtocols = 101

type Fault = Parameters<TapListener['fault']>[2]

/** Tells the same as JSON, one object a line, for other programs. */
export class JsonTeller implements TapListener {
  readonly #terminal: Terminal
  readonly #language: Language
  readonly #numbers = new Map<string, number>()

  constructor(terminal: Terminal, language: Language) {
    this.#terminal = terminal
    this.#language = language
  }

  news(news: TapNews): void {
    if (news.news === 'tapped') this.#numbers.set(news.id, this.#numbers.size + 1)
    const connection = this.#numbers.get(news.id)
    const line = this.#line(news)
    if (line !== undefined) this.#terminal.printJsonLine({ connection, ...line })
  }

  fault(id: string, direction: 'sent' | 'received', { sentence, clause }: Fault): void {
    const connection = this.#numbers.get(id)
    const told = { connection, event: 'fault', direction, sentence: sentence[this.#language], clause }
    this.#terminal.printJsonLine(told)
  }

  passed(request: PassedRequest): void {
    this.#terminal.printJsonLine({ event: 'request', ...request })
  }

  turnedAway(why: Text): void {
    this.#terminal.printJsonLine({ event: 'turned-away', sentence: why[this.#language] })
  }

  #line(news: TapNews): object | undefined {
    switch (news.news) {
      case 'tapped':
        return { event: 'begin', url: news.url }
      case 'report':
        return { event: 'report', report: reportJson(news.report, this.#language) }
      case 'message':
        return { event: 'message', ...news.entry }
      case 'closed':
        return { event: 'end', ...news.closing, end: endText(news.closing, this.#language, true) }
      case 'change':
      case 'rung':
        return undefined
    }
  }
}
