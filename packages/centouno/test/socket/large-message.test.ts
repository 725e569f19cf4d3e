import { afterAll, expect, test } from 'vitest'
import { startProgram, stopPrograms } from '../support/child-program.ts'

const mebibyte = 1024 * 1024

afterAll(stopPrograms)

test.each(['memory', 'tcp'])(
  'a message of 256 MiB goes through %s within 32 MiB of memory',
  { timeout: 60_000 },
  async (way) => {
    const program = await startProgram('large-message')
    // So that what is allocated once, by Node and by the engine, is not counted.
    await program.ask({ ask: way, bytes: 16 * mebibyte })
    const { bytes, growth, resident } = await program.ask<{ bytes: number; growth: number; resident: number }>({
      ask: way,
      bytes: 256 * mebibyte,
    })
    expect(bytes).toBe(256 * mebibyte)
    expect(growth / mebibyte).toBeLessThan(32)
    // Resident memory rises with the machine's load, as garbage waits; it must not rise with the message.
    expect(resident / mebibyte).toBeLessThan(96)
    program.mustBeUnharmed()
    await program.stop()
  },
)
