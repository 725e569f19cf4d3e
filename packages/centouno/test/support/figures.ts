import { readdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** What a process holds. */
export interface Figures {
  /** Bytes of resident memory. */
  readonly rss: number
  readonly heapUsed: number
  /** Bytes of array buffers and what else lies outside the heap. */
  readonly external: number
  /** What keeps the event loop busy, by kind. */
  readonly handles: Readonly<Record<string, number>>
  /** Open file descriptors; undefined where the system does not tell. */
  readonly descriptors: number | undefined
}

const collections = 6
const betweenCollections = 15

/** Measures this process after forced collections, with turns between them in which what they freed is given back. */
export async function measureFigures(): Promise<Figures> {
  for (let count = 0; count < collections; count += 1) {
    globalThis.gc?.()
    await delay(betweenCollections)
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heapUsed, external, handles: countHandles(), descriptors: await countDescriptors() }
}

export function countHandles(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

export async function countDescriptors(): Promise<number | undefined> {
  try {
    // One of them is the folder that is being read.
    return (await readdir('/proc/self/fd')).length - 1
  } catch {
    return undefined
  }
}
