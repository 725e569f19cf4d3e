import { encodeBase64 } from '../encoding/base64.ts'
import { encodeLatin1 } from '../encoding/latin1.ts'
import { sha1 } from '../encoding/sha1.ts'

/** The number RFC 6455 §1.3 fixes: a server that does not speak WebSocket will not append it by accident. */
const webSocketIdentifier = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

const keyBytes = 16

/**
 * The value of `Sec-WebSocket-Accept` that answers a key (RFC 6455 §4.2.2(5.4)). The key's text is hashed as it was
 * sent, not what it decodes to.
 *
 * @throws RangeError when the key holds a character beyond Latin-1, which no field value off the wire does.
 */
export function acceptValue(key: string): string {
  return encodeBase64(sha1(encodeLatin1(key + webSocketIdentifier)))
}

/**
 * Whether the text has the shape of a `Sec-WebSocket-Key`: the base64 of 16 bytes (RFC 6455 §4.1(7)).
 *
 *     base64-value-non-empty of 16 bytes = 22base64-character "=="
 *
 * The unused bits of the last character may be anything: the RFC's own sample, `AQIDBAUGBwgJCgsMDQ4PEC==`, has them set
 * (H-TRAP-02).
 */
export function isKey(value: string): boolean {
  return /^[A-Za-z0-9+/]{22}==$/.test(value)
}

/**
 * The `Sec-WebSocket-Key` made of 16 bytes, which must be random and used once (RFC 6455 §4.1(7)).
 *
 * @throws RangeError when there are not 16 of them.
 */
export function keyFrom(sixteenBytes: Uint8Array): string {
  if (sixteenBytes.length !== keyBytes) {
    throw new RangeError(
      `A key is made of ${keyBytes} bytes, not ${sixteenBytes.length}. Pass ${keyBytes} random bytes.`,
    )
  }
  return encodeBase64(sixteenBytes)
}
