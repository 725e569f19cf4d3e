import { redactField } from 'centouno/telling'
import type { Field, RequestRecord, Text } from 'centouno/telling'
import { StageLines } from './dialogue-line.ts'
import type { DialogueLine } from './dialogue-line.ts'

type Explanation = (value: string) => Text

const sentences: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  [
    'host',
    (value) => ({
      en: `I am looking for ${value}, in case several names live at this address.`,
      zh: `我要找的是 ${value}——也许有好几个名字住在同一个地址。`,
    }),
  ],
  [
    'upgrade',
    (value) => ({
      en:
        value.toLowerCase() === 'websocket'
          ? 'I would like to switch from HTTP to WebSocket.'
          : `I would like to switch from HTTP to ${value}.`,
      zh: value.toLowerCase() === 'websocket' ? '我想从 HTTP 切换到 WebSocket。' : `我想从 HTTP 切换到 ${value}。`,
    }),
  ],
  [
    'connection',
    () => ({
      en: 'That wish is meant for this very connection, so nobody on the way should pass it on as it is.',
      zh: '这个请求只针对当前这条连接，途中的代理不要原样转发。',
    }),
  ],
  [
    'sec-websocket-key',
    () => ({
      en: 'Here is a random number of mine. Do your sum with it, so that I know you really understood me.',
      zh: '这是我随手取的一个随机数。请用它算出答案，好让我知道你真的听懂了。',
    }),
  ],
  [
    'sec-websocket-version',
    (value) => ({
      en: `I speak version ${value} of the WebSocket protocol.`,
      zh: `我说的是 WebSocket 协议的第 ${value} 版。`,
    }),
  ],
  [
    'origin',
    (value) => ({
      en: `I am asking on behalf of a page from ${value}.`,
      zh: `我是代表来自 ${value} 的网页来的。`,
    }),
  ],
  [
    'sec-websocket-protocol',
    (value) =>
      value.includes(',')
        ? {
            en: `Once we are connected I can speak any of these, the dearest first: ${value}. You choose.`,
            zh: `连上之后，这几种子协议我都会，按我的偏好排列：${value}。请你挑一个。`,
          }
        : {
            en: `Once we are connected I would like to speak ${value}.`,
            zh: `连上之后，我想用子协议 ${value} 交谈。`,
          },
  ],
  [
    'sec-websocket-extensions',
    (value) => ({
      en: `I also know these extensions, if you like them: ${value}.`,
      zh: `我还会这些扩展，你愿意的话可以一起用：${value}。`,
    }),
  ],
  [
    'cookie',
    () => ({
      en: 'You gave me these cookies the last time. Perhaps you remember me by them.',
      zh: '这是你上次给我的 Cookie，也许你还记得我。',
    }),
  ],
  ['authorization', () => ({ en: 'Here is proof of who I am.', zh: '这是证明我身份的凭据。' })],
  ['user-agent', (value) => ({ en: `The program I am: ${value}.`, zh: `我这个程序叫 ${value}。` })],
])

/** The opening request, line by line, in the client's voice. */
export function requestLines(request: RequestRecord, host: string): DialogueLine[] {
  const lines = new StageLines('upgrade')
  lines.say(
    'client',
    {
      en: `Hello ${host}, I would like to talk to you at ${request.target}.`,
      zh: `你好，${host}，我想在 ${request.target} 和你谈谈。`,
    },
    startLine(request.head),
  )
  for (const field of request.fields) lines.say('client', fieldSentence(field), quoteField(field))
  return lines.lines
}

/** The first line of a head, without its line break. */
export function startLine(head: string): string {
  const end = head.indexOf('\n')
  return (end === -1 ? head : head.slice(0, end)).replace(/\r$/, '')
}

/** A field as it stood on the wire, with its secret replaced. */
export function quoteField(field: Field): string {
  return `${field.name}: ${redactField(field).value}`
}

function fieldSentence(field: Field): Text {
  const explain = sentences.get(field.name.toLowerCase())
  if (explain !== undefined) return explain(field.value)
  return {
    en: `And one more thing you may want to know: ${field.name}.`,
    zh: `还有一件事你或许想知道：${field.name}。`,
  }
}
