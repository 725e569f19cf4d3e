import { expect, test } from 'vitest'
import { nodeText } from '../../src/native/node-text.ts'
import { readBuffer } from '../../src/native/provide-kernels.ts'
import { WasmMasking } from '../../src/native/wasm-masking.ts'
import { kernels } from '../../src/protocol/kernels.ts'

test.skipIf(process.env['PLAIN_PATHS'] !== undefined)('kernels are provided, and sockets read into one of them', () => {
  const { masking, text } = kernels
  expect(masking).toBeInstanceOf(WasmMasking)
  expect(text).toBe(nodeText)
  expect(masking?.holds(readBuffer)).toBe(true)
  expect(masking?.holds(new Uint8Array(1))).toBe(false)
})
