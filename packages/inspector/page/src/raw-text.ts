/**
 * Raw bytes as text that can be edited. A line ends with CR LF, which needs no mark. Whatever else cannot be seen is
 * written out: `\x00`, `\t`, `\\`; and a line that ends with LF or CR alone ends with `\n` or `\r`. In a raw text characters
 * are bytes.
 */

const named: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\r', '\\r\n'],
  ['\n', '\\n\n'],
])

export function editableFrom(raw: string): string {
  return raw
    .split('\r\n')
    .map((line) => line.replace(/[^\x20-\x5b\x5d-\x7e]/g, written))
    .join('\n')
}

/** What is no escape (`\q`) stands for itself. */
export function rawFrom(editable: string): string {
  return editable.replace(
    /\\([\\tnr])(\n?)|\\x([\da-f]{2})|\n/gi,
    (_whole, letter?: string, lineEnd = '', hex?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      switch (letter) {
        case undefined:
          return '\r\n'
        case 'n':
          return '\n'
        case 'r':
          return '\r'
        case 't':
          return `\t${lineEnd === '' ? '' : '\r\n'}`
        case '\\':
          return `\\${lineEnd === '' ? '' : '\r\n'}`
        default:
          return `\\${letter}${lineEnd === '' ? '' : '\r\n'}`
      }
    },
  )
}

function written(character: string): string {
  const code = character.charCodeAt(0)
  return named.get(character) ?? (code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : character)
}
