const usualLength = 60
/** How much is shown before the offence, so that one sees where it stands. */
const lead = 12

// What would not be seen, or would change how the rest is seen: controls, format characters, line separators, lone
// surrogates. A quotation ends up in terminals and logs, which a peer must not be able to write commands into.
const unprintable = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]$/u

/**
 * Quotes text from outside for people to read: unprintable characters escaped (`\r`, `\x00`, `\u202e`), cut to about 60
 * characters, or `longest`, with `…` where something was left out. `around` is the index of the offence when it is not at
 * the start.
 */
export function quote(text: string, around: number = 0, longest: number = usualLength): string {
  const from = Math.max(0, around - lead)
  let quoted = from > 0 ? '…' : ''
  for (const character of text.slice(from, from + longest)) {
    const shown = unprintable.test(character) ? escape(character) : character
    if (quoted.length + shown.length > longest) return `${quoted}…`
    quoted += shown
  }
  return from + longest < text.length ? `${quoted}…` : quoted
}

function escape(character: string): string {
  if (character === '\r') return String.raw`\r`
  if (character === '\n') return String.raw`\n`
  if (character === '\t') return String.raw`\t`
  const code = character.codePointAt(0) as number
  const digits = code.toString(16)
  if (code <= 0xff) return String.raw`\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? String.raw`\u${digits.padStart(4, '0')}` : String.raw`\u{${digits}}`
}
