import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeForTerminal, jsonForTerminal, Terminal, wantsColour } from '../../src/command/terminal.ts'
import { span } from '../../src/telling/styled-line.ts'
import { Capture } from '../support/capture.ts'

describe('escapeForTerminal', () => {
  test.each([
    ['\u001b[2J', '\\x1b[2J', 'an escape sequence'],
    ['\u009b31m', '\\x9b31m', 'its one-character form'],
    ['a\rb\nc\td', 'a\\x0db\\x0ac\\x09d', 'line ends and tabs'],
    ['\u007f\u0000', '\\x7f\\x00', 'DEL and NUL'],
    ['\u202eevil', '\\u202eevil', 'right-to-left override'],
    ['a\u2028b\u200bc', 'a\\u2028b\\u200bc', 'a line separator and a zero-width blank'],
    ['\ud800x', '\\ud800x', 'half a surrogate pair'],
    ['\u{e0001}', '\\u{e0001}', 'a language tag'],
  ])('%j becomes %s: %s', (text, expected) => {
    expect(escapeForTerminal(text)).toBe(expected)
  })

  test('leaves ordinary text of any language alone', () => {
    expect(escapeForTerminal('Grüße, 你好，мир 🙂')).toBe('Grüße, 你好，мир 🙂')
  })

  test('leaves no control character in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeForTerminal(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      }),
    )
  })
})

describe('jsonForTerminal', () => {
  test('parses to the same value, and holds no control character but line ends', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const whole = { value, text }
        const json = jsonForTerminal(whole)
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(whole)))
        expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      }),
    )
  })
})

describe('colours', () => {
  test('only on a terminal', () => {
    expect(wantsColour({ isTTY: true, write: () => true }, {})).toBe(true)
    expect(wantsColour({ write: () => true }, {})).toBe(false)
  })

  test('not where NO_COLOR is set to anything, nor on a dumb terminal', () => {
    const tty = { isTTY: true, write: () => true }
    expect(wantsColour(tty, { NO_COLOR: '1' })).toBe(false)
    expect(wantsColour(tty, { NO_COLOR: '' })).toBe(true)
    expect(wantsColour(tty, { TERM: 'dumb' })).toBe(false)
  })

  test('a coloured line has the peer’s own escapes written out, and ours working', () => {
    const output = new Capture(true)
    new Terminal(output, new Capture(), {}).print([span('bad\u001b[0m', 'bad'), span(' end')])
    expect(output.text).toBe('\u001b[31mbad\\x1b[0m\u001b[0m end\n')
  })

  test('without a terminal a line has no escape sequence at all', () => {
    const output = new Capture()
    new Terminal(output, new Capture(), {}).print([span('bad', 'bad')])
    expect(output.text).toBe('bad\n')
  })
})

test('results and remarks go to different streams', () => {
  const [result, remarks] = [new Capture(), new Capture()]
  const terminal = new Terminal(result, remarks, {})
  terminal.print([span('result')])
  terminal.remark([span('remark')])
  terminal.printJson({ a: 1 })
  expect(result.text).toBe('result\n{\n  "a": 1\n}\n')
  expect(remarks.text).toBe('remark\n')
})
