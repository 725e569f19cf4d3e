const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The bytes in base64, padded, without line breaks (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 3) {
    const left = bytes.length - start
    const group = (byteAt(bytes, start) << 16) | (byteAt(bytes, start + 1) << 8) | byteAt(bytes, start + 2)
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63)
    text += left > 1 ? alphabet.charAt((group >> 6) & 63) : '='
    text += left > 2 ? alphabet.charAt(group & 63) : '='
  }
  return text
}

/** Past the end the last group is filled with zero bits. */
function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}
