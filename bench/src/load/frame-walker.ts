import { pongFrame } from './frames.ts'

const opcodeBits = 0x0f
const ping = 0x9
const firstControlOpcode = 0x8
const maskBit = 0x80
const lengthBits = 0x7f
const headerOf16 = 126
const headerOf64 = 127
const keyLength = 4

/**
 * Walks from header to header through what a peer sends, however it is cut, and counts the frames of messages. Payloads
 * are stepped over, but for Pings, which are answered: a peer that waits for its turn may ask whether we are still here.
 */
export class FrameWalker {
  /** Payload bytes of the messages so far. */
  payloadBytes = 0
  readonly #answer: (pong: Buffer) => void
  readonly #header = new DataView(new ArrayBuffer(14))
  #headerBytes = 0
  #headerWanted = 2
  #payloadLeft = 0
  #opcode = 0
  #ping: number[] = []

  constructor(answer: (pong: Buffer) => void) {
    this.#answer = answer
  }

  /** How many frames of messages came to their end in these bytes. */
  walk(bytes: Uint8Array, length: number): number {
    let at = 0
    let ended = 0
    while (at < length) {
      if (this.#headerBytes < this.#headerWanted) {
        this.#readHeader(bytes[at++] ?? 0)
        if (this.#headerBytes < this.#headerWanted) continue
      } else {
        const taken = Math.min(this.#payloadLeft, length - at)
        if (this.#opcode === ping) this.#ping.push(...bytes.subarray(at, at + taken))
        at += taken
        this.#payloadLeft -= taken
      }
      if (this.#payloadLeft === 0) ended += this.#endFrame()
    }
    return ended
  }

  #readHeader(byte: number): void {
    this.#header.setUint8(this.#headerBytes++, byte)
    if (this.#headerBytes === 2) this.#headerWanted = headerBytes(byte)
    if (this.#headerBytes < this.#headerWanted) return
    this.#opcode = this.#header.getUint8(0) & opcodeBits
    this.#payloadLeft = this.#announced()
    if (this.#opcode < firstControlOpcode) this.payloadBytes += this.#payloadLeft
  }

  #announced(): number {
    const short = this.#header.getUint8(1) & lengthBits
    if (short === headerOf16) return this.#header.getUint16(2)
    return short === headerOf64 ? Number(this.#header.getBigUint64(2)) : short
  }

  /** One for a frame of a message, none for a control frame. */
  #endFrame(): number {
    const keyAt = this.#headerWanted - keyLength
    const masked = (this.#header.getUint8(1) & maskBit) !== 0
    this.#headerBytes = 0
    this.#headerWanted = 2
    if (this.#opcode < firstControlOpcode) return 1
    if (this.#opcode === ping) {
      const payload = masked
        ? this.#ping.map((byte, index) => byte ^ this.#header.getUint8(keyAt + (index % keyLength)))
        : this.#ping
      this.#ping = []
      // A masked Ping is a client's: then we are the server, and mask nothing.
      this.#answer(pongFrame(Uint8Array.from(payload), !masked))
    }
    return 0
  }
}

function headerBytes(second: number): number {
  const short = second & lengthBits
  const length = short === headerOf16 ? 4 : short === headerOf64 ? 10 : 2
  return (second & maskBit) === 0 ? length : length + keyLength
}
