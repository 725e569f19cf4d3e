import {
  defaultRequestPolicy,
  judgeRequest,
  judgeResponse,
  redactHeadText,
  redactTarget,
  ruleById,
} from 'centouno/telling'
import type { RequestHead, ResponseHead, Text } from 'centouno/telling'
import { rungBytes } from '../wire/layer-reader.ts'
import type { RungDraft } from '../wire/layer-reader.ts'
import type { Layer, Party } from '../wire/rung.ts'
import { tellHead } from './head-fields.ts'
import { isUpgrade, sentRequest } from './upgrade-request.ts'

/** Where a head stood on the wire. */
export interface HeadPlace {
  readonly layer: Layer
  /** Who is at the other end: the proxy, for a dialogue with it. */
  readonly peer: Party
  readonly atMs: number
  /** Whether secrets are told as they crossed. */
  readonly withSecrets: boolean
}

/** Characters of a target that a label shows. */
const labelTarget = 60

/** The rung of a request. */
export function requestRung(head: RequestHead, { layer, peer, atMs, withSecrets }: HeadPlace): RungDraft {
  const upgrade = isUpgrade(head)
  const target = shorten(redactTarget(head.target))
  // Whose pages may connect is for the server to say.
  const judgement = upgrade ? judgeRequest(head, { ...defaultRequestPolicy, origins: 'any' }) : undefined
  const fault = faultText(judgement?.ok === false ? judgement.refusal.code : undefined, head)
  return {
    ...base(layer, atMs, head.text),
    ...told(head.text, 'request', upgrade ? 'request' : undefined, withSecrets),
    from: 'client',
    to: peer,
    label: same(`${head.method || '?'} ${target}`.trim()),
    sentence: joined(requestSentence(head, upgrade, target), fault),
    clause: layer === 'proxy' ? 'RFC 9110 §9.3.6' : upgrade ? 'RFC 6455 §4.1' : 'RFC 9112 §3',
    alarming: fault !== undefined,
  }
}

/** The rung of a response; `request` is the one it answers, where one was seen. */
export function responseRung(head: ResponseHead, request: RequestHead | undefined, place: HeadPlace): RungDraft {
  const { layer, peer, atMs, withSecrets } = place
  const switches = head.status === 101
  const asked = request !== undefined && isUpgrade(request)
  const judgement = switches && request !== undefined ? judgeResponse(head, sentRequest(request)) : undefined
  const fault = faultText(judgement?.ok === false ? judgement.rule : undefined, head)
  const isRefused = asked && head.status >= 200
  return {
    ...base(layer, atMs, head.text),
    ...told(head.text, 'response', switches || asked ? 'response' : undefined, withSecrets),
    from: peer,
    to: 'client',
    label: same(`${head.status || '?'} ${shorten(head.reason)}`.trim()),
    sentence: joined(responseSentence(head, layer, isRefused), fault),
    clause: switches ? 'RFC 6455 §4.2.2' : layer === 'proxy' ? 'RFC 9110 §9.3.6' : 'RFC 9110 §15',
    alarming: fault !== undefined || isRefused || head.status >= 400 || head.status === 0,
  }
}

function base(
  layer: Layer,
  atMs: number,
  text: string,
): Pick<RungDraft, 'layer' | 'atMs' | 'inferred' | 'decrypted' | 'byteCount'> {
  return { layer, atMs, inferred: false, decrypted: false, byteCount: text.length }
}

function told(
  text: string,
  kind: 'request' | 'response',
  side: 'request' | 'response' | undefined,
  withSecrets: boolean,
): Pick<RungDraft, 'bytes' | 'fields' | 'redacted'> {
  const shown = withSecrets ? text : redactHeadText(text)
  const { bytes, fields } = tellHead(shown, kind, side)
  return { bytes: rungBytes(bytes).bytes, fields, ...(shown === text ? {} : { redacted: true }) }
}

function requestSentence(head: RequestHead, upgrade: boolean, target: string): Text {
  if (head.method === 'CONNECT') {
    return {
      en: `The client asks the proxy for a tunnel to ${target}. What follows is meant for the server; the proxy only passes it on.`,
      zh: `客户端请代理建立一条通往 ${target} 的隧道。之后的内容都是说给服务器听的，代理只负责转发。`,
    }
  }
  if (!upgrade) {
    return { en: 'The client sends an ordinary HTTP request.', zh: '客户端发出一个普通的 HTTP 请求。' }
  }
  return {
    en: 'The client asks the server to stop speaking HTTP on this connection and to speak WebSocket from here on.',
    zh: '客户端请求服务器在这条连接上不再使用 HTTP，从此改用 WebSocket。',
  }
}

function responseSentence({ status }: ResponseHead, layer: Layer, isRefused: boolean): Text {
  if (status === 101) {
    return {
      en: 'The server agrees, and shows its proof of having read the key. After the empty line both sides speak WebSocket.',
      zh: '服务器同意，并出示自己读到密钥的证明。空行之后，双方改用 WebSocket。',
    }
  }
  if (status >= 100 && status <= 199) {
    return {
      en: 'An interim response: the server is still at work, and the real answer follows.',
      zh: '临时响应：服务器仍在处理，真正的答复随后就到。',
    }
  }
  if (layer === 'proxy') {
    return status >= 200 && status <= 299
      ? {
          en: 'The tunnel is there: from here on every byte goes to the server and comes from it.',
          zh: '隧道已经建立：从这里开始，每个字节都直达服务器，也都来自服务器。',
        }
      : { en: 'The proxy does not open a tunnel.', zh: '代理没有建立隧道。' }
  }
  if (isRefused) {
    return {
      en: `The server answers by ordinary HTTP (${status}): this connection does not become a WebSocket.`,
      zh: `服务器用普通的 HTTP 作答（${status}）：这条连接不会变成 WebSocket。`,
    }
  }
  return status === 0
    ? { en: 'This is no HTTP response.', zh: '这不是 HTTP 响应。' }
    : { en: 'The server answers by ordinary HTTP.', zh: '服务器用普通的 HTTP 作答。' }
}

/** What the rules of the opening handshake say against it; undefined when nothing. */
function faultText(broken: string | undefined, head: RequestHead | ResponseHead): Text | undefined {
  const id = broken ?? head.faults[0]?.rule
  if (id === undefined) return undefined
  const { sentence } = ruleById(id)
  return { en: `It breaks ${id}: ${sentence.en}`, zh: `它违反了 ${id}：${sentence.zh}` }
}

function joined(sentence: Text, fault: Text | undefined): Text {
  return fault === undefined ? sentence : { en: `${sentence.en} ${fault.en}`, zh: `${sentence.zh}${fault.zh}` }
}

function same(text: string): Text {
  return { en: text, zh: text }
}

function shorten(text: string): string {
  return text.length > labelTarget ? `${text.slice(0, labelTarget)}…` : text
}
