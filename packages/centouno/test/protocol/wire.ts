/** Bytes from hexadecimal with blanks: `hex('81 05 48656c6c6f')`. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '')
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new Error(`not hexadecimal: ${text}`)
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  )
}

/** The hexadecimal form of bytes, two digits each, a blank between. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

/** UTF-8 of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Whether two runs of bytes are the same; for long ones, where an assertion on each byte would take seconds. */
export function sameBytes(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0
}

/** Several pieces as one. */
export function join(...pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}

/** How a frame of the tests differs from an ordinary one. */
export interface FrameShape {
  readonly fin?: boolean
  readonly rsv?: number
  /** Four bytes; absent for a frame that is not masked. */
  readonly key?: Uint8Array
}

/** The key with which the tests mask. */
export const testKey: Uint8Array = hex('37 fa 21 3d')

/** A frame, built apart from the engine, so that an error in it cannot hide behind itself. */
export function frame(opcode: number, payload: Uint8Array | string, shape: FrameShape = {}): Uint8Array {
  const body = typeof payload === 'string' ? utf8(payload) : payload
  const bytes = [(shape.fin === false ? 0 : 0x80) + (shape.rsv ?? 0) * 16 + opcode]
  const mask = shape.key === undefined ? 0 : 0x80
  if (body.length < 126) bytes.push(mask + body.length)
  else if (body.length < 65_536) bytes.push(mask + 126, Math.floor(body.length / 256), body.length % 256)
  else {
    const length = BigInt(body.length)
    bytes.push(mask + 127)
    for (let shift = 56n; shift >= 0n; shift -= 8n) bytes.push(Number((length >> shift) & 255n))
  }
  const key = shape.key
  if (key === undefined) return join(Uint8Array.from(bytes), body)
  return join(
    Uint8Array.from(bytes),
    key,
    body.map((byte, index) => byte ^ (key[index % 4] as number)),
  )
}

/** A frame as a client sends it. */
export function clientFrame(opcode: number, payload: Uint8Array | string, shape: FrameShape = {}): Uint8Array {
  return frame(opcode, payload, { key: testKey, ...shape })
}

/** A frame as read back from what an endpoint wrote. */
export interface SeenFrame {
  readonly fin: boolean
  readonly opcode: number
  readonly masked: boolean
  readonly key: string
  readonly payload: Uint8Array
}

/** Cuts what an endpoint wrote into frames, apart from the engine; throws when it does not end with a whole one. */
export function framesOf(bytes: Uint8Array): SeenFrame[] {
  const frames: SeenFrame[] = []
  let at = 0
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new Error(`frame cut at ${bytes.length}`)
    at += count
    return bytes.subarray(at - count, at)
  }
  while (at < bytes.length) {
    const [first = 0, second = 0] = take(2)
    const mark = second % 128
    const length = mark < 126 ? mark : Number(`0x${toHex(take(mark === 126 ? 2 : 8)).replaceAll(' ', '')}`)
    const masked = second >= 128
    const key = masked ? take(4) : new Uint8Array(4)
    const payload = take(length).map((byte, index) => byte ^ (key[index % 4] as number))
    frames.push({ fin: first >= 128, opcode: first % 128, masked, key: masked ? toHex(key) : '', payload })
  }
  return frames
}
