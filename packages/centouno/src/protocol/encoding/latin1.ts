import { kernels } from '../kernels.ts'

// Arguments of one call: far below every engine's limit, and a usual head fits in one piece.
const pieceLength = 4096

/**
 * The text whose characters are the bytes, one to one (ISO 8859-1, RFC 9110 §5.5). Never fails.
 *
 * `TextDecoder('latin1')` is no substitute: by the Encoding standard it decodes windows-1252, and 0x80 to 0x9F change.
 */
export function decodeLatin1(bytes: Uint8Array): string {
  if (kernels.text !== undefined) return kernels.text.latin1(bytes)
  let text = ''
  for (let start = 0; start < bytes.length; start += pieceLength) {
    text += decodePiece(bytes.subarray(start, start + pieceLength))
  }
  return text
}

function decodePiece(bytes: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, bytes) as string
}

/**
 * The bytes whose values are the characters, one to one.
 *
 * @throws RangeError when a character lies above U+00FF: check text from outside first, with `isFieldValue` for instance.
 */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0xff) {
      throw new RangeError(
        `The character at index ${index} (U+${code.toString(16).toUpperCase().padStart(4, '0')}) has no Latin-1 byte. ` +
          'Percent-encode the text, or send it in a message instead of the handshake.',
      )
    }
    bytes[index] = code
  }
  return bytes
}
