import type { Text } from 'centouno/telling'
import { readPattern } from './pattern.ts'
import { StepError } from './step-error.ts'

/** One thing to do on an open connection. What begins with a slash is a command; all else is sent as text. */
export type Step =
  | { readonly kind: 'text'; readonly data: string }
  | { readonly kind: 'binary'; readonly data: Uint8Array }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'ping'; readonly data: string }
  | { readonly kind: 'pong'; readonly data: string }
  | { readonly kind: 'close'; readonly code: number | undefined; readonly reason: string }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'expect'; readonly told: string; readonly matches: (message: string) => boolean }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'report' }
  | { readonly kind: 'dialogue' }
  | { readonly kind: 'help' }

/** The commands: how each is written, and what it does. */
export const stepCommands: readonly { readonly usage: string; readonly text: Text }[] = [
  { usage: '/ping [TEXT]', text: { en: 'send a Ping and tell the round trip', zh: '发送 Ping 并显示往返时间' } },
  { usage: '/pong [TEXT]', text: { en: 'send a Pong that nobody asked for', zh: '主动发送一个 Pong' } },
  { usage: '/binary HEX', text: { en: 'send these bytes as a binary message', zh: '把这些字节作为二进制消息发送' } },
  { usage: '/file PATH', text: { en: 'send a file as a binary message', zh: '把文件作为二进制消息发送' } },
  { usage: '/text TEXT', text: { en: 'send the text, whatever it begins with', zh: '原样发送文本，不论以什么开头' } },
  {
    usage: '/expect PATTERN',
    text: {
      en: 'wait for a message that contains the text, or matches /a regular expression/',
      zh: '等待包含这段文本、或匹配 /正则表达式/ 的消息',
    },
  },
  { usage: '/wait MS', text: { en: 'wait so many milliseconds', zh: '等待若干毫秒' } },
  {
    usage: '/close [CODE [REASON]]',
    text: { en: 'begin the closing handshake', zh: '开始关闭握手' },
  },
  { usage: '/terminate', text: { en: 'drop the connection at once', zh: '立即断开连接' } },
  { usage: '/report', text: { en: 'show how the connection was established', zh: '显示连接是怎样建立的' } },
  { usage: '/dialogue', text: { en: 'the same as a conversation', zh: '用对话讲一遍' } },
  { usage: '/help', text: { en: 'show this list', zh: '显示这份清单' } },
]

const longestWait = 3_600_000

/** @throws StepError for a command that is not known or cannot be read. */
export function readStep(line: string): Step {
  const match = /^\/([a-z]+)(?:\s(.*))?$/s.exec(line)
  if (match === null) {
    // Not mistaken for a command that somebody typed wrong.
    if (/^\/\S/.test(line)) throw new StepError('STEP_UNKNOWN', { line })
    return { kind: 'text', data: line }
  }
  const [, command = '', rest = ''] = match
  switch (command) {
    case 'text':
      return { kind: 'text', data: rest }
    case 'ping':
    case 'pong':
      return { kind: command, data: rest }
    case 'binary':
      return { kind: 'binary', data: readHex(rest) }
    case 'file':
      if (rest.trim() === '') throw new StepError('STEP_FILE', { line })
      return { kind: 'file', path: rest.trim() }
    case 'close':
      return readClose(rest.trim())
    case 'expect':
      if (rest.trim() === '') throw new StepError('STEP_PATTERN', { line })
      return { kind: 'expect', told: rest.trim(), matches: readPattern(rest.trim()) }
    case 'wait':
      return { kind: 'wait', milliseconds: readWait(rest.trim()) }
    case 'terminate':
    case 'report':
    case 'dialogue':
    case 'help':
      return { kind: command }
    default:
      throw new StepError('STEP_UNKNOWN', { line: `/${command}` })
  }
}

/** What lines say, one after another. */
export function readSteps(lines: readonly string[]): Step[] {
  return readScript(lines).map(({ step }) => step)
}

/** A step with what was written. */
export interface WrittenStep {
  readonly step: Step
  readonly written: string
}

/** The same with the lines of each. Those between `<<<` and `>>>` are one text; comments (`# `) and empty lines say nothing. */
export function readScript(lines: readonly string[]): WrittenStep[] {
  const steps: WrittenStep[] = []
  let block: string[] | undefined
  for (const line of lines) {
    if (block !== undefined) {
      if (line.trim() === '>>>') {
        const data = block.join('\n')
        steps.push({ step: { kind: 'text', data }, written: data })
        block = undefined
      } else block.push(line)
    } else if (line.trim() === '<<<') block = []
    else if (line.trim() !== '' && !/^#(?:\s|$)/.test(line)) steps.push({ step: readStep(line), written: line })
  }
  if (block !== undefined) throw new StepError('STEP_BLOCK', {})
  return steps
}

/** Two digits a byte; blanks, colons and a leading 0x are no part of it. */
function readHex(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '').replace(/[\s:]/g, '')
  if (digits === '' || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits))
    throw new StepError('STEP_HEX', { text })
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  )
}

function readClose(text: string): Step {
  if (text === '') return { kind: 'close', code: undefined, reason: '' }
  const match = /^(\d{1,5})(?:\s+(.*))?$/s.exec(text)
  if (match === null) throw new StepError('STEP_CLOSE', { text })
  return { kind: 'close', code: Number(match[1]), reason: match[2] ?? '' }
}

function readWait(text: string): number {
  const milliseconds = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN
  if (milliseconds <= longestWait) return milliseconds
  throw new StepError('STEP_WAIT', { text, longest: String(longestWait) })
}
