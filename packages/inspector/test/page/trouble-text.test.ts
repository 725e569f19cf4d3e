import { expect, test } from 'vitest'
import { troubles } from '../../src/agent/troubles.ts'
import { troubleText } from '../../page/src/trouble-text.ts'

test('what the agent says by a code of its own comes in both languages', () => {
  for (const [code, text] of Object.entries(troubles)) expect(troubleText({ code, sentence: 'x' })).toEqual(text)
})

test('what the engine objects to comes in both languages, too', () => {
  const { en, zh } = troubleText({ code: 'CLOSE_CODE_NOT_SENDABLE', sentence: 'x' })
  expect(en).toMatch(/^This status code must not be sent/)
  expect(zh).toMatch(/状态码/)
})

test('a code the page does not know is quoted in English', () => {
  const { en, zh } = troubleText({ code: 'FROM_THE_FUTURE', sentence: 'New.' })
  expect(en).toBe('New.')
  expect(zh).toMatch(/^本地代理的原话（英文）：New\.$/)
})
