import type { Text } from '../text.ts'

/** One status code of a Close frame (RFC 6455 §7.4.1 and the IANA registry it founded). */
export interface StatusCode {
  readonly code: number
  /** A short name, as the registry has it. */
  readonly name: string
  readonly clause: string
  /** Who may put it into a Close frame. `nobody`: it is only told to the application. */
  readonly sender: 'both' | 'client' | 'nobody'
  readonly meaning: Text
}

/** No status code was in the peer's Close (RFC 6455 §7.1.5). Never on the wire. */
export const noStatusReceived = 1005

/** The connection ended without a Close from the peer (RFC 6455 §7.1.5). Never on the wire. */
export const abnormalClosure = 1006

/** Every status code with a meaning of its own, in order. */
export const statusCodes: readonly StatusCode[] = [
  {
    code: 1000,
    name: 'Normal Closure',
    clause: 'RFC 6455 §7.4.1',
    sender: 'both',
    meaning: { en: 'The purpose of the connection has been fulfilled.', zh: '连接的目的已经达成，正常关闭。' },
  },
  {
    code: 1001,
    name: 'Going Away',
    clause: 'RFC 6455 §7.4.1',
    sender: 'both',
    meaning: {
      en: 'The endpoint is going away: a server shuts down, or a browser leaves the page.',
      zh: '端点即将离开：服务器正在关闭，或浏览器离开了页面。',
    },
  },
  {
    code: 1002,
    name: 'Protocol Error',
    clause: 'RFC 6455 §7.4.1',
    sender: 'both',
    meaning: { en: 'The other side broke a rule of the protocol.', zh: '对方违反了协议规则。' },
  },
  {
    code: 1003,
    name: 'Unsupported Data',
    clause: 'RFC 6455 §7.4.1',
    sender: 'both',
    meaning: {
      en: 'A message came of a kind that the endpoint does not accept, such as binary where it takes only text.',
      zh: '收到了端点不接受的消息类型，例如只接受文本却收到了二进制消息。',
    },
  },
  {
    code: 1004,
    name: 'Reserved',
    clause: 'RFC 6455 §7.4.1',
    sender: 'nobody',
    meaning: { en: 'Reserved; it has no meaning yet.', zh: '保留，尚未定义含义。' },
  },
  {
    code: noStatusReceived,
    name: 'No Status Received',
    clause: 'RFC 6455 §7.4.1',
    sender: 'nobody',
    meaning: {
      en: 'The Close frame carried no status code; told to the application, never sent.',
      zh: '关闭帧中没有状态码；只告知应用程序，从不在线路上发送。',
    },
  },
  {
    code: abnormalClosure,
    name: 'Abnormal Closure',
    clause: 'RFC 6455 §7.4.1',
    sender: 'nobody',
    meaning: {
      en: 'The connection ended without a Close frame; told to the application, never sent.',
      zh: '连接在没有收到关闭帧的情况下结束；只告知应用程序，从不在线路上发送。',
    },
  },
  {
    code: 1007,
    name: 'Invalid Frame Payload Data',
    clause: 'RFC 6455 §7.4.1',
    sender: 'both',
    meaning: {
      en: 'The content of a message does not fit its type, such as text that is not UTF-8.',
      zh: '消息内容与其类型不符，例如文本消息不是有效的 UTF-8。',
    },
  },
  {
    code: 1008,
    name: 'Policy Violation',
    clause: 'RFC 6455 §7.4.1',
    sender: 'both',
    meaning: {
      en: 'A message goes against the policy of the endpoint, and no other code says it better.',
      zh: '消息违反了端点的策略，且没有更合适的状态码。',
    },
  },
  {
    code: 1009,
    name: 'Message Too Big',
    clause: 'RFC 6455 §7.4.1',
    sender: 'both',
    meaning: { en: 'A message is larger than the endpoint takes.', zh: '消息过大，超出端点所能处理的范围。' },
  },
  {
    code: 1010,
    name: 'Mandatory Extension',
    clause: 'RFC 6455 §7.4.1',
    // H-CLS-08: a server that misses an extension refuses the handshake instead.
    sender: 'client',
    meaning: {
      en: 'The client needs an extension that the server did not agree to.',
      zh: '客户端需要某个扩展，但服务器没有同意使用。',
    },
  },
  {
    code: 1011,
    name: 'Internal Error',
    // The erratum opens it to clients too.
    clause: 'RFC 6455 §7.4.1, erratum 3227',
    sender: 'both',
    meaning: {
      en: 'The endpoint met an unexpected condition and cannot go on.',
      zh: '端点遇到意外情况，无法继续。',
    },
  },
  {
    code: 1012,
    name: 'Service Restart',
    clause: 'IANA WebSocket Close Code Number Registry',
    sender: 'both',
    meaning: {
      en: 'The service restarts; reconnect after a random delay.',
      zh: '服务正在重启；请在随机延迟后重新连接。',
    },
  },
  {
    code: 1013,
    name: 'Try Again Later',
    clause: 'IANA WebSocket Close Code Number Registry',
    sender: 'both',
    meaning: { en: 'The service is overloaded; try again later.', zh: '服务过载；请稍后再试。' },
  },
  {
    code: 1014,
    name: 'Bad Gateway',
    clause: 'IANA WebSocket Close Code Number Registry',
    sender: 'both',
    meaning: {
      en: 'The server is a gateway and got an invalid reply from the server behind it.',
      zh: '服务器作为网关，从上游服务器收到了无效的响应。',
    },
  },
  {
    code: 1015,
    name: 'TLS Handshake',
    clause: 'RFC 6455 §7.4.1',
    sender: 'nobody',
    meaning: {
      en: 'The TLS handshake failed; told to the application, never sent.',
      zh: 'TLS 握手失败；只告知应用程序，从不在线路上发送。',
    },
  },
]

const byCode: ReadonlyMap<number, StatusCode> = new Map(statusCodes.map((row) => [row.code, row]))

/** RFC 6455 §7.4.2: 3000 to 3999 are registered with IANA by libraries and frameworks, 4000 to 4999 are private. */
const privateMin = 3000
const privateMax = 4999

/** The row of a status code; undefined for a code that has no meaning of its own. */
export function statusCodeRow(code: number): StatusCode | undefined {
  return byCode.get(code)
}

/**
 * True when a Close frame may carry the code (RFC 6455 §7.4). 0 to 999 are not used, 5000 and above are not defined,
 * and of 1000 to 2999, which belong to the protocol, only those that it defines.
 */
export function mayBeReceived(code: number): boolean {
  if (code >= privateMin) return code <= privateMax && Number.isInteger(code)
  const row = byCode.get(code)
  return row !== undefined && row.sender !== 'nobody'
}

/** True when an endpoint may put the code into a Close frame; with a role, when an endpoint of that role may. */
export function mayBeSent(code: number, role?: 'client' | 'server'): boolean {
  return mayBeReceived(code) && !(role === 'server' && byCode.get(code)?.sender === 'client')
}
