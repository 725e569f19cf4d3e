import { closingCode, redactTarget } from 'centouno/telling'
import type { Language, Text } from 'centouno/telling'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import { columnsOf, padLeft, padRight } from './columns.ts'
import { span } from './styled-line.ts'
import type { StyledLine } from './styled-line.ts'

/** Columns of a URL: what is longer moves the rest of its line. */
const longestUrl = 60

/** Several connections, one a line: number, beginning, URL, verdict, messages, end. Pure. */
export function connectionList(connections: readonly RecordedConnection[], language: Language): StyledLine[] {
  const urls = connections.map(({ report }) => redactTarget(report.url))
  const urlColumns = Math.min(
    longestUrl,
    urls.reduce((most, url) => Math.max(most, columnsOf(url)), 0),
  )
  const numberColumns = String(connections.length).length + 1
  return [
    ...connections.map(({ report, messages, omittedMessages, closing }, index): StyledLine => {
      const { verdict, startedAt } = report
      const said = messages.filter(({ kind }) => kind === 'text' || kind === 'binary').length + omittedMessages
      const count: Text = { en: `${said} ${said === 1 ? 'message' : 'messages'}`, zh: `${said} 条消息` }
      return [
        span(padLeft(`#${index + 1}`, numberColumns), 'strong'),
        span(`  ${startedAt}  `, 'faint'),
        span(padRight(urls[index] ?? '', urlColumns)),
        span(verdict.ok ? '  ✓ ' : '  ✗ ', verdict.ok ? 'good' : 'bad'),
        span(verdict.code, verdict.ok ? 'good' : 'bad'),
        span(verdict.ok ? `  ${count[language]}` : ''),
        span(closing === null ? '' : `  ${closingCode(closing)}`, 'faint'),
      ]
    }),
    [],
    [span(chooseOne[language], 'faint')],
  ]
}

const chooseOne: Text = {
  en: 'Choose one with --connection, and how it is told with --ladder, --bytes, --dialogue or --json.',
  zh: '用 --connection 选择一条，并用 --ladder、--bytes、--dialogue 或 --json 选择讲述方式。',
}
