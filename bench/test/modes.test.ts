import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { memoryModes, modes } from '../src/modes/modes.ts'
import { peers } from '../src/peers.ts'

const everyMode = [...modes, ...memoryModes]

test('every mode has a name of its own', () => {
  const names = everyMode.map((mode) => mode.name)
  expect(new Set(names).size).toBe(names.length)
})

test('goals are about peers that are measured in that mode', () => {
  for (const mode of modes) {
    const able = peers.filter((peer) => mode.roles.includes(peer.role)).map((peer) => peer.name)
    for (const { peer } of mode.goals) expect(able).toContain(peer)
  }
})

test('every peer has its program', () => {
  for (const { script } of peers) {
    const source = new URL(`../src/subjects/${script.replace('.js', '.ts')}`, import.meta.url)
    expect(existsSync(fileURLToPath(source))).toBe(true)
  }
})
