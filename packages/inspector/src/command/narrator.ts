import { closingText } from 'centouno'
import type { Closing, RefusedRequest, ServerSocket } from 'centouno'
import type { Language, Text } from 'centouno/telling'
import type { DemoWatcher } from '../demo/demo-server.ts'
import { span } from '../telling/styled-line.ts'
import type { StyledLine } from '../telling/styled-line.ts'

/** One connection, as long as it is open. */
interface Visit {
  readonly number: number
  readonly since: number
  messages: number
  bytes: number
}

/**
 * Tells what happens on a server, one line each: who connected, who was refused by which rule or code, how each connection
 * ended. `now` gives milliseconds.
 */
export function narrator(language: Language, say: (line: StyledLine) => void, now: () => number): DemoWatcher {
  const visits = new Map<ServerSocket, Visit>()
  let count = 0
  return {
    connected(socket) {
      count += 1
      visits.set(socket, { number: count, since: now(), messages: 0, bytes: 0 })
      say([span('+ ', 'good'), span(arrival(count, socket)[language])])
    },
    message(socket, bytes) {
      const visit = visits.get(socket)
      if (visit === undefined) return
      visit.messages += 1
      visit.bytes += bytes
    },
    refused(refused) {
      say([
        span('✗ ', 'bad'),
        span(refusalStart(refused)[language]),
        span(named(refused), 'bad'),
        span(` ${refused.refusal.sentence[language]}`),
      ])
    },
    ended(socket, closing) {
      const visit = visits.get(socket)
      visits.delete(socket)
      if (visit !== undefined) say(departure(visit, closing, now(), language))
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

function refusalStart({ refusal, head, remoteAddress }: RefusedRequest): Text {
  const what = `${head.method} ${head.target}`.trim() || '?'
  const from = remoteAddress ?? '?'
  return {
    en: `refused ${what} from ${from} with ${refusal.status}: `,
    zh: `拒绝了来自 ${from} 的 ${what}，状态码 ${refusal.status}：`,
  }
}

function named({ refusal: { code, rule } }: RefusedRequest): string {
  return rule === undefined || rule === code ? code : `${code} (${rule})`
}

function departure(visit: Visit, closing: Closing, now: number, language: Language): StyledLine {
  const { code, sentence } = closingText(closing, language)
  const lasted = ((now - visit.since) / 1000).toFixed(1)
  const { number, messages, bytes } = visit
  const start: Text = { en: `#${number} ended: `, zh: `#${number} 已结束：` }
  const figures: Text = {
    en: ` (status code ${closing.code}; ${messages} ${messages === 1 ? 'message' : 'messages'}, ${bytes} bytes received in ${lasted} s)`,
    zh: `（状态码 ${closing.code}；${lasted} 秒内收到 ${messages} 条消息，共 ${bytes} 字节）`,
  }
  return [
    span('- ', 'faint'),
    span(start[language]),
    span(code, closing.clean ? 'plain' : 'bad'),
    span(` ${sentence}`),
    span(figures[language], 'faint'),
  ]
}
