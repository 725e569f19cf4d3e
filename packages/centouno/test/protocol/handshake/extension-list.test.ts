import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatExtensionList, parseExtensionList } from '../../../src/protocol/handshake/extension-list.ts'

describe('H-REQ-15: Sec-WebSocket-Extensions', () => {
  test('names, parameters with and without value, several lines as one list', () => {
    expect(
      parseExtensionList(['permessage-deflate; client_max_window_bits; server_max_window_bits=10, foo', 'bar;a=b']),
    ).toEqual({
      ok: true,
      strayCommas: false,
      offers: [
        {
          name: 'permessage-deflate',
          parameters: [
            { name: 'client_max_window_bits', value: undefined },
            { name: 'server_max_window_bits', value: '10' },
          ],
        },
        { name: 'foo', parameters: [] },
        { name: 'bar', parameters: [{ name: 'a', value: 'b' }] },
      ],
    })
  })

  test.each([
    ['foo; a="b"', 'b'],
    [String.raw`foo; a="\b\c"`, 'bc'],
    ['foo ; a = b ', 'b'],
    ['foo;\ta\t=\t"b"', 'b'],
  ])('%j has the value %j', (line, value) => {
    expect(parseExtensionList([line])).toMatchObject({
      ok: true,
      offers: [{ name: 'foo', parameters: [{ name: 'a', value }] }],
    })
  })

  test('no lines give no offers', () => {
    expect(parseExtensionList([])).toEqual({ ok: true, offers: [], strayCommas: false })
  })

  test.each([[['a,,b']], [[',a,b']], [['a , b ,']], [['a', ' ', 'b']]])(
    'H-TRAP-04: empty elements are ignored, and told: %j',
    (lines) => {
      expect(parseExtensionList(lines)).toEqual({
        ok: true,
        strayCommas: true,
        offers: [
          { name: 'a', parameters: [] },
          { name: 'b', parameters: [] },
        ],
      })
    },
  )

  test('H-EXT-01: a name or a parameter that comes twice is for the extension to judge', () => {
    expect(parseExtensionList(['a; x=1; x=2, a'])).toMatchObject({ ok: true, offers: [{}, {}] })
  })

  test('an extension named like a property of objects is a name like any other', () => {
    expect(parseExtensionList(['constructor; __proto__=1'])).toMatchObject({ ok: true })
  })

  test.each([
    ['nothing', ''],
    ['blanks only', ' \t '],
    ['commas only', ', ,'],
    ['an empty parameter', 'permessage-deflate; ;'],
    ['a semicolon at the end', 'permessage-deflate;'],
    ['no name', '; a'],
    ['no parameter name', 'foo; =b'],
    ['no value', 'foo; a='],
    ['no value, another offer', 'foo; a=, bar'],
    ['an empty quoted value', 'foo; a=""'],
    ['a quoted value that is no token', 'foo; a="a b"'],
    ['a quoted comma', 'foo; a="a,b"'],
    ['an unclosed quote', 'foo; a="b'],
    ['an unclosed quote that ends in a backslash', String.raw`foo; a="b\ `.trimEnd()],
    ['two values', 'foo; a="b"c'],
    ['a quoted name', '"foo"'],
    ['a quoted parameter name', 'foo; "a"=b'],
    ['two words', 'foo bar'],
    ['a value for a name', 'foo=bar'],
    ['a byte from 0x80', 'f\xf6o'],
    ['a byte from 0x80 in a quoted value', 'foo; a="\xf6"'],
  ])('H-RES-07: %s is a fault', (_name, line) => {
    expect(parseExtensionList([line])).toMatchObject({ ok: false })
  })

  test('H-RES-07: one fault spoils the whole list', () => {
    expect(parseExtensionList(['good; x=1', 'foo; a='])).toEqual({ ok: false, found: 'foo; a=' })
  })

  test('the fault quotes the place', () => {
    expect(parseExtensionList([`foo; ${'x'.repeat(200)}; a="a b"`])).toEqual({
      ok: false,
      found: '…xxxxxxxx; a="a b"',
    })
  })

  test('websocket-extensions CVE-2020-7662: an unclosed quote takes no time', () => {
    expect(parseExtensionList([`a; b="${String.raw`\c`.repeat(500_000)}`])).toMatchObject({ ok: false })
  })

  test('any lines give offers or a fault', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ',', ';', '=', '"', '\\', ' ', '\xff'), maxLength: 20 })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
        const reading = parseExtensionList(lines)
        if (!reading.ok || lines.length === 0) return
        expect(reading.offers.length).toBeGreaterThan(0)
        // What was read can be written, and reads the same.
        expect(parseExtensionList([formatExtensionList(reading.offers)])).toEqual({ ...reading, strayCommas: false })
      }),
      { numRuns: 2000 },
    )
  })
})

describe('writing', () => {
  test('H-SRV-16: offers stand in the order given', () => {
    expect(
      formatExtensionList([
        { name: 'foo', parameters: [] },
        {
          name: 'bar',
          parameters: [
            { name: 'a', value: undefined },
            { name: 'b', value: '10' },
          ],
        },
      ]),
    ).toBe('foo, bar; a; b=10')
  })

  test('what is no token is refused with a reason', () => {
    expect(() => formatExtensionList([{ name: 'a b', parameters: [] }])).toThrow('"a b" cannot stand')
    expect(() => formatExtensionList([{ name: 'a', parameters: [{ name: '', value: undefined }] }])).toThrow(RangeError)
    expect(() => formatExtensionList([{ name: 'a', parameters: [{ name: 'b', value: '\r\n' }] }])).toThrow(RangeError)
  })
})
