/*
 * Memory that goes from message to message: texts are gathered in it, and nobody keeps it once they have been decoded. New
 * memory for each would be as much garbage as the texts themselves, and the system clears what it hands out.
 */

/** Smaller pieces cost little when they are new. */
const leastLent = 64 * 1024
/** The longest message, by default. */
const mostLent = 1024 * 1024
/** As many messages may be on their way at once and find what they need. */
const mostPieces = 4

const pieces: Uint8Array[] = []

/** Memory of `least` to `most` bytes with anything in it; undefined when none is to be had. */
export function lendBytes(least: number, most: number): Uint8Array | undefined {
  const index = pieces.findIndex(({ length }) => length >= least && length <= most)
  return index < 0 ? undefined : pieces.splice(index, 1)[0]
}

/** Nobody looks at it any more. */
export function returnBytes(bytes: Uint8Array): void {
  if (bytes.length < leastLent || bytes.length > mostLent) return
  pieces.push(bytes)
  if (pieces.length <= mostPieces) return
  // The shortest serves the fewest.
  let shortest = 0
  for (const [index, { length }] of pieces.entries()) {
    if (length < (pieces[shortest] as Uint8Array).length) shortest = index
  }
  pieces.splice(shortest, 1)
}
