import type { StyledLine, Style } from '../telling/styled-line.ts'

/** Where text goes: the part of a writable stream that a terminal needs. */
export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

// Select Graphic Rendition parameters (ECMA-48 §8.3.117).
const renditions: Readonly<Record<Style, string>> = {
  plain: '',
  strong: '1',
  faint: '2',
  good: '32',
  bad: '31',
  note: '33',
  sent: '36',
  received: '35',
}

// Everything that can steer a terminal or change the order in which it is read: controls (C0, DEL, C1), format characters
// (bidirectional marks, zero-width ones), line and paragraph separators, and halves of surrogate pairs.
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Makes text harmless to a terminal: what could steer it is written out as `\x1b` or `\u202e`. */
export function escapeForTerminal(text: string): string {
  return text.replace(steering, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code <= 0xff) return `\\x${hexadecimal(code, 2)}`
    return code <= 0xffff ? `\\u${hexadecimal(code, 4)}` : `\\u{${hexadecimal(code, 5)}}`
  })
}

/** JSON whose strings are harmless to a terminal, by means of JSON's own escapes: it parses to the same value. */
export function jsonForTerminal(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(steering, (character) => {
    // The only one that stands outside of strings: JSON.stringify has escaped those inside.
    if (character === '\n') return character
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    return units.map((unit) => `\\u${hexadecimal(unit, 4)}`).join('')
  })
}

/** Colours are for people: only on a terminal, and not where the environment says no (https://no-color.org). */
export function wantsColour(output: Output, environment: Readonly<Record<string, string | undefined>>): boolean {
  const { NO_COLOR: refused, TERM: kind } = environment
  return output.isTTY === true && (refused === undefined || refused === '') && kind !== 'dumb'
}

/**
 * The two streams of a command: `print` for its result (stdout), `remark` for all else (stderr). It is the only way
 * by which text from a peer reaches the screen, and it makes all text harmless on the way.
 */
export class Terminal {
  readonly #result: Output
  readonly #remarks: Output
  readonly #environment: Readonly<Record<string, string | undefined>>

  constructor(result: Output, remarks: Output, environment: Readonly<Record<string, string | undefined>>) {
    this.#result = result
    this.#remarks = remarks
    this.#environment = environment
  }

  print(line: StyledLine): void {
    this.#write(this.#result, line)
  }

  remark(line: StyledLine): void {
    this.#write(this.#remarks, line)
  }

  /** One JSON value on stdout. */
  printJson(value: unknown): void {
    this.#result.write(`${jsonForTerminal(value)}\n`)
  }

  /** One JSON value on one line of stdout. */
  printJsonLine(value: unknown): void {
    this.#result.write(`${jsonForTerminal(value, 0)}\n`)
  }

  /** True when the result is looked at by a person, false when it goes to a file or another program. */
  get isScreen(): boolean {
    return this.#result.isTTY === true
  }

  /** Text as it is and a line end, for other programs. On a screen it is made harmless all the same. */
  printRaw(text: string): void {
    this.#result.write(`${this.isScreen ? escapeForTerminal(text) : text}\n`)
  }

  #write(output: Output, line: StyledLine): void {
    const coloured = wantsColour(output, this.#environment)
    output.write(`${line.map((piece) => render(piece.text, piece.style, coloured)).join('')}\n`)
  }
}

function render(text: string, style: Style, coloured: boolean): string {
  const harmless = escapeForTerminal(text)
  const rendition = renditions[style]
  return coloured && rendition !== '' && harmless !== '' ? `\u001b[${rendition}m${harmless}\u001b[0m` : harmless
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
