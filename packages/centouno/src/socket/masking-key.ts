import { randomFillSync } from 'node:crypto'

const keyBytes = 4

// One call into the system's generator per frame would cost more than the frame; 8 KiB serve 2,048 frames.
const poolBytes = 8192

let pool = new Uint8Array(0)
let used = 0

/**
 * Four bytes nobody can predict, fresh for every frame (RFC 6455 §5.3, §10.3).
 *
 * A spent pool is replaced, never refilled, so that a key handed out earlier cannot change under its holder.
 */
export function nextMaskingKey(): Uint8Array {
  if (used === pool.length) {
    pool = randomFillSync(new Uint8Array(poolBytes))
    used = 0
  }
  const key = pool.subarray(used, used + keyBytes)
  used += keyBytes
  return key
}
