import { fillText } from 'centouno/telling'
import type { Text } from 'centouno/telling'

/** What can be wrong with a file of requests. */
export type RequestFileCode =
  | 'REQUEST_WITHOUT_URL'
  | 'REQUEST_SETTING'
  | 'REQUEST_VARIABLE'
  | 'REQUEST_URL'
  | 'REQUEST_FIELD'
  | 'VARIABLE_UNKNOWN'
  | 'ENVIRONMENT_UNKNOWN'

const sentences: Readonly<Record<RequestFileCode, Text>> = {
  REQUEST_WITHOUT_URL: {
    en: 'The request "{name}" has no URL. Write one below its name.',
    zh: '请求“{name}”没有 URL。请在它的名称下面写上。',
  },
  REQUEST_SETTING: {
    en: 'The setting "{setting}" is not known. There are "# @insecure" and "# @proxy URL".',
    zh: '不认识设置“{setting}”。可用的有“# @insecure”和“# @proxy URL”。',
  },
  REQUEST_VARIABLE: {
    en: '"{line}" is no variable. Write "@name = value".',
    zh: '“{line}”不是变量。请写成“@名称 = 值”。',
  },
  REQUEST_URL: {
    en: '"{line}" is no URL of a WebSocket. It begins with ws: or wss:.',
    zh: '“{line}”不是 WebSocket 的 URL。它应以 ws: 或 wss: 开头。',
  },
  REQUEST_FIELD: {
    en: '"{line}" is no header field. Write "Name: value", and leave a line empty before the first message.',
    zh: '“{line}”不是头字段。请写成“名称: 值”，并在第一条消息前空一行。',
  },
  VARIABLE_UNKNOWN: {
    en: 'The variable "{name}" has no value. Write "@{name} = …" at the top of the file, or give it with --var.',
    zh: '变量“{name}”没有值。请在文件开头写“@{name} = …”，或用 --var 给出。',
  },
  ENVIRONMENT_UNKNOWN: {
    en: 'The environment variable "{name}" is not set. Set it before running.',
    zh: '环境变量“{name}”没有设置。请先设置它再运行。',
  },
}

/** A file of requests that cannot be used as it is. */
export class RequestFileError extends Error {
  override readonly name = 'RequestFileError'
  readonly code: RequestFileCode
  /** Counted from 1; undefined when it is about no line. */
  readonly line: number | undefined
  /** What is wrong and what to do, in both languages. */
  readonly text: Text

  constructor(code: RequestFileCode, line: number | undefined, details: Readonly<Record<string, string>>) {
    const said = fillText(sentences[code], details)
    const text = line === undefined ? said : { en: `Line ${line}: ${said.en}`, zh: `第 ${line} 行：${said.zh}` }
    super(text.en)
    this.code = code
    this.line = line
    this.text = text
  }
}
