import { kernels } from '../protocol/kernels.ts'
import { allocate } from './allocate.ts'
import { nodeText } from './node-text.ts'
import { WasmMasking } from './wasm-masking.ts'

const readBytes = 256 * 1024

/**
 * Where all plain TCP sockets of the process read to, one after another: what is kept is copied out. In the kernel's
 * memory, where there is one, so that it can be unmasked where it lies.
 */
export const readBuffer: Uint8Array = provide()

function provide(): Uint8Array {
  // Where these are missing, as in other runtimes, plain code does it.
  if (['latin1Slice', 'utf8Slice', 'utf8Write'].every((name) => name in Buffer.prototype)) kernels.text = nodeText
  kernels.allocate = allocate
  try {
    const masking = new WasmMasking()
    kernels.masking = masking
    return masking.readBuffer
  } catch {
    return new Uint8Array(readBytes)
  }
}
