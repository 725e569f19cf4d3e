import { redactReport } from 'centouno/telling'
import type { ConnectionReport, Language, ResponseRecord, Text } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import type { Rung } from '../wire/rung.ts'
import { isDistrust, lookNevertheless } from './certificate-distrust.ts'
import { dialogueText } from './dialogue-text.ts'
import type { ToldClosing } from './dialogue.ts'
import { padLeft } from './columns.ts'
import { entryText } from './entry-text.ts'
import { ladderText } from './ladder-text.ts'
import { endText } from './passed-end.ts'
import { formatRuleLines, ruleCounts, ruleLines } from './rule-text.ts'
import { stageTable } from './stage-text.ts'
import { span } from './styled-line.ts'
import type { Style, StyledLine } from './styled-line.ts'
import { verdictWords } from './verdict-words.ts'

const titles = {
  stages: { en: 'Stages', zh: '各个阶段' },
  request: { en: 'Request', zh: '请求' },
  reply: { en: 'Reply', zh: '答复' },
  body: { en: 'Body of the reply', zh: '答复的正文' },
  formatRules: { en: 'The seven format rules of the request', zh: '请求的七条格式规则' },
  rules: { en: 'All rules', zh: '全部规则' },
  ladder: { en: 'Ladder', zh: '时序图' },
  messages: { en: 'Messages (ms since the attempt began)', zh: '消息（自尝试开始起的毫秒数）' },
  moreMessages: {
    en: 'Further messages: {count}. --json tells all that were kept.',
    zh: '还有 {count} 条消息。--json 会给出保留下来的全部消息。',
  },
  dialogue: { en: 'As a conversation', zh: '用对话讲一遍' },
  bodyCut: { en: '… and more that was not read', zh: '……后面的内容没有再读' },
  hint: { en: 'Hint: ', zh: '建议：' },
} satisfies Record<string, Text>

const empty: StyledLine = []
/** Messages that are told as lines. */
const shownMessages = 1_000
const timeColumns = 12

/** What to leave out or to add when a report is told. */
export interface ReportTextOptions {
  readonly language: Language
  /** Tells the handshake as a conversation too. Default false. */
  readonly withDialogue?: boolean
  /** How the connection ended. */
  readonly closing?: ToldClosing
  /** Whoever tells it may not have made it: neither side is "this side". Default false. */
  readonly watched?: boolean
  /** Told as a ladder, in place of stages, heads and rules. */
  readonly ladder?: { readonly rungs: readonly Rung[]; readonly omitted: number; readonly withBytes: boolean }
  /** What was said. The goodbye alone is told with the end. */
  readonly messages?: { readonly entries: readonly LogEntry[]; readonly omitted: number }
}

/** A report as lines for a terminal. Pure: texts of the peer are in them as they came, secrets are replaced. */
export function reportText(full: ConnectionReport, options: ReportTextOptions): StyledLine[] {
  const report = redactReport(full)
  const { language } = options
  return [
    [span(report.url, 'strong')],
    empty,
    ...(options.ladder === undefined ? handshakeSections(report, language) : ladderSection(options.ladder, language)),
    ...messagesSection(options),
    ...(options.withDialogue === true
      ? section(titles.dialogue[language], dialogueText(report, options.closing, language))
      : []),
    ...verdictLines(report, language),
    ...(options.closing === undefined ? [] : endLines(options.closing, language, options.watched)),
  ]
}

function handshakeSections(report: ConnectionReport, language: Language): StyledLine[] {
  return [
    ...section(titles.stages[language], stageTable(report.stages, language)),
    ...(report.request ? section(titles.request[language], headLines(report.request.head, '>', 'sent')) : []),
    ...(report.response ? responseLines(report.response, language) : []),
    ...rulesSection(report, language),
  ]
}

function ladderSection(
  { rungs, omitted, withBytes }: NonNullable<ReportTextOptions['ladder']>,
  language: Language,
): StyledLine[] {
  return section(titles.ladder[language], ladderText(rungs, { language, omitted, withBytes }))
}

function messagesSection({ messages, language }: ReportTextOptions): StyledLine[] {
  if (messages === undefined || messages.entries.every(({ kind }) => kind === 'close')) return []
  const { entries, omitted } = messages
  const shown = entries.slice(0, shownMessages)
  const rest = entries.length - shown.length + omitted
  const more = titles.moreMessages[language].replace('{count}', String(rest))
  return section(titles.messages[language], [
    ...shown.flatMap((entry) => timedEntry(entry, language)),
    ...(rest === 0 ? [] : [[span(`  ${more}`, 'note')]]),
  ])
}

function timedEntry(entry: LogEntry, language: Language): StyledLine[] {
  const time = `${padLeft(entry.atMs.toFixed(3), timeColumns)}  `
  const blank = ' '.repeat(time.length)
  return entryText(entry, language).map((line, index) => [span(index === 0 ? time : blank, 'faint')].concat(line))
}

function section(title: string, lines: readonly StyledLine[]): StyledLine[] {
  return lines.length === 0 ? [] : [[span(title, 'strong')], ...lines, empty]
}

/** A head line by line behind a mark, as curl shows it; a last line that has no line end is shown too. */
function headLines(head: string, mark: string, style: Style): StyledLine[] {
  const lines = head.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => [span(`  ${mark} `.padEnd(4), style), span(line)])
}

function responseLines(response: ResponseRecord, language: Language): StyledLine[] {
  const body = response.body === '' ? [] : headLines(response.body, '<', 'received')
  const cut: StyledLine[] = response.bodyCut ? [[span(`    ${titles.bodyCut[language]}`, 'faint')]] : []
  return [
    ...section(titles.reply[language], headLines(response.head, '<', 'received')),
    ...section(titles.body[language], [...body, ...cut]),
  ]
}

function rulesSection(report: ConnectionReport, language: Language): StyledLine[] {
  // Before there is a request, there is nothing to say about its format.
  const format = report.request ? formatRuleLines(report.rules, language) : []
  return [
    ...section(titles.formatRules[language], format),
    ...section(`${titles.rules[language]} (${ruleCounts(report.rules)[language]})`, ruleLines(report.rules, language)),
  ]
}

export function verdictLines(report: ConnectionReport, language: Language): StyledLine[] {
  const { verdict } = report
  const { sentence, hint } = verdictWords(verdict, language)
  const first: StyledLine = [
    span(verdict.ok ? '✓ ' : '✗ ', verdict.ok ? 'good' : 'bad'),
    span(verdict.code, verdict.ok ? 'good' : 'bad'),
    span(` (${verdict.stage})  `, 'faint'),
    span(sentence, 'strong'),
  ]
  const more: StyledLine[] = isDistrust(verdict.code) ? [[span(`  ${lookNevertheless.command[language]}`)]] : []
  return hint === '' ? [first] : [first, [span(`  ${titles.hint[language]}`, 'faint'), span(hint)], ...more]
}

/** How it ended: a word beside the verdict when it ended in good order, as weighty as the verdict when it did not. */
export function endLines(closing: ToldClosing, language: Language, watched: boolean = false): StyledLine[] {
  const { code, sentence, hint } = endText(closing, language, watched)
  if (closing.clean) return [[span('  ', 'plain'), span(`${code}  ${sentence}`, 'faint')]]
  return [
    [span('✗ ', 'bad'), span(code, 'bad'), span('  '), span(sentence, 'strong')],
    [span(`  ${titles.hint[language]}`, 'faint'), span(hint)],
  ]
}
