import { encodeBase64 } from './base64.ts'
import type { Rung } from './rung.ts'
import type { TapePiece } from './tape.ts'

/** Reads the tape of one layer: it tells the layer's rungs, and passes on the tape of the layer above. */
export interface LayerReader {
  /** The next piece. Nothing in it makes the reader throw. */
  receive(piece: TapePiece): void
  /** No more will come: what waited for more is told as it is. */
  end(atMs: number): void
}

/** A rung before it has its number. */
export type RungDraft = Omit<Rung, 'id'>

/** Takes the next rung. */
export type TellRung = (rung: RungDraft) => void

/** Bytes of a rung that are kept: the head of any usual request, and as much of a payload as one reads. */
export const rungBytesLimit = 4096

/** Bytes as a rung holds them. Without Node: the page makes rungs too, of a HAR. */
export function rungBytes(bytes: Uint8Array): Pick<Rung, 'bytes' | 'byteCount'> {
  return { bytes: encodeBase64(bytes.subarray(0, rungBytesLimit)), byteCount: bytes.length }
}
