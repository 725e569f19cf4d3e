/** The header of a frame as it stands on the wire (RFC 6455 §5.2), legal or not. */
export interface FrameHead {
  readonly fin: boolean
  /** RSV1, RSV2, RSV3. */
  readonly reserved: readonly [boolean, boolean, boolean]
  readonly opcode: number
  readonly masked: boolean
  /** The seven bits of the second byte. */
  readonly shortLength: number
  /** Bytes of payload; undefined when it is more than a number holds exactly. */
  readonly payloadLength: number | undefined
  /** Where the extended length ends and the masking key begins. */
  readonly keyAt: number
  /** Bytes of the header. */
  readonly length: number
}

const lengthInTwoBytes = 126
const lengthInEightBytes = 127
const keyLength = 4

/**
 * Reads a header; undefined when it has not come whole. It reads on where a peer would have to fail the connection: what
 * is told is what crossed. The engine's reader, which does refuse, is the judge of it.
 */
export function readFrameHead(bytes: Uint8Array): FrameHead | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const shortLength = second & 0x7f
  const keyAt = 2 + (shortLength === lengthInTwoBytes ? 2 : shortLength === lengthInEightBytes ? 8 : 0)
  const masked = (second & 0x80) !== 0
  const length = keyAt + (masked ? keyLength : 0)
  if (bytes.length < length) return undefined
  return {
    fin: (first & 0x80) !== 0,
    reserved: [(first & 0x40) !== 0, (first & 0x20) !== 0, (first & 0x10) !== 0],
    opcode: first & 0x0f,
    masked,
    shortLength,
    payloadLength: keyAt === 2 ? shortLength : numberOf(bytes.subarray(2, keyAt)),
    keyAt,
    length,
  }
}

function numberOf(bytes: Uint8Array): number | undefined {
  const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined
}
