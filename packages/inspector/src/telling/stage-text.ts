import type { Language, StageFacts, StageName, StageRecord, Text } from 'centouno/telling'
import { factValue, factWord } from './fact-words.ts'
import { columnsOf, padLeft, padRight } from './columns.ts'
import { span } from './styled-line.ts'
import type { StyledLine } from './styled-line.ts'

/** The stages as people call them. */
export const stageLabels: Readonly<Record<StageName, Text>> = {
  resolve: { en: 'resolve (DNS)', zh: '解析域名 (DNS)' },
  connect: { en: 'connect (TCP)', zh: '建立连接 (TCP)' },
  proxy: { en: 'proxy (tunnel)', zh: '穿过代理 (隧道)' },
  secure: { en: 'secure (TLS)', zh: '安全握手 (TLS)' },
  upgrade: { en: 'upgrade (HTTP)', zh: '升级协议 (HTTP)' },
  open: { en: 'open', zh: '连接打开' },
  close: { en: 'close', zh: '关闭握手' },
  disconnect: { en: 'disconnect (TCP)', zh: '断开连接 (TCP)' },
}

const headings = {
  stage: { en: 'stage', zh: '阶段' },
  from: { en: 'from', zh: '开始' },
  to: { en: 'to', zh: '结束' },
  took: { en: 'took, ms', zh: '用时 (ms)' },
} satisfies Record<string, Text>

const timeColumns = 9
const barColumns = 24

/** The stages as a table: when each began and ended, how long it took, a bar to compare by, and what it learned. */
export function stageTable(stages: readonly StageRecord[], language: Language): StyledLine[] {
  const labels = [headings.stage[language], ...stages.map(({ name }) => stageLabels[name][language])]
  const labelColumns = Math.max(...labels.map(columnsOf))
  const total = Math.max(0, ...stages.map(({ startMs, endMs }) => endMs ?? startMs))
  const heading = [
    padRight(headings.stage[language], labelColumns),
    padLeft(headings.from[language], timeColumns),
    padLeft(headings.to[language], timeColumns),
    padLeft(headings.took[language], timeColumns + 1),
  ].join(' ')
  return [
    [span(`    ${heading}`, 'faint')],
    ...stages.flatMap((stage) => stageRows(stage, labelColumns, total, language)),
  ]
}

function stageRows(stage: StageRecord, labelColumns: number, total: number, language: Language): StyledLine[] {
  const { startMs, endMs } = stage
  const row: StyledLine = [
    mark(stage.ok),
    span(padRight(stageLabels[stage.name][language], labelColumns)),
    span(
      ` ${padLeft(milliseconds(startMs), timeColumns)} ${padLeft(endMs === null ? '…' : milliseconds(endMs), timeColumns)}`,
      'faint',
    ),
    span(` ${padLeft(endMs === null ? '' : milliseconds(endMs - startMs), timeColumns + 1)}`),
    span(`  ${bar(startMs, endMs, total)}`.trimEnd(), stage.ok === false ? 'bad' : 'sent'),
  ]
  const facts = factsText(stage.facts, language)
  return facts === '' ? [row] : [row, [span(`      ${facts}`, 'faint')]]
}

function mark(ok: boolean | null): StyledLine[number] {
  if (ok === null) return span('  … ', 'faint')
  return ok ? span('  ✓ ', 'good') : span('  ✗ ', 'bad')
}

function milliseconds(value: number): string {
  return value.toFixed(1)
}

/** A bar in place: what came before it is blank. At least one cell, so that a quick stage is seen. */
function bar(startMs: number, endMs: number | null, total: number): string {
  if (endMs === null || total <= 0) return ''
  const first = Math.min(barColumns - 1, Math.floor((startMs / total) * barColumns))
  const last = Math.max(first + 1, Math.min(barColumns, Math.round((endMs / total) * barColumns)))
  return ' '.repeat(first) + '█'.repeat(last - first)
}

function factsText(facts: StageFacts, language: Language): string {
  return Object.entries(facts)
    .map(([name, value]) => `${factWord(name)[language]}: ${factValue(name, value)[language]}`)
    .join(' · ')
}
