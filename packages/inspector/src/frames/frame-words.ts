import { readClosePayload, statusCodeRow } from 'centouno/telling'
import type { Text } from 'centouno/telling'
import type { Direction } from '../wire/tape.ts'
import type { ScannedFrame } from './frame-scanner.ts'
import type { FramePart } from './message-joiner.ts'
import { isControl, opcodeName, opcodes } from './opcode-names.ts'

/** What stands on a frame's arrow. */
export function frameLabel({ head, payload, payloadLength }: ScannedFrame, part: FramePart): Text {
  const name = opcodeName(head.opcode)
  if (head.opcode === opcodes.close) {
    const close = readClosePayload(payload)
    return payloadLength === 0 || typeof close === 'string' ? name : same(`${name.en} ${close.code}`)
  }
  if (isControl(head.opcode) && payloadLength === 0) return name
  const notes = [
    ...(part.position === 'first' ? [{ en: 'more follows', zh: '未完' }] : []),
    ...(part.position === 'last' ? [{ en: 'the last part', zh: '最后一段' }] : []),
    ...(part.compressed ? [{ en: 'compressed', zh: '已压缩' }] : []),
  ]
  const zhNotes = notes.map(({ zh }) => zh).join('，')
  return {
    en: [name.en, `${payloadLength} ${payloadLength === 1 ? 'byte' : 'bytes'}`, ...notes.map(({ en }) => en)].join(
      ', ',
    ),
    zh: `${name.zh}，${payloadLength} 字节${zhNotes === '' ? '' : `（${zhNotes}）`}`,
  }
}

const parties = {
  sent: { en: 'The client', zh: '客户端', peer: { en: 'the server', zh: '服务器' } },
  received: { en: 'The server', zh: '服务器', peer: { en: 'the client', zh: '客户端' } },
} as const

/** What a frame says, for one who has never seen it. */
export function frameSentence(frame: ScannedFrame, part: FramePart, direction: Direction): Text {
  const { en, zh, peer } = parties[direction]
  switch (frame.head.opcode) {
    case opcodes.close:
      return closeSentence(frame, direction)
    case opcodes.ping:
      return {
        en: `${en} asks whether ${peer.en} is still there: it is to answer with a Pong that carries the same bytes.`,
        zh: `${zh}询问${peer.zh}是否还在：对方应当用携带相同内容的 Pong 作答。`,
      }
    case opcodes.pong:
      return { en: `${en} says that it is still there.`, zh: `${zh}表示自己还在。` }
    default:
      return dataSentence(part, direction)
  }
}

function dataSentence({ position, messageOpcode, message, compressed }: FramePart, direction: Direction): Text {
  const { en, zh } = parties[direction]
  const kind: Text = messageOpcode === opcodes.text ? { en: 'text', zh: '文本' } : { en: 'bytes', zh: '字节数据' }
  const inflated: Text = compressed ? inflatedText(message?.inflated?.length) : { en: '', zh: '' }
  switch (position) {
    case 'whole':
      return {
        en: `${en} sends a message of ${kind.en}, whole in one frame.${inflated.en}`,
        zh: `${zh}发送一条${kind.zh}消息，一帧就是全部。${inflated.zh}`,
      }
    case 'first':
      return {
        en: `${en} begins a message of ${kind.en}; FIN is 0, so more of it follows.`,
        zh: `${zh}开始发送一条${kind.zh}消息；FIN 为 0，表示后面还有。`,
      }
    case 'middle':
      return { en: `${en} goes on with the message; more of it follows.`, zh: `${zh}继续发送这条消息；后面还有。` }
    case 'last':
      return {
        en: `${en} ends the message: it came in ${message?.frames ?? 0} frames and has ${message?.length ?? 0} bytes.${inflated.en}`,
        zh: `${zh}发完了这条消息：共 ${message?.frames ?? 0} 帧，${message?.length ?? 0} 字节。${inflated.zh}`,
      }
  }
}

function inflatedText(bytes: number | undefined): Text {
  return bytes === undefined
    ? { en: ' It is compressed, and could not be inflated here.', zh: '消息经过压缩，这里无法解压。' }
    : { en: ` It is compressed; inflated it has ${bytes} bytes.`, zh: `消息经过压缩，解压后有 ${bytes} 字节。` }
}

function closeSentence({ payload, payloadLength }: ScannedFrame, direction: Direction): Text {
  const { en, zh } = parties[direction]
  const close = payloadLength === 0 ? undefined : readClosePayload(payload)
  if (close === undefined || typeof close === 'string') {
    return {
      en: `${en} says goodbye without a status code, and sends nothing after it.`,
      zh: `${zh}道别，没有给出状态码，此后不再发送任何内容。`,
    }
  }
  const meaning = statusCodeRow(close.code)?.meaning ?? { en: '', zh: '' }
  const reason: Text =
    close.reason === ''
      ? { en: '', zh: '' }
      : { en: ` Its reason: “${close.reason}”.`, zh: `理由：“${close.reason}”。` }
  return {
    en: `${en} says goodbye with ${close.code}, and sends nothing after it. ${meaning.en}${reason.en}`.trim(),
    zh: `${zh}道别，状态码 ${close.code}，此后不再发送任何内容。${meaning.zh}${reason.zh}`,
  }
}

function same(text: string): Text {
  return { en: text, zh: text }
}
