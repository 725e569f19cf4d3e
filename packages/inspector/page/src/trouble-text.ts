import { fillText, sendErrorSentences } from 'centouno/telling'
import type { Text } from 'centouno/telling'
import { troubles } from '../../src/agent/troubles.ts'
import { tabLimit } from './connection-model.ts'
import type { Trouble } from './connection-model.ts'
import { keepWords } from './keep-words.ts'
import { words } from './words.ts'

const known: ReadonlyMap<string, Text> = new Map([
  ...Object.entries(sendErrorSentences),
  ...Object.entries(troubles),
  [tabLimit.code, keepWords.tabLimit],
])

/**
 * What the agent could not do, in both languages. It speaks English: what it says by a code that the page knows can be
 * said in Chinese as well, anything else is quoted.
 */
export function troubleText({ code, sentence }: Trouble): Text {
  return known.get(code) ?? fillText(words.troubleInEnglish, { sentence })
}
