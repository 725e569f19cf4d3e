import { closingText, redactReport, verdictText } from 'centouno/telling'
import type { ConnectionReport, Language, ResponseRecord, Text } from 'centouno/telling'
import { isDistrust, lookNevertheless } from './certificate-distrust.ts'
import { dialogue } from './dialogue.ts'
import type { Speaker, ToldClosing } from './dialogue.ts'
import { columnsOf, padRight } from './columns.ts'
import { formatRuleLines, ruleCounts, ruleLines } from './rule-text.ts'
import { stageTable } from './stage-text.ts'
import { span } from './styled-line.ts'
import type { Style, StyledLine } from './styled-line.ts'

const titles = {
  stages: { en: 'Stages', zh: '各个阶段' },
  request: { en: 'Request', zh: '请求' },
  reply: { en: 'Reply', zh: '答复' },
  body: { en: 'Body of the reply', zh: '答复的正文' },
  formatRules: { en: 'The seven format rules of the request', zh: '请求的七条格式规则' },
  rules: { en: 'All rules', zh: '全部规则' },
  dialogue: { en: 'As a conversation', zh: '用对话讲一遍' },
  bodyCut: { en: '… and more that was not read', zh: '……后面的内容没有再读' },
  hint: { en: 'Hint: ', zh: '建议：' },
} satisfies Record<string, Text>

const speakers: Readonly<Record<Speaker, Text>> = {
  client: { en: 'Client', zh: '客户端' },
  server: { en: 'Server', zh: '服务器' },
  network: { en: 'Network', zh: '网络' },
}

const speakerStyles: Readonly<Record<Speaker, Style>> = { client: 'sent', server: 'received', network: 'note' }
const empty: StyledLine = []

/** What to leave out or to add when a report is told. */
export interface ReportTextOptions {
  readonly language: Language
  /** Tells the handshake as a conversation too. Default false. */
  readonly withDialogue?: boolean
  /** How the connection ended. */
  readonly closing?: ToldClosing
}

/** A report as lines for a terminal. Pure: texts of the peer are in them as they came, secrets are replaced. */
export function reportText(full: ConnectionReport, options: ReportTextOptions): StyledLine[] {
  const report = redactReport(full)
  const { language } = options
  return [
    [span(report.url, 'strong')],
    empty,
    ...section(titles.stages[language], stageTable(report.stages, language)),
    ...(report.request ? section(titles.request[language], headLines(report.request.head, '>', 'sent')) : []),
    ...(report.response ? responseLines(report.response, language) : []),
    ...rulesSection(report, language),
    ...(options.withDialogue === true ? dialogueSection(report, options) : []),
    ...verdictLines(report, language),
    ...(options.closing === undefined ? [] : endLines(options.closing, language)),
  ]
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

function dialogueSection(report: ConnectionReport, { language, closing }: ReportTextOptions): StyledLine[] {
  const columns = Math.max(...Object.values(speakers).map((name) => columnsOf(name[language])))
  const lines = dialogue(report, closing).map(({ who, text, quote }): StyledLine => [
    span(`  ${padRight(speakers[who][language], columns)}  `, speakerStyles[who]),
    span(text[language]),
    span(quote === undefined ? '' : `  [${quote}]`, 'faint'),
  ])
  return section(titles.dialogue[language], lines)
}

export function verdictLines(report: ConnectionReport, language: Language): StyledLine[] {
  const { verdict } = report
  const { sentence, hint } = verdictText(verdict, language)
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
export function endLines(closing: ToldClosing, language: Language): StyledLine[] {
  const { code, sentence, hint } = closingText(closing, language)
  if (closing.clean) return [[span('  ', 'plain'), span(`${code}  ${sentence}`, 'faint')]]
  return [
    [span('✗ ', 'bad'), span(code, 'bad'), span('  '), span(sentence, 'strong')],
    [span(`  ${titles.hint[language]}`, 'faint'), span(hint)],
  ]
}
