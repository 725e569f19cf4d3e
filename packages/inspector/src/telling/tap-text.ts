import type { ConnectionReport, Language, StageRecord, Text } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import type { PassedRequest } from '../tap/tap-listener.ts'
import type { ToldClosing } from './dialogue.ts'
import { entryText } from './entry-text.ts'
import { passedEndText } from './passed-end.ts'
import { verdictLines } from './report-text.ts'
import { ruleLines } from './rule-text.ts'
import { span } from './styled-line.ts'
import type { StyledLine } from './styled-line.ts'

/** Characters of a message that are shown: a line or two of a terminal. */
const shownCharacters = 160

/**
 * How the handshake of a connection that passed went: one line when it opened, and the verdict behind it when it did not;
 * the rules that were broken either way.
 */
export function tappedLines(report: ConnectionReport, url: string, language: Language): StyledLine[] {
  const { verdict, request, response, stages, rules } = report
  const what = `${request?.method ?? ''} ${pathOf(url)}`.trim()
  const took = milliseconds(stages.findLast(({ name }) => name === 'upgrade') ?? stages.at(-1))
  const status = response === null ? '' : ` → ${response.status}`
  const facts = verdict.ok ? agreed(stages) : ''
  const first: StyledLine = [
    span(verdict.ok ? '✓ ' : '✗ ', verdict.ok ? 'good' : 'bad'),
    span(`${what}${status}`, 'strong'),
    span({ en: ` in ${took} ms`, zh: `，用时 ${took} 毫秒` }[language], 'faint'),
    span(facts, 'faint'),
  ]
  return [
    first,
    ...ruleLines(
      rules.filter(({ outcome }) => outcome === 'broken'),
      language,
    ),
    ...(verdict.ok ? [] : verdictLines(report, language)),
  ]
}

/** One line of a connection that passed, line ends and all: ⬆ from the client, ⬇ from the target. */
export function passedEntry(entry: LogEntry, language: Language): StyledLine {
  if (entry.kind !== 'text') return entryText(entry, language).flat()
  const { direction, data, bytes } = entry
  const mark = span(direction === 'sent' ? '⬆ ' : '⬇ ', direction)
  if (data.length <= shownCharacters) return [mark, span(data)]
  const size: Text = { en: ` … (${bytes} bytes)`, zh: ` …（${bytes} 字节）` }
  return [mark, span(data.slice(0, shownCharacters)), span(size[language], 'faint')]
}

/** How a connection that passed ended: who, and with which words. */
export function passedEnd(closing: ToldClosing, language: Language): StyledLine {
  const { code, sentence } = passedEndText(closing)
  return [
    span(closing.clean ? '- ' : '✗ ', closing.clean ? 'faint' : 'bad'),
    span(code, closing.clean ? 'plain' : 'bad'),
    span(`  ${sentence[language]}`),
  ]
}

/** An ordinary request that passed, in one line. */
export function passedRequest(
  { method, target, status, tookMs, failure }: PassedRequest,
  language: Language,
): StyledLine {
  const took = tookMs.toFixed(1)
  const line: Text = {
    en: `${method} ${target} → ${status === 0 ? 'no reply' : status} in ${took} ms`,
    zh: `${method} ${target} → ${status === 0 ? '没有答复' : status}，用时 ${took} 毫秒`,
  }
  return [span(line[language], 'faint'), span(failure === undefined ? '' : ` ${failure}`, 'bad')]
}

function agreed(stages: readonly StageRecord[]): string {
  const fact = (stage: string, name: string): string =>
    String(stages.findLast((record) => record.name === stage)?.facts[name] ?? '')
  return [fact('secure', 'protocol'), fact('open', 'subprotocol'), fact('open', 'extensions')]
    .filter((part) => part !== '')
    .map((part) => ` · ${part}`)
    .join('')
}

function pathOf(url: string): string {
  const [, path = '/'] = /^[a-z]+:\/\/[^/]*(.*)$/.exec(url) ?? []
  return path
}

function milliseconds(stage: StageRecord | undefined): string {
  return (stage?.endMs ?? stage?.startMs ?? 0).toFixed(1)
}
