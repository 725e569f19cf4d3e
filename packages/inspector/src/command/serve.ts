import type { Closing, RefusedRequest, ServerSocket } from 'centouno'
import type { Language, Text } from 'centouno/telling'
import { startDemo } from '../demo/demo-server.ts'
import type { DemoMode, DemoWatcher } from '../demo/demo-server.ts'
import { span } from '../telling/styled-line.ts'
import type { Style } from '../telling/styled-line.ts'
import type { Terminal } from './terminal.ts'
import { aborted } from './until-aborted.ts'

/** What `centouno serve` was asked for. */
export interface ServeOptions {
  /** 0 for any free one. */
  readonly port: number
  readonly mode: DemoMode
  readonly tls: boolean
  readonly language: Language
}

/** Runs the demo server until the signal is aborted: its URL on stdout, what happens on stderr. Resolves with 0. */
export async function serve(options: ServeOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const server = await startDemo({ ...options, watcher: narrator(terminal, options.language) })
  terminal.print([span(`${server.url}/`)])
  await aborted(signal)
  await server.close()
  return 0
}

/** Tells on stderr who connected, who was refused by which rule, and how each connection ended. */
function narrator(terminal: Terminal, language: Language): DemoWatcher {
  const numbers = new Map<ServerSocket, number>()
  let count = 0
  const say = (mark: string, style: Style, text: Text): void => {
    terminal.remark([span(`${mark} `, style), span(text[language])])
  }
  return {
    connected(socket) {
      count += 1
      numbers.set(socket, count)
      say('+', 'good', arrival(count, socket))
    },
    refused: (refused) => say('✗', 'bad', refusalText(refused)),
    ended(socket, closing) {
      const number = numbers.get(socket) ?? 0
      numbers.delete(socket)
      say('-', 'faint', departure(number, closing))
    },
  }
}

function arrival(number: number, { request, subprotocol }: ServerSocket): Text {
  const from = request.remoteAddress ?? '?'
  const origin = request.origin ?? ''
  return {
    en: `#${number} connected from ${from} to ${request.path}${subprotocol && `, subprotocol ${subprotocol}`}${origin && `, origin ${origin}`}`,
    zh: `#${number} 从 ${from} 连接到 ${request.path}${subprotocol && `，子协议 ${subprotocol}`}${origin && `，来源 ${origin}`}`,
  }
}

function refusalText({ refusal, head, remoteAddress }: RefusedRequest): Text {
  const rule = refusal.rule === undefined ? '' : `${refusal.rule}: `
  const what = `${head.method} ${head.target}`.trim() || '?'
  const from = remoteAddress ?? '?'
  return {
    en: `refused ${what} from ${from} with ${refusal.status}. ${rule}${refusal.sentence.en}`,
    zh: `拒绝了来自 ${from} 的 ${what}，状态码 ${refusal.status}。${rule}${refusal.sentence.zh}`,
  }
}

function departure(number: number, closing: Closing): Text {
  const { code, cause, violation, reason } = closing
  const why = violation === undefined ? cause : `${cause}, ${violation}`
  const words = reason === '' ? '' : ` ${JSON.stringify(reason)}`
  return {
    en: `#${number} ended with ${code}${words} (${why})`,
    zh: `#${number} 已结束，状态码 ${code}${words}（${why}）`,
  }
}
