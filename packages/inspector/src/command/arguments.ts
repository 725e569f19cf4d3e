import { InvalidArgumentError, Option } from 'commander'

/** What several commands take, and how its text is read. Each throws what Commander prints as a mistake of usage. */

export function portOption(description: string): Option {
  return new Option('--port <n>', description).argParser((text) => wholeNumber(text, 0, 65_535))
}

export function languageOption(): Option {
  return new Option('--lang <language>', 'language of what is told').choices(['en', 'zh']).default('en')
}

export function milliseconds(text: string): number {
  // What Node's timers can count.
  return wholeNumber(text, 1, 2_147_483_647)
}

export function wholeNumber(text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
}

export function collectField(
  text: string,
  earlier: [name: string, value: string][] = [],
): [name: string, value: string][] {
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(0, colon)).trim()
  if (name === '') throw new InvalidArgumentError("It must look like 'Name: value'.")
  return [...earlier, [name, text.slice(colon + 1).trim()]]
}

/** `name=value`, for cookies and variables. */
export function collectPair(
  text: string,
  earlier: [name: string, value: string][] = [],
): [name: string, value: string][] {
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(0, equals)).trim()
  if (name === '') throw new InvalidArgumentError("It must look like 'name=value'.")
  return [...earlier, [name, text.slice(equals + 1)]]
}

export function collectText(text: string, earlier: string[] = []): string[] {
  return [...earlier, text]
}
