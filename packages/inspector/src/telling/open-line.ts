import type { ConnectionReport, Language, Text } from 'centouno/telling'
import { span } from './styled-line.ts'
import type { StyledLine } from './styled-line.ts'

/** That a connection is open, in one line: how long it took, the TLS version, the subprotocol and extensions agreed on. */
export function openLine(
  report: ConnectionReport,
  extensions: string,
  subprotocol: string,
  language: Language,
): StyledLine {
  const upgrade = report.stages.findLast(({ name }) => name === 'upgrade')
  const secure = report.stages.findLast(({ name }) => name === 'secure')
  const took = (upgrade?.endMs ?? 0).toFixed(1)
  const opened: Text = { en: `open in ${took} ms`, zh: `${took} 毫秒后连接已打开` }
  const version = secure?.facts['protocol']
  const parts: Text[] = [opened]
  if (typeof version === 'string') parts.push({ en: version, zh: version })
  if (subprotocol !== '') parts.push({ en: `subprotocol ${subprotocol}`, zh: `子协议 ${subprotocol}` })
  if (extensions !== '') parts.push({ en: `extensions ${extensions}`, zh: `扩展 ${extensions}` })
  const separator: Text = { en: ', ', zh: '，' }
  return [span('✓ ', 'good'), span(parts.map((part) => part[language]).join(separator[language]))]
}
