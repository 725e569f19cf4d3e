import type { ConnectionReport, Language, Text } from 'centouno/telling'
import type { Break } from '../break-a-rule/break.ts'
import type { BreakOutcome } from '../break-a-rule/break-outcome.ts'
import { columnsOf, padLeft, padRight } from './columns.ts'
import { span } from './styled-line.ts'
import type { Style, StyledLine } from './styled-line.ts'

/** The mark of each judgement, here and in the page. */
export const judgementMarks: Readonly<
  Record<BreakOutcome['judgement'], { readonly mark: string; readonly style: Style }>
> = {
  good: { mark: '✓', style: 'good' },
  allowed: { mark: '○', style: 'note' },
  wrong: { mark: '✗', style: 'bad' },
  open: { mark: '?', style: 'note' },
}

/** What came of it, in a word or two. */
export const judgementWords: Readonly<Record<BreakOutcome['kind'], Text>> = {
  refused: { en: 'refused', zh: '拒绝' },
  accepted: { en: 'accepted', zh: '接受' },
  'hung-up': { en: 'hung up', zh: '断开' },
  silent: { en: 'silent', zh: '无回应' },
  garbled: { en: 'not HTTP', zh: '非 HTTP' },
  unreached: { en: 'not sent', zh: '未发出' },
}

const switching = 101
const statusColumns = 3

/** How the valid handshake went, which goes first. */
export function controlLine({ response }: ConnectionReport, language: Language): StyledLine {
  const accepted = response?.status === switching
  const status = response === null ? '–' : String(response.status)
  const words = accepted ? control.accepted : control.refused
  return [
    accepted ? span('✓ ', 'good') : span('✗ ', 'bad'),
    span(`${control.name[language]}  `, 'strong'),
    span(`${status}  ${words[language]}`),
  ]
}

/** One row of the table; its columns are as wide as those of all that are `chosen` need. */
export function breakLine(
  broken: Break,
  outcome: BreakOutcome,
  chosen: readonly Break[],
  language: Language,
): StyledLine {
  const { mark, style } = judgementMarks[outcome.judgement]
  const widest = (text: (each: Break) => string): number => Math.max(...chosen.map((each) => columnsOf(text(each))))
  const word = judgementWords[outcome.kind][language]
  return [
    span(`${mark} `, style),
    span(
      padRight(
        broken.rule,
        widest(({ rule }) => rule),
      ),
    ),
    span(
      `  ${padRight(
        broken.id,
        widest(({ id }) => id),
      )}`,
      'faint',
    ),
    span(
      `  ${padRight(
        broken.name[language],
        widest(({ name }) => name[language]),
      )}`,
    ),
    span(`  ${padLeft(outcome.status === undefined ? '–' : String(outcome.status), statusColumns)}  `),
    span(word, style),
    span(addition(broken, outcome)[language], 'faint'),
  ]
}

/** How many went which way. */
export function summaryLine(shown: readonly { readonly outcome: BreakOutcome }[], language: Language): StyledLine {
  const count = (judgement: BreakOutcome['judgement']): number =>
    shown.filter(({ outcome }) => outcome.judgement === judgement).length
  const [good, allowed, wrong, open] = [count('good'), count('allowed'), count('wrong'), count('open')]
  const en = [
    `${good} of ${shown.length} refused`,
    ...(allowed > 0 ? [`${allowed} accepted as the standard allows`] : []),
    ...(open > 0 ? [`${open} without a clear answer`] : []),
    wrong > 0 ? `${wrong} wrongly accepted` : 'none wrongly accepted',
  ]
  const zh = [
    `${shown.length} 次中有 ${good} 次被拒绝`,
    ...(allowed > 0 ? [`${allowed} 次被接受，为标准所允许`] : []),
    ...(open > 0 ? [`${open} 次没有明确回应`] : []),
    wrong > 0 ? `${wrong} 次不该接受却接受了` : '没有一次误受',
  ]
  return [span(language === 'en' ? `${en.join('; ')}.` : `${zh.join('；')}。`, wrong > 0 ? 'bad' : 'strong')]
}

function addition({ rule }: Break, { judgement, kind, named }: BreakOutcome): Text {
  if (judgement === 'wrong') return { en: ' wrongly', zh: '，不该接受' }
  if (judgement === 'allowed') return { en: ', as the standard allows', zh: '，为标准所允许' }
  if (kind !== 'refused') return { en: '', zh: '' }
  if (named === undefined) return { en: '', zh: '' }
  return named === rule
    ? { en: ', and names the rule', zh: '，并指出了规则' }
    : { en: `, and names ${named}`, zh: `，指出的是 ${named}` }
}

const control = {
  name: { en: 'a valid handshake', zh: '合法的握手' },
  accepted: { en: 'accepted', zh: '接受' },
  refused: {
    en: 'not accepted: refusals of broken ones would show nothing',
    zh: '没有接受：再拒绝违规的握手也说明不了什么',
  },
} satisfies Record<string, Text>
