import { shownValue } from '../protocol/shown-value.ts'

/** What an option may be: how a sentence names it, and how it is told. */
export interface OptionShape {
  readonly named: string
  readonly fits: (value: unknown) => boolean
}

/** The shape of each option there is. A new option does not compile until it has one. */
export type OptionShapes<Options extends object> = { readonly [Name in keyof Options]-?: OptionShape }

/**
 * What is wrong with the types of options: a sentence, or undefined. Types are checked by a compiler only where there is
 * one; and what is wrong with a value is better told at once than where it is used, much later, in words of another.
 */
export function optionFault<Options extends object>(
  options: Options,
  shapes: OptionShapes<Options>,
  named = 'The options',
): string | undefined {
  if (!isRecord(options)) return `${named} must be an object, not ${shownValue(options)}.`
  for (const [name, shape] of Object.entries<OptionShape>(shapes)) {
    const value = options[name]
    if (value !== undefined && !shape.fits(value)) return `${name} must be ${shape.named}, not ${shownValue(value)}.`
  }
  return undefined
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** A string is iterable too, but never meant as its letters. */
function isTexts(value: unknown): boolean {
  return isRecord(value) && Symbol.iterator in value && typeof value[Symbol.iterator] === 'function' && all(value)
}

function all(value: object): boolean {
  try {
    return [...(value as Iterable<unknown>)].every(isText)
  } catch {
    return false
  }
}

export const text: OptionShape = { named: 'a string', fits: isText }
export const flag: OptionShape = { named: 'true or false', fits: (value) => typeof value === 'boolean' }
export const number: OptionShape = { named: 'a number', fits: (value) => typeof value === 'number' }
export const record: OptionShape = { named: 'an object', fits: isRecord }
export const callback: OptionShape = { named: 'a function', fits: (value) => typeof value === 'function' }
export const textArray: OptionShape = {
  named: 'an array of strings',
  fits: (value) => Array.isArray(value) && value.every(isText),
}
export const texts: OptionShape = { named: 'an array of strings, or another iterable of them', fits: isTexts }

/** Told by what it does, so that those of another realm count. */
export const abortSignal: OptionShape = {
  named: 'an AbortSignal',
  fits: (value) =>
    isRecord(value) &&
    typeof value['aborted'] === 'boolean' &&
    typeof value['addEventListener'] === 'function' &&
    typeof value['removeEventListener'] === 'function',
}
