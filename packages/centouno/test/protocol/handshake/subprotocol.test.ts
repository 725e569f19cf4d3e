import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseSubprotocol, isSubprotocolName, parseSubprotocols } from '../../../src/protocol/handshake/subprotocol.ts'

describe('H-REQ-14: Sec-WebSocket-Protocol', () => {
  test('several lines are one list, in order', () => {
    expect(parseSubprotocols(['chat, superchat', 'v1.json'])).toEqual({
      ok: true,
      names: ['chat', 'superchat', 'v1.json'],
      strayCommas: false,
    })
  })

  test('no lines give no names', () => {
    expect(parseSubprotocols([])).toEqual({ ok: true, names: [], strayCommas: false })
  })

  test.each([[['a,,b']], [[',a,b']], [['a , b ,']], [['a', '', 'b']]])(
    'H-TRAP-04: empty elements are ignored, and told: %j',
    (lines) => {
      expect(parseSubprotocols(lines)).toEqual({
        ok: true,
        names: ['a', 'b'],
        strayCommas: true,
      })
    },
  )

  test.each([
    ['no name at all', [''], ''],
    ['blanks only', [' \t'], String.raw` \t`],
    ['commas only', [',', ','], ',, ,'],
    ['a blank inside', ['cha t'], 'cha t'],
    ['a separator', ['ok, a/b'], 'a/b'],
    ['a byte from 0x80 (H-SEC-07)', ['ch\xe4t'], 'ch\xe4t'],
    ['a name twice', ['chat, x, chat'], 'chat'],
    ['a name twice, over two lines', ['chat', 'chat'], 'chat'],
    ['quotes', ['"chat"'], '"chat"'],
  ])('%s is a fault', (_name, lines, found) => {
    expect(parseSubprotocols(lines)).toEqual({ ok: false, found })
  })

  test('names differ by case, and may be those of object properties', () => {
    expect(parseSubprotocols(['Chat, chat, __proto__, constructor'])).toMatchObject({
      ok: true,
      names: ['Chat', 'chat', '__proto__', 'constructor'],
    })
  })

  test('ws CVE-2021-32640: a flood of blanks takes no time', () => {
    const flood = `b${' '.repeat(1_000_000)}x`
    expect(parseSubprotocols([flood])).toMatchObject({ ok: false })
  })

  test('any lines give names or a fault, and the names are valid and unique', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ',', ' ', '\t', '"', '\xff') })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const reading = parseSubprotocols(lines)
        if (!reading.ok) return
        expect(reading.names.every(isSubprotocolName)).toBe(true)
        expect(new Set(reading.names).size).toBe(reading.names.length)
        expect(reading.names.length > 0 || lines.length === 0).toBe(true)
      }),
    )
  })
})

describe('H-SRV-09: the choice', () => {
  test("follows the server's order among what was offered", () => {
    expect(chooseSubprotocol(['a', 'b', 'c'], ['c', 'b'])).toBe('c')
  })

  test('is empty when none fits; case counts', () => {
    expect(chooseSubprotocol(['a', 'b'], ['c'])).toBe('')
    expect(chooseSubprotocol(['A'], ['a'])).toBe('')
    expect(chooseSubprotocol([], ['a'])).toBe('')
    expect(chooseSubprotocol(['a'], [])).toBe('')
  })
})
