import type { MaskingKernel } from '../protocol/kernels.ts'
import { maskingModule } from './masking-module.ts'

/** What masking.wat exports. */
interface MaskingExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  mask(at: number, end: number, key: number): void
}

/** As much of WebAssembly as is needed; its types otherwise come with those of the browser. */
interface WebAssemblyGlobal {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** The first page is for masking what lies elsewhere; of it, as much as stays in the nearest cache. */
const pageBytes = 64 * 1024
const scratchBytes = 8 * 1024

/** Masking by SIMD in WebAssembly, in memory of its own (masking.wat). */
export class WasmMasking implements MaskingKernel {
  /** Where all plain TCP sockets of the process read to, one after another. */
  readonly readBuffer: Uint8Array
  readonly #memory: ArrayBuffer
  readonly #scratch: Uint8Array
  readonly #mask: MaskingExports['mask']

  /** Throws where there is no WebAssembly, or none with SIMD, or not enough address space for it. */
  constructor() {
    const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyGlobal }).WebAssembly
    const instance = new Instance(new Module(Buffer.from(maskingModule, 'base64')))
    const { memory, mask } = instance.exports as MaskingExports
    this.#memory = memory.buffer
    this.#scratch = new Uint8Array(memory.buffer, 0, scratchBytes)
    this.readBuffer = new Uint8Array(memory.buffer, pageBytes)
    this.#mask = mask
  }

  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#memory
  }

  mask(bytes: Uint8Array, start: number, end: number, key: number, offset: number): void {
    const word = wordOf(key, offset)
    if (bytes.buffer === this.#memory) {
      this.#mask(bytes.byteOffset + start, bytes.byteOffset + end, word)
      return
    }
    // The scratch is a multiple of four, so that each piece begins with the same byte of the key.
    for (let at = start; at < end; at += scratchBytes) {
      const piece = bytes.subarray(at, Math.min(end, at + scratchBytes))
      this.#scratch.set(piece)
      this.#mask(0, piece.length, word)
      bytes.set(this.#scratch.subarray(0, piece.length), at)
    }
  }
}

/** The key as the kernel takes it: its bytes from `offset` on, the first one the lowest. */
function wordOf(key: number, offset: number): number {
  const shift = (offset & 3) << 3
  const turned = shift === 0 ? key : (key << shift) | (key >>> (32 - shift))
  return ((turned & 0xff) << 24) | ((turned & 0xff00) << 8) | ((turned >>> 8) & 0xff00) | (turned >>> 24)
}
