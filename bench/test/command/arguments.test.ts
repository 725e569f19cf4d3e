import { describe, expect, test } from 'vitest'
import { named, readArguments } from '../../src/command/arguments.ts'

describe('readArguments', () => {
  test('without words, everything is measured', () => {
    expect(readArguments([])).toEqual({
      quick: false,
      only: [],
      peers: [],
      profile: undefined,
      compression: false,
      rounds: undefined,
      json: undefined,
      node: undefined,
      help: false,
    })
  })

  test('lists are separated by commas', () => {
    const { only, peers, rounds } = readArguments(['--only', 'echo-20,idle', '--peers=ws,', '--rounds', '3'])
    expect(only).toEqual(['echo-20', 'idle'])
    expect(peers).toEqual(['ws'])
    expect(rounds).toBe(3)
  })

  test.each([
    ['an option that does not exist', ['--fast']],
    ['a word that is no option', ['echo-20']],
    ['an option without its value', ['--only']],
    ['rounds that are no number', ['--rounds', 'some']],
    ['no rounds at all', ['--rounds', '0']],
    ['half a round', ['--rounds', '1.5']],
  ])('%s is refused', (_what, words) => {
    expect(() => readArguments(words)).toThrow(TypeError)
  })
})

describe('named', () => {
  const things = [{ name: 'echo-20' }, { name: 'echo-512' }, { name: 'idle' }]

  test('picks by name and by beginning, in the order of the list', () => {
    expect(named(things, ['idle', 'echo-*'], 'mode')).toEqual(things)
    expect(named(things, ['echo-512'], 'mode')).toEqual([{ name: 'echo-512' }])
  })

  test('a name that nobody has is refused, with those there are', () => {
    expect(() => named(things, ['echo'], 'mode')).toThrow('There is no mode echo. There are: echo-20, echo-512, idle.')
    expect(() => named(things, ['tls-*'], 'mode')).toThrow(TypeError)
  })
})
