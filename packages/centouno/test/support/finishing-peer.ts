import type { MemoryTransport } from '../../src/transport/memory-pair.ts'

const nothing = (): void => undefined

/** A raw peer in memory that ends its side once the other has ended its own, and looks at nothing else. */
export function finishAfter(peer: MemoryTransport): void {
  peer.start({
    received: nothing,
    blocked: nothing,
    drained: nothing,
    ended: () => peer.finish(),
    failed: nothing,
    closed: nothing,
  })
}
