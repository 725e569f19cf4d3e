import { describe, expect, test } from 'vitest'
import { readStep, readSteps } from '../../src/conversation/step.ts'
import { StepError } from '../../src/conversation/step-error.ts'

describe('a line says what to do', () => {
  test.each([
    ['hello', { kind: 'text', data: 'hello' }],
    ['/ alone', { kind: 'text', data: '/ alone' }],
    ['/text /close', { kind: 'text', data: '/close' }],
    ['/text', { kind: 'text', data: '' }],
    ['/ping', { kind: 'ping', data: '' }],
    ['/pong a b', { kind: 'pong', data: 'a b' }],
    ['/binary 0xff:00 7F', { kind: 'binary', data: Uint8Array.of(0xff, 0, 0x7f) }],
    ['/file  a b.png ', { kind: 'file', path: 'a b.png' }],
    ['/close', { kind: 'close', code: undefined, reason: '' }],
    ['/close 4001 all done', { kind: 'close', code: 4001, reason: 'all done' }],
    ['/wait 3600000', { kind: 'wait', milliseconds: 3_600_000 }],
    ['/terminate', { kind: 'terminate' }],
  ])('%s', (line, step) => {
    expect(readStep(line)).toEqual(step)
  })

  test('/expect looks for a text, or for a regular expression between slashes', () => {
    expect(matches('/expect b c', 'a b c d')).toBe(true)
    expect(matches('/expect b.c', 'a bxc d')).toBe(false)
    expect(matches('/expect /^B.C$/i', 'bxc')).toBe(true)
    expect(matches('/expect /^B.C$/', 'bxc')).toBe(false)
  })
})

describe('a line that cannot be read says so', () => {
  test.each([
    ['/clsoe', 'STEP_UNKNOWN'],
    ['/Close', 'STEP_UNKNOWN'],
    ['//x', 'STEP_UNKNOWN'],
    ['/binary', 'STEP_HEX'],
    ['/binary 123', 'STEP_HEX'],
    ['/binary zz', 'STEP_HEX'],
    ['/file', 'STEP_FILE'],
    ['/close soon', 'STEP_CLOSE'],
    ['/close 123456', 'STEP_CLOSE'],
    ['/expect', 'STEP_PATTERN'],
    ['/expect /(/', 'STEP_PATTERN'],
    ['/wait', 'STEP_WAIT'],
    ['/wait 3600001', 'STEP_WAIT'],
  ])('%s', (line, code) => {
    expect(() => readStep(line)).toThrow(StepError)
    expect(() => readStep(line)).toThrow(expect.objectContaining({ code }))
  })
})

test('lines between <<< and >>> are one text; comments and empty lines say nothing', () => {
  expect(readSteps(['# a comment', 'one', '', '<<<', '{', '# no comment', '}', '>>>', '/ping'])).toEqual([
    { kind: 'text', data: 'one' },
    { kind: 'text', data: '{\n# no comment\n}' },
    { kind: 'ping', data: '' },
  ])
  expect(() => readSteps(['<<<', 'x'])).toThrow(expect.objectContaining({ code: 'STEP_BLOCK' }))
})

function matches(line: string, message: string): boolean {
  const step = readStep(line)
  return step.kind === 'expect' && step.matches(message)
}
