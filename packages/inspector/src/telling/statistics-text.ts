import type { Language, Text } from 'centouno/telling'
import { columnsOf, padLeft, padRight } from './columns.ts'
import { stageLabels } from './stage-text.ts'
import type { Spread, Statistics } from './statistics.ts'
import { span } from './styled-line.ts'
import type { StyledLine } from './styled-line.ts'

const words = {
  stage: { en: 'stage', zh: '阶段' },
  total: { en: 'until open', zh: '直到打开' },
  median: { en: 'median', zh: '中位数' },
  unit: { en: 'Milliseconds of {opened} connections', zh: '{opened} 条连接的毫秒数' },
  opened: { en: '{opened} of {attempts} opened', zh: '{attempts} 次中有 {opened} 次打开' },
} satisfies Record<string, Text>

const numberColumns = 10

/** The times of several attempts as a table. Pure. */
export function statisticsText(
  { url, attempts, opened, failures, stages }: Statistics,
  language: Language,
): StyledLine[] {
  const rows = Object.entries(stages) as [keyof Statistics['stages'], Spread][]
  const labelOf = (name: keyof Statistics['stages']): string =>
    name === 'total' ? words.total[language] : stageLabels[name][language]
  const labels = [words.stage[language], ...rows.map(([name]) => labelOf(name))]
  const labelColumns = Math.max(...labels.map(columnsOf))
  const heads = ['min', words.median[language], 'p95', 'max', 'n'].map((head) => padLeft(head, numberColumns)).join('')
  const filled = (text: Text): string =>
    text[language].replace('{opened}', String(opened)).replace('{attempts}', String(attempts))
  return [
    [span(url, 'strong')],
    [],
    [span(filled(words.unit), 'strong')],
    [span(`  ${padRight(words.stage[language], labelColumns)}${heads}`, 'faint')],
    ...rows.map(([name, spread]): StyledLine => [
      span(`  ${padRight(labelOf(name), labelColumns)}`),
      span(figures(spread)),
    ]),
    [],
    [span(opened === attempts ? '✓ ' : '✗ ', opened === attempts ? 'good' : 'bad'), span(filled(words.opened))],
    ...failures.map(({ code, count }): StyledLine => [
      span(padLeft(String(count), numberColumns)),
      span(` × ${code}`, 'bad'),
    ]),
  ]
}

function figures({ min, median, p95, max, count }: Spread): string {
  const numbers = [min, median, p95, max].map((value) => padLeft(value.toFixed(1), numberColumns)).join('')
  return numbers + padLeft(String(count), numberColumns)
}
