import { STATUS_CODES } from 'node:http'
import type { ConnectError } from 'centouno'
import { verdictText } from 'centouno/telling'
import type { Text } from 'centouno/telling'

export const badGateway = 502
const gatewayTimeout = 504
/** RFC 9110 §15.5.20: the request went to a server that is not meant by its `Host`. */
const misdirectedRequest = 421

/** What the client is told when the target cannot be reached: where it failed, with the code. */
export function unreachableTarget({ code, report }: ConnectError): { readonly status: number; readonly reply: string } {
  const status = code.endsWith('_TIMEOUT') ? gatewayTimeout : badGateway
  const lines = (['en', 'zh'] as const).flatMap((language) => {
    const { sentence, hint } = verdictText(report.verdict, language)
    return hint === '' ? [sentence] : [sentence, hint]
  })
  return { status, reply: reply(status, [`code: ${code}`, ...lines]) }
}

/** What is said when a request names a stranger as its host. */
export function misdirected(host: string): { readonly why: Text; readonly reply: string } {
  const why: Text = {
    en: `A request for ${host} was not passed on: a page of that name could read the target through this tap. If the name is yours, start the tap with --allow-host ${host.replace(/:\d+$/, '')}`,
    zh: `发给 ${host} 的请求没有转发：使用这个名称的网页可能会借 tap 读取目标。如果这个名称是你自己的，请用 --allow-host ${host.replace(/:\d+$/, '')} 启动`,
  }
  return { why, reply: reply(misdirectedRequest, [why.en, why.zh]) }
}

function reply(status: number, lines: readonly string[]): string {
  const reason = STATUS_CODES[status] ?? ''
  const body = `${status} ${reason}\n${lines.join('\n')}\n`
  return [
    `HTTP/1.1 ${status} ${reason}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
