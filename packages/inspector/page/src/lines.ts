import type { NumberedEntry } from './message-history.ts'

/** Lines in the order of their numbers, in pieces: a hundred thousand of them are never copied for a few to be drawn. */
export type Lines = readonly (readonly NumberedEntry[])[]

export function countLines(lines: Lines): number {
  return lines.reduce((sum, piece) => sum + piece.length, 0)
}

/** The lines from one place to another, both counted over all pieces. */
export function sliceLines(lines: Lines, from: number, to: number): readonly NumberedEntry[] {
  const slice: NumberedEntry[] = []
  let start = 0
  for (const piece of lines) {
    if (start >= to) break
    if (start + piece.length > from) slice.push(...piece.slice(Math.max(0, from - start), to - start))
    start += piece.length
  }
  return slice
}

/** Where the line of this number stands, or else the next one that is there; the count of lines when all are before it. */
export function placeOf(lines: Lines, number: number): number {
  let start = 0
  for (const piece of lines) {
    const last = piece.at(-1)
    if (last !== undefined && last.number >= number) return start + firstFrom(piece, number)
    start += piece.length
  }
  return start
}

function firstFrom(piece: readonly NumberedEntry[], number: number): number {
  let low = 0
  let high = piece.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((piece[middle]?.number ?? number) < number) low = middle + 1
    else high = middle
  }
  return low
}
