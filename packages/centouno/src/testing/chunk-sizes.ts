/**
 * Where the network cuts what goes through it: pieces of so many bytes at most, these sizes over and over, or sizes from 1
 * to `most` (default 64) that depend on the seed alone.
 */
export type ChunkSizes = number | readonly number[] | { readonly seed: number; readonly most?: number }

/** The sizes, one after another. */
export function chunkSizes(sizes: ChunkSizes): () => number {
  if (typeof sizes === 'number') return () => sizes
  if ('seed' in sizes) return seeded(sizes.seed, sizes.most ?? 64)
  let index = 0
  return () => {
    const size = sizes[index % sizes.length] ?? Number.POSITIVE_INFINITY
    index += 1
    return size
  }
}

/** Marsaglia's xorshift of 32 bits: good enough to cut by, and the same everywhere. */
function seeded(seed: number, most: number): () => number {
  let state = (seed ^ 0x9e37_79b9) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return 1 + ((state >>> 0) % most)
  }
}
