export type { ChunkSizes } from './testing/chunk-sizes.ts'
export { type NetworkPath, pair, type Pair, type PairOptions, type PairSocketOptions } from './testing/pair.ts'
export type { VirtualClock } from './testing/virtual-clock.ts'
export type { Cut } from './transport/memory-pair.ts'
