/** Which way bytes went, as the client sees it. */
export type Direction = 'sent' | 'received'

/**
 * One chunk of one layer's byte stream, as it crossed the point where it was watched. The pieces of a direction, joined in
 * order, are that direction's stream; where one piece ends and the next begins means nothing.
 */
export interface TapePiece {
  readonly direction: Direction
  /** Milliseconds since the attempt began. */
  readonly atMs: number
  readonly bytes: Uint8Array
}
