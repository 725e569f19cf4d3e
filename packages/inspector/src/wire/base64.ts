/** Base64 without Node, so that the page has it too. */

// Arguments of one call: engines bound them.
const atATime = 8192

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(latin1(bytes))
}

/** @throws DOMException for what is no base64. */
export function decodeBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** One character a byte (ISO 8859-1). */
export function latin1(bytes: Uint8Array): string {
  let characters = ''
  for (let at = 0; at < bytes.length; at += atATime) {
    // Spreading would hand them over one by one; `apply` takes any array, whatever its type says.
    characters += String.fromCharCode.apply(null, bytes.subarray(at, at + atATime) as unknown as number[])
  }
  return characters
}

/** Characters beyond ISO 8859-1 lose what makes them more than a byte. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
