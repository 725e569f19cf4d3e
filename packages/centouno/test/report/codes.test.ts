import { describe, expect, test } from 'vitest'
import { endCodes } from '../../src/report/code-rows/ends.ts'
import { proxyCodes } from '../../src/report/code-rows/proxy.ts'
import { refusalCodes } from '../../src/report/code-rows/refusals.ts'
import { violationCodes } from '../../src/report/code-rows/violations.ts'
import { codeRow, codes, fillText, isCode } from '../../src/report/codes.ts'

/** Rows whose code has no stage in front: they can end any stage, or none. */
const general = new Set(['URI_INVALID', 'OPTIONS_INVALID', 'ABORTED', 'UNEXPECTED', 'OPEN'])

/** Rows named for who refuses, for the end, or for the proxy whatever the stage, in one table each. */
const named = new Set<string>([...refusalCodes, ...violationCodes, ...endCodes, ...proxyCodes].map(({ code }) => code))

function names(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted()
}

function both(text: string): { en: string; zh: string } {
  return { en: text, zh: text }
}

describe('the table of codes', () => {
  test('has each code once, in capitals, with its stage in front', () => {
    expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length)
    for (const { code } of codes) expect(code).toMatch(/^[A-Z0-9]+(?:_[A-Z0-9]+)*$/)
    const others = codes.filter(({ code, stage }) => !code.startsWith(`${stage.toUpperCase()}_`) && !named.has(code))
    expect(new Set(others.map(({ code }) => code))).toEqual(general)
  })

  test.each(codes.map((row) => [row.code, row] as const))(
    '%s says what happened and what to do, in both languages',
    (code, row) => {
      expect(row.sentence.en).toMatch(/\.$/)
      expect(row.sentence.zh).toMatch(/。$/)
      expect(row.sentence.zh).toMatch(/\p{Script=Han}/u)
      if (code === 'OPEN') return
      expect(row.hint.en.length).toBeGreaterThan(20)
      expect(row.hint.zh).toMatch(/\p{Script=Han}/u)
    },
  )

  test.each(codes.map((row) => [row.code, row] as const))(
    '%s names the same details in both languages',
    (_code, row) => {
      expect(names(row.sentence.zh)).toEqual(names(row.sentence.en))
      expect(names(row.hint.zh)).toEqual(names(row.hint.en))
    },
  )

  test('tells an unknown code', () => {
    expect(isCode('CONNECT_REFUSED')).toBe(true)
    expect(isCode('constructor')).toBe(false)
    expect(() => codeRow('NO_SUCH_CODE')).toThrow(RangeError)
  })
})

describe('fillText', () => {
  test('fills details into both languages', () => {
    expect(fillText({ en: '{host} at {port}', zh: '{port} 上的 {host}' }, { host: 'h', port: 80 })).toEqual({
      en: 'h at 80',
      zh: '80 上的 h',
    })
  })

  test('leaves an optional part out when one of its details is missing or empty', () => {
    const text = both('a[ {one} and {two}].')
    expect(fillText(text, { one: 1, two: 'x' }).en).toBe('a 1 and x.')
    expect(fillText(text, { one: 1 }).en).toBe('a.')
    expect(fillText(text, { one: 1, two: '' }).en).toBe('a.')
  })

  test('takes nothing inside a detail for a template', () => {
    expect(fillText(both('{a}[ {b}]'), { a: '[::1] {b}', b: '{a}[x]' }).en).toBe('[::1] {b} {a}[x]')
  })

  test('knows no details but its own', () => {
    expect(fillText(both('{constructor}{toString}.'), {}).en).toBe('.')
  })
})
