import { fillText } from 'centouno/telling'
import type { Text } from 'centouno/telling'

/** What can be wrong with a line of a conversation. */
export type StepCode =
  | 'STEP_UNKNOWN'
  | 'STEP_HEX'
  | 'STEP_FILE'
  | 'STEP_CLOSE'
  | 'STEP_PATTERN'
  | 'STEP_WAIT'
  | 'STEP_BLOCK'

const sentences: Readonly<Record<StepCode, Text>> = {
  STEP_UNKNOWN: {
    en: '"{line}" is no command. /help lists them; to send it as it is, write "/text {line}".',
    zh: '没有“{line}”这个命令。/help 会列出所有命令；要原样发送，请写“/text {line}”。',
  },
  STEP_HEX: {
    en: '"{text}" are no bytes. Write two hexadecimal digits for each: /binary 48 65 6c',
    zh: '“{text}”不是字节。请为每个字节写两位十六进制数：/binary 48 65 6c',
  },
  STEP_FILE: { en: 'Which file? Write its path: /file picture.png', zh: '哪个文件？请写路径：/file picture.png' },
  STEP_CLOSE: {
    en: '"{text}" is no status code. Write a number, then the reason: /close 1000 done',
    zh: '“{text}”不是状态码。请先写数字，再写原因：/close 1000 done',
  },
  STEP_PATTERN: {
    en: '"{line}" cannot be looked for. Write a text, or a regular expression between slashes: /expect /^ok/',
    zh: '无法查找“{line}”。请写文本，或写在斜线之间的正则表达式：/expect /^ok/',
  },
  STEP_WAIT: {
    en: '"{text}" is no time. Write milliseconds, {longest} at most: /wait 500',
    zh: '“{text}”不是时间。请写毫秒数，最多 {longest}：/wait 500',
  },
  STEP_BLOCK: {
    en: 'A text that begins with <<< has no end. Write >>> on a line of its own after it.',
    zh: '以 <<< 开始的文本没有结束。请在它后面单独一行写 >>>。',
  },
}

/** A line of a conversation that cannot be carried out. */
export class StepError extends Error {
  override readonly name = 'StepError'
  readonly code: StepCode
  /** What is wrong and what to do, in both languages. */
  readonly text: Text

  constructor(code: StepCode, details: Readonly<Record<string, string>>) {
    const text = fillText(sentences[code], details)
    super(text.en)
    this.code = code
    this.text = text
  }
}
