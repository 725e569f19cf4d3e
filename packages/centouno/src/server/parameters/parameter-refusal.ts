import type { Refusal } from '../../protocol/handshake/judgement.ts'
import type { Language, Text } from '../../protocol/text.ts'
import { refusalOf } from '../../report/refusal.ts'
import { quote } from '../../protocol/http/quote.ts'
import type { ParameterPlace, PlacedProblem } from './endpoint-inputs.ts'

const places: Readonly<Record<ParameterPlace, Text>> = {
  params: { en: 'path parameter', zh: '路径参数' },
  query: { en: 'query parameter', zh: '查询参数' },
  headers: { en: 'header field', zh: '首部字段' },
  cookies: { en: 'cookie', zh: 'Cookie' },
}

/** A schema may find as many faults as a peer has sent parameters. */
const most = 8

/** Refuses a request for its parameters: the first in the sentence, all of them after it. No value is ever told. */
export function parameterRefusal(problems: readonly PlacedProblem[]): Refusal {
  const english = refusalOf('SERVER_PARAMETER_INVALID', { details: detailsOf(problems[0], 'en') })
  const chinese = refusalOf('SERVER_PARAMETER_INVALID', { details: detailsOf(problems[0], 'zh') })
  return {
    ...english,
    sentence: { en: english.sentence.en, zh: chinese.sentence.zh },
    ...(problems.length > 1 && { found: { en: listOf(problems, 'en'), zh: listOf(problems, 'zh') } }),
  }
}

function detailsOf(first: PlacedProblem | undefined, language: Language): Record<string, string> {
  return first ? { parameter: nameOf(first, language), problem: first.problem[language] } : {}
}

function listOf(problems: readonly PlacedProblem[], language: Language): string {
  const colon = language === 'en' ? ': ' : '：'
  const lines = problems
    .slice(0, most)
    .map((problem) => `- ${nameOf(problem, language)}${colon}${problem.problem[language]}`)
  return [...lines, ...(problems.length > most ? ['- …'] : [])].join('\n')
}

function nameOf({ place, name }: PlacedProblem, language: Language): string {
  // Of a whole place the names may be the peer's own.
  return name === '' ? places[place][language] : `${places[place][language]} "${quote(name)}"`
}
