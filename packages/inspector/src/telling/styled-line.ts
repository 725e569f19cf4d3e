/** How a piece of a line is meant; whoever shows it decides on the looks. */
export type Style = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'note' | 'sent' | 'received'

/** A piece of a line in one style. Its text may come from a peer: whoever shows it makes it harmless first. */
export interface Span {
  readonly style: Style
  readonly text: string
}

/** One line of a telling, without its line break. */
export type StyledLine = readonly Span[]

/** One span; `span('x')` is plain. */
export function span(text: string, style: Style = 'plain'): Span {
  return { style, text }
}

/** A line's text without its styles. */
export function plainText(line: StyledLine): string {
  return line.map((piece) => piece.text).join('')
}
