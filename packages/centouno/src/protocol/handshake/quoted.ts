import { quote } from '../http/quote.ts'

/** What a peer sent, quoted and between backticks, fit to stand in a sentence. */
export function quoted(value: string): string {
  return `\`${quote(value)}\``
}

const most = 4

/** Several values in a row, each quoted; no more than four of them. */
export function quotedAll(values: readonly string[]): string {
  const shown = values.slice(0, most).map(quoted).join(', ')
  return values.length > most ? `${shown}, …` : shown
}
