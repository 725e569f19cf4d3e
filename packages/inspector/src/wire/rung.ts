import type { Text } from 'centouno/telling'

/** The layers of a connection, from the lowest up: the order in which they fold. */
export type Layer = 'tcp' | 'proxy' | 'tls' | 'http' | 'websocket'

/** Who stands at an end of an arrow. */
export type Party = 'client' | 'proxy' | 'server'

/** One arrow of the ladder: a segment, a record's message, a head, a frame. Plain data: it survives JSON. */
export interface Rung {
  /** Counts from 0 in the order of telling; stable while the connection is being told. */
  readonly id: number
  readonly layer: Layer
  readonly from: Party
  readonly to: Party
  /** Milliseconds since the attempt began: when its last byte was seen. */
  readonly atMs: number
  /** What stands on the arrow: `SYN`, `ClientHello`, `GET /chat`, `Text, 5 bytes`. */
  readonly label: Text
  /** What it says and does, for one who has never seen it: one or two sentences. */
  readonly sentence: Text
  /** Where it is specified: `RFC 8446 §4.1.2`. */
  readonly clause: string
  /** True when it was not seen but follows from what the system told. */
  readonly inferred: boolean
  /** True when it crossed encrypted, and is shown as the keys of the connection opened it. */
  readonly decrypted: boolean
  /** Something is wrong here; the reader's eye should go to it. */
  readonly alarming: boolean
  /** The bytes of this layer, base64: what `fields` point into. Cut at a bound. */
  readonly bytes: string
  /** Bytes in all, before `bytes` was cut. */
  readonly byteCount: number
  readonly fields: readonly WireField[]
  /** What follows from the bytes but did not cross as it stands here. */
  readonly derived?: readonly DerivedBytes[]
  /** True when secrets in the bytes were replaced: they are then not, byte for byte, those that crossed. */
  readonly redacted?: true
}

/** A frame's payload with its mask taken off, a message joined from its fragments, a message inflated. */
export interface DerivedBytes {
  readonly kind: 'payload' | 'message' | 'inflated'
  /** Base64, cut at a bound. */
  readonly bytes: string
  /** Bytes in all, before `bytes` was cut. */
  readonly byteCount: number
  /** What stands in `bytes`, where it is text. */
  readonly text?: string
}

/** A stretch of a rung's bytes with its meaning. Children lie within their parent. */
export interface WireField {
  /** The standard's own name: `legacy_version`, `FIN`, `Masking-key`, `Sec-WebSocket-Key`. */
  readonly name: string
  /** The value, words of it in English: `TLS 1.2 (0x0303)`, `1`, `258 bytes`. */
  readonly value: string
  /** The value in Chinese, where there are words in it. */
  readonly zh?: string
  /** Bytes from `start` up to but not including `end`. */
  readonly start: number
  readonly end: number
  /** Bits within the byte at `start`, the most significant first (0 to 7), when it is less than a byte. */
  readonly bits?: readonly [from: number, to: number]
  /** What it is for, where its name does not say. */
  readonly meaning?: Text
  /** Ids of the handshake's rules that speak of it. */
  readonly rules?: readonly string[]
  readonly fields?: readonly WireField[]
}
