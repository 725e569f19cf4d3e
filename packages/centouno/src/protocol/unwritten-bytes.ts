import { kernels } from './kernels.ts'

/** From here on to zero memory costs more than to ask the host for some that is not. */
const hostFrom = 64 * 1024

/** Memory of its own that the caller writes over, all of it, before anybody sees it: it need not be zero. */
export function unwrittenBytes(length: number): Uint8Array {
  const { allocate } = kernels
  return allocate === undefined || length < hostFrom ? new Uint8Array(length) : allocate(length)
}
