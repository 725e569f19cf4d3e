import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PeerWindow } from '../../../src/socket/deflate/peer-window.ts'

test('it holds the last bytes of all that came, and never sets aside more than the window', () => {
  const message = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 100, maxLength: 700 }))
  fc.assert(
    fc.property(fc.constantFrom(8, 9), fc.array(message, { maxLength: 20 }), (windowBits, messages) => {
      const window = new PeerWindow(windowBits)
      const all: number[] = []
      for (const bytes of messages) {
        window.add(bytes)
        all.push(...bytes)
        expect([...window.bytes]).toEqual(all.slice(-(2 ** windowBits)))
        expect(window.heldBytes).toBeLessThanOrEqual(2 ** windowBits)
      }
    }),
  )
})

test('it takes little for a small message, and nothing before the first or once it is cleared', () => {
  const window = new PeerWindow(15)
  expect(window.heldBytes).toBe(0)
  window.add(new Uint8Array(10))
  expect(window.heldBytes).toBe(1024)
  window.add(new Uint8Array(100_000))
  expect(window.heldBytes).toBe(32_768)
  window.clear()
  expect(window.heldBytes).toBe(0)
  expect(window.bytes).toHaveLength(0)
})
