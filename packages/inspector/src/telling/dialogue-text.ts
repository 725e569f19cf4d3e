import type { ConnectionReport, Language, Text } from 'centouno/telling'
import { columnsOf, padRight } from './columns.ts'
import { dialogue } from './dialogue.ts'
import type { DialogueLine, Speaker, ToldClosing } from './dialogue.ts'
import { span } from './styled-line.ts'
import type { Style, StyledLine } from './styled-line.ts'

const speakers: Readonly<Record<Speaker, Text>> = {
  client: { en: 'Client', zh: '客户端' },
  server: { en: 'Server', zh: '服务器' },
  network: { en: 'Network', zh: '网络' },
}

const speakerStyles: Readonly<Record<Speaker, Style>> = { client: 'sent', server: 'received', network: 'note' }

/** A connection told as a conversation, for a terminal. */
export function dialogueText(
  report: ConnectionReport,
  closing: ToldClosing | undefined,
  language: Language,
): StyledLine[] {
  return spokenLines(dialogue(report, closing), language)
}

/** Lines of a conversation for a terminal, the speakers in a column of their own. */
export function spokenLines(lines: readonly DialogueLine[], language: Language): StyledLine[] {
  const columns = Math.max(...Object.values(speakers).map((name) => columnsOf(name[language])))
  return lines.map(({ who, text, quote }): StyledLine => [
    span(`  ${padRight(speakers[who][language], columns)}  `, speakerStyles[who]),
    span(text[language]),
    span(quote === undefined ? '' : `  [${quote}]`, 'faint'),
  ])
}
