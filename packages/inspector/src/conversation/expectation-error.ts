import { fillText } from 'centouno/telling'
import type { Text } from 'centouno/telling'

/** Why an `/expect` was not met. */
export type ExpectationCode = 'EXPECTED_IN_TIME' | 'EXPECTED_BEFORE_END'

const sentences: Readonly<Record<ExpectationCode, Text>> = {
  EXPECTED_IN_TIME: {
    en: 'Within {patience} ms no message came that matches {told}. See what came instead above, or wait longer with --expect-within.',
    zh: '{patience} 毫秒内没有收到匹配 {told} 的消息。请看上面实际收到了什么，或用 --expect-within 等得更久。',
  },
  EXPECTED_BEFORE_END: {
    en: 'The connection ended before a message came that matches {told}.',
    zh: '连接在收到匹配 {told} 的消息之前就结束了。',
  },
}

/** What was expected did not come. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError'
  readonly code: ExpectationCode
  readonly text: Text
  /** What is filled into the text. */
  readonly details: Readonly<Record<string, string>>

  constructor(code: ExpectationCode, details: Readonly<Record<string, string>>) {
    const text = fillText(sentences[code], details)
    super(text.en)
    this.code = code
    this.text = text
    this.details = details
  }
}
