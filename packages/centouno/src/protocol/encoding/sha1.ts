/*
 * SHA-1 (RFC 3174) for Sec-WebSocket-Accept, where it proves only that the peer read the key (RFC 6455 §10.8). Written
 * out because the core imports nothing; for the 60 bytes of a handshake it is as fast as a call into a crypto library.
 */

const blockLength = 64
const lengthFieldLength = 8
const endMark = 0x80

// Reused by every call: the function is synchronous and leaves nothing behind that the next call reads.
const schedule = new Int32Array(80)
const state = new Int32Array(5)
const tail = new Uint8Array(2 * blockLength)

/** The 20 bytes of the SHA-1 digest. */
export function sha1(bytes: Uint8Array): Uint8Array {
  state[0] = 0x67452301
  state[1] = 0xefcdab89
  state[2] = 0x98badcfe
  state[3] = 0x10325476
  state[4] = 0xc3d2e1f0

  const wholeBlocksEnd = bytes.length - (bytes.length % blockLength)
  for (let start = 0; start < wholeBlocksEnd; start += blockLength) addBlock(bytes, start)

  const tailLength = fillTail(bytes, wholeBlocksEnd)
  for (let start = 0; start < tailLength; start += blockLength) addBlock(tail, start)

  const digest = new Uint8Array(20)
  for (let word = 0; word < 5; word++) writeWord(digest, word * 4, state[word] as number)
  return digest
}

/** Pads what is left after the whole blocks: a mark, zeros, and the length in bits (RFC 3174 §4). */
function fillTail(bytes: Uint8Array, from: number): number {
  const left = bytes.length - from
  const length = left + 1 + lengthFieldLength <= blockLength ? blockLength : 2 * blockLength
  tail.fill(0)
  for (let index = 0; index < left; index++) tail[index] = bytes[from + index] as number
  tail[left] = endMark
  // The number of bits has 64 bits; shifting would cut it to 32, so the high half is divided out.
  writeWord(tail, length - 8, Math.floor(bytes.length / 0x2000_0000))
  writeWord(tail, length - 4, bytes.length << 3)
  return length
}

function addBlock(bytes: Uint8Array, start: number): void {
  for (let word = 0; word < 16; word++) schedule[word] = readWord(bytes, start + word * 4)
  for (let word = 16; word < 80; word++) {
    schedule[word] = rotateLeft(
      (schedule[word - 3] as number) ^
        (schedule[word - 8] as number) ^
        (schedule[word - 14] as number) ^
        (schedule[word - 16] as number),
      1,
    )
  }

  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  for (let round = 0; round < 80; round++) {
    const next = (rotateLeft(a, 5) + mix(round, b, c, d) + e + (schedule[round] as number)) | 0
    e = d
    d = c
    c = rotateLeft(b, 30)
    b = a
    a = next
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
}

/** The function and the constant of the round (RFC 3174 §5): choose, parity, majority, parity. */
function mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (round < 60) return ((b & c) | (b & d) | (c & d)) - 0x70e44324
  return (b ^ c ^ d) - 0x359d3e2a
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}
