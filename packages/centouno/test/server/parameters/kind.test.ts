import { describe, expect, test } from 'vitest'
import { kindReader } from '../../../src/server/parameters/kind.ts'

const uuid = '0197d3a4-5f00-7000-8000-0123456789AB'

describe('a kind', () => {
  test.each<[string, string, unknown]>([
    ['string', '', ''],
    ['string', 'ä b', 'ä b'],
    ['number', '-1.5', -1.5],
    ['number', '2e3', 2000],
    ['number', '007', 7],
    ['integer', '-3', -3],
    ['integer', '9007199254740991', 9007199254740991],
    ['boolean', 'true', true],
    ['boolean', '1', true],
    ['boolean', 'false', false],
    ['boolean', '0', false],
    ['uuid', uuid, uuid],
  ])('%s takes %o', (notation, text, value) => {
    expect(kindReader('x', notation)([text])).toEqual({ ok: true, value })
  })

  test.each([
    ['number', ''],
    ['number', ' 1'],
    ['number', '1.'],
    ['number', '.5'],
    ['number', '0x10'],
    ['number', 'NaN'],
    ['number', 'Infinity'],
    ['number', '1e999'],
    ['integer', '1.0'],
    ['integer', '1e3'],
    ['integer', '9007199254740992'],
    ['boolean', 'yes'],
    ['boolean', ''],
    ['boolean', 'TRUE'],
    ['uuid', uuid.slice(1)],
    ['uuid', `${uuid}\n`],
  ])('%s does not take %o', (notation, text) => {
    const reading = kindReader('x', notation)([text])
    expect(reading.ok).toBe(false)
  })
})

describe('a notation', () => {
  test('without a suffix wants one value', () => {
    const read = kindReader('x', 'integer')
    expect(read([])).toMatchObject({ ok: false, problem: { en: 'it is missing' } })
    expect(read(['1', '2'])).toMatchObject({ ok: false, problem: { en: 'it is there more than once' } })
  })

  test('"?" takes none', () => {
    const read = kindReader('x', 'integer?')
    expect(read([])).toEqual({ ok: true, value: undefined })
    expect(read(['1'])).toEqual({ ok: true, value: 1 })
    expect(read(['a']).ok).toBe(false)
    expect(read(['1', '2']).ok).toBe(false)
  })

  test('"=" has a default, even an empty one, and one with signs in it', () => {
    expect(kindReader('x', 'integer=-7')([])).toEqual({ ok: true, value: -7 })
    expect(kindReader('x', 'integer=-7')(['8'])).toEqual({ ok: true, value: 8 })
    expect(kindReader('x', 'string=')([])).toEqual({ ok: true, value: '' })
    expect(kindReader('x', 'string=a=b?[]\n')([])).toEqual({ ok: true, value: 'a=b?[]\n' })
  })

  test('"[]" takes any number', () => {
    const read = kindReader('x', 'boolean[]')
    expect(read([])).toEqual({ ok: true, value: [] })
    expect(read(['1', 'false'])).toEqual({ ok: true, value: [true, false] })
    expect(read(['1', 'no']).ok).toBe(false)
  })

  test.each(['', 'text', 'String', 'integer!', 'integer?x', 'integer[]x', '?', 'constructor', 'integer=a', 'boolean='])(
    '%o is none',
    (notation) => {
      expect(() => kindReader('x', notation)).toThrow(expect.objectContaining({ code: 'PARAMETER' }))
    },
  )
})
