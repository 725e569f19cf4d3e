import { quote } from '../../protocol/http/quote.ts'
import type { Text } from '../../protocol/text.ts'
import { isPromiseLike } from '../../socket/handler-outcome.ts'
import { ServerInputError } from '../server-errors.ts'
import { bareObject } from './bare-object.ts'
import type { ParameterDeclaration } from './declaration.ts'
import { kindReader } from './kind.ts'
import {
  isStandardSchema,
  issuePath,
  type StandardIssue,
  type StandardResult,
  type StandardSchema,
} from './standard-schema.ts'

/** The values that came in one place of a request. */
export interface ParameterValues {
  /** All of that name, in the order they came. */
  of(name: string): readonly string[]
  /** The names that came, each once. */
  names(): readonly string[]
}

/** What is wrong with one parameter; without a name, with the place as a whole. */
export interface ParameterProblem {
  readonly name: string
  readonly problem: Text
}

/** The values of one place as declared, or what is wrong with them. */
export type ParameterReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly ParameterProblem[] }

/**
 * Reads one place of a request. What a schema throws goes through.
 *
 * @param isSecret Whether the value of that parameter must not be told; a schema's message may quote it.
 */
export type ParameterReader = (
  values: ParameterValues,
  isSecret: (name: string) => boolean,
) => ParameterReading | Promise<ParameterReading>

/** @throws ServerInputError (`PARAMETER`) for a rule that is neither a kind nor a schema. */
export function parameterReader(declaration: ParameterDeclaration): ParameterReader {
  if (isStandardSchema(declaration)) return (values, isSecret) => readWhole(declaration, values, isSecret)
  const rules = Object.entries(declaration).map(([name, rule]) => ({ name, read: ruleReader(name, rule) }))
  return (values, isSecret) => {
    const readings = rules.map(({ name, read }) => read(values, isSecret(name)))
    // Most declarations wait for nothing, and then neither does the request.
    if (readings.some(isPromiseLike)) return Promise.all(readings).then((settled) => collect(rules, settled))
    return collect(rules, readings as readonly ParameterReading[])
  }
}

type RuleReader = (values: ParameterValues, secret: boolean) => ParameterReading | Promise<ParameterReading>

function ruleReader(name: string, rule: unknown): RuleReader {
  if (isStandardSchema(rule)) {
    return (values, secret) =>
      validated(rule, single(values.of(name)), (issue) => ({
        name: [name, ...issuePath(issue)].join('.'),
        problem: problemText(issue, secret),
      }))
  }
  if (typeof rule !== 'string') {
    throw new ServerInputError(
      'PARAMETER',
      `The parameter ${JSON.stringify(name)} needs a kind, such as 'string' or 'integer?', or a Standard Schema.`,
    )
  }
  const read = kindReader(name, rule)
  return (values) => {
    const reading = read(values.of(name))
    return reading.ok ? reading : { ok: false, problems: [{ name, problem: reading.problem }] }
  }
}

function collect(rules: readonly { readonly name: string }[], readings: readonly ParameterReading[]): ParameterReading {
  const value = bareObject<unknown>()
  const problems: ParameterProblem[] = []
  for (const [index, reading] of readings.entries()) {
    if (reading.ok) value[rules[index]?.name ?? ''] = reading.value
    else problems.push(...reading.problems)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value }
}

function readWhole(
  schema: StandardSchema,
  values: ParameterValues,
  isSecret: (name: string) => boolean,
): ParameterReading | Promise<ParameterReading> {
  // Names come from the peer here: without a prototype, `__proto__` is a name like any other.
  const input = bareObject<unknown>()
  const names = values.names()
  for (const name of names) input[name] = single(values.of(name))
  return validated(schema, input, (issue) => {
    const path = issuePath(issue)
    // What has no path may be about any of them.
    const secret = path[0] === undefined ? names.some(isSecret) : isSecret(path[0])
    return { name: path.join('.'), problem: problemText(issue, secret) }
  })
}

function single(values: readonly string[]): string | readonly string[] | undefined {
  return values.length > 1 ? [...values] : values[0]
}

function validated(
  schema: StandardSchema,
  input: unknown,
  tell: (issue: StandardIssue) => ParameterProblem,
): ParameterReading | Promise<ParameterReading> {
  const conclude = (result: StandardResult<unknown>): ParameterReading =>
    result.issues === undefined ? { ok: true, value: result.value } : { ok: false, problems: result.issues.map(tell) }
  const result = schema['~standard'].validate(input)
  return isPromiseLike(result) ? Promise.resolve(result).then(conclude) : conclude(result)
}

const longestMessage = 200

function problemText({ message }: StandardIssue, secret: boolean): Text {
  if (secret) return { en: 'it is not what the endpoint expects', zh: '不符合端点的要求' }
  // The words of a schema may quote what the peer sent.
  const shown = quote(message, 0, longestMessage)
  return { en: shown, zh: shown }
}
