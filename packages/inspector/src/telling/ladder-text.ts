import type { Language, Text } from 'centouno/telling'
import type { Party, Rung } from '../wire/rung.ts'
import { bytesLines } from './bytes-text.ts'
import { columnsOf, padLeft, padRight } from './columns.ts'
import { layerNames, partyNames } from './ladder-names.ts'
import { span } from './styled-line.ts'
import type { Style, StyledLine } from './styled-line.ts'

const words = {
  inferred: { en: 'inferred', zh: '推断' },
  decrypted: { en: 'crossed encrypted', zh: '以密文传输' },
  omitted: { en: 'Further rungs that were not kept: {count}.', zh: '后面还有 {count} 条未保留。' },
  none: {
    en: 'Nothing crossed: the attempt ended before TCP began.',
    zh: '没有任何往来：尝试在 TCP 开始之前就结束了。',
  },
} satisfies Record<string, Text>

export interface LadderTextOptions {
  readonly language: Language
  /** Shows each rung's bytes and fields. Default false. */
  readonly withBytes?: boolean
  /** Rungs that were not kept. */
  readonly omitted?: number
}

const timeColumns = 10
const layerColumns = 5
/** Columns of an arrow between two neighbours, labels included; longer labels are cut. */
const arrowColumns = 54

/** A ladder as lines: a column for each party, time running down, an arrow for each rung. Pure. */
export function ladderText(rungs: readonly Rung[], options: LadderTextOptions): StyledLine[] {
  const { language, withBytes = false, omitted = 0 } = options
  if (rungs.length === 0) return [[span(`  ${words.none[language]}`, 'faint')]]
  const parties = partiesOf(rungs)
  const lines: StyledLine[] = [headLine(parties, language)]
  for (const rung of rungs) {
    lines.push(rungLine(rung, parties, language))
    if (withBytes) lines.push(...bytesLines(rung, language))
  }
  if (omitted > 0) {
    lines.push([span(`  ${words.omitted[language].replace('{count}', String(omitted))}`, 'note')])
  }
  return lines
}

function partiesOf(rungs: readonly Rung[]): readonly Party[] {
  const hasProxy = rungs.some(({ from, to }) => from === 'proxy' || to === 'proxy')
  return hasProxy ? ['client', 'proxy', 'server'] : ['client', 'server']
}

function headLine(parties: readonly Party[], language: Language): StyledLine {
  const names = parties.map((party) => partyNames[party][language])
  const last = names.at(-1) ?? ''
  const others = names.slice(0, -1).map((name) => padRight(name, arrowColumns + 1))
  return [span(`${' '.repeat(timeColumns + layerColumns + 3)}${others.join('')}${last}`, 'strong')]
}

/** `    12.345 TLS   │── ClientHello ──────────▶│` */
function rungLine(rung: Rung, parties: readonly Party[], language: Language): StyledLine {
  const { from, to, alarming, inferred, decrypted, atMs, layer } = rung
  const [start, end] = [parties.indexOf(from), parties.indexOf(to)]
  const [left, right] = [Math.min(start, end), Math.max(start, end)]
  const style: Style = alarming ? 'bad' : from === 'client' ? 'sent' : 'received'
  const width = (right - left) * (arrowColumns + 1) - 1
  const line: StyledLine[number][] = [
    span(padLeft(atMs.toFixed(3), timeColumns), 'faint'),
    span(` ${padRight(layerNames[layer], layerColumns)} `, 'faint'),
  ]
  for (let column = 0; column < parties.length; column += 1) {
    if (column === left) line.push(span(' │'), span(arrow(rung.label[language], width, start < end, inferred), style))
    else if (column < left || column > right) line.push(span(column === 0 ? ' │' : '│'))
    if (column === right) line.push(span('│'))
    const isGap = column < parties.length - 1 && (column < left || column >= right)
    if (isGap) line.push(span(' '.repeat(arrowColumns)))
  }
  const marks = [...(inferred ? [words.inferred] : []), ...(decrypted ? [words.decrypted] : [])]
  const told = marks.map((mark) => mark[language]).join(', ')
  return told === '' ? line : [...line, span(` ${told}`, 'faint')]
}

/** Of what is inferred, the line is broken. */
function arrow(label: string, width: number, rightwards: boolean, inferred: boolean): string {
  const stroke = inferred ? '╌' : '─'
  const shown = fitted(label, width - 8)
  const rest = width - columnsOf(shown) - 5
  return rightwards
    ? `${stroke.repeat(2)} ${shown} ${stroke.repeat(Math.max(1, rest))}▶`
    : `◀${stroke} ${shown} ${stroke.repeat(Math.max(1, rest + 1))}`
}

/** Cut to so many columns. What steers a terminal is written out there, and only then takes more. */
function fitted(label: string, columns: number): string {
  if (columnsOf(label) <= columns) return label
  let shown = ''
  for (const character of label) {
    if (columnsOf(shown + character) > columns - 1) break
    shown += character
  }
  return `${shown}…`
}
