import type { Text } from '../../text.ts'
import { originAllowed, ownOrigin } from '../origin.ts'
import { quoted, quotedAll } from '../quoted.ts'
import type { RequestFacts } from '../request-facts.ts'
import type { RuleRow } from '../rule-row.ts'
import { headFault } from './head-faults.ts'
import { switchRules } from './switch-rules.ts'

/** Section 3 of the table: what a server answers, with the rows on the 101 itself in the midst. */
export const replyRules: readonly RuleRow[] = [
  {
    id: 'H-SRV-01',
    clause: 'RFC 6455 §4.2.1',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'A request that is no valid handshake is answered with an HTTP error, never with a 101 or with silence.',
      zh: '请求不是合法的握手时，以 HTTP 错误作答，不回 101，也不能不作声。',
    },
  },
  {
    id: 'H-SRV-02',
    clause: 'RFC 6455 §10.7',
    level: 'should',
    side: 'server',
    subject: 'conduct',
    sentence: { en: 'The status of a refusal fits what was wrong.', zh: '拒绝时的状态码与原因相符。' },
  },
  {
    id: 'H-SRV-03',
    clause: 'RFC 6455 §4.2.2(1)',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'On a TLS port TLS comes first; when it fails, for instance on an unknown host name, the connection is closed.',
      zh: '在 TLS 端口上先做 TLS 握手；握手失败（例如主机名不认识）就关闭连接。',
    },
  },
  {
    id: 'H-SRV-04',
    clause: 'RFC 6455 §4.2.2(2)',
    level: 'may',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'The server may ask who is there: a 401 that says how in `WWW-Authenticate`.',
      zh: '服务器可以要求认证：回 401，并在 `WWW-Authenticate` 里说明方式。',
    },
  },
  {
    id: 'H-SRV-05',
    clause: 'RFC 6455 §4.2.2(3)',
    level: 'may',
    side: 'server',
    subject: 'conduct',
    sentence: { en: 'The server may send the client elsewhere with a 3xx.', zh: '服务器可以用 3xx 让客户端去别处。' },
  },
  {
    id: 'H-SRV-06',
    clause: 'RFC 6455 §4.2.2(4), §10.2',
    level: 'must',
    side: 'server',
    subject: 'request',
    format: 'F7',
    sentence: {
      en: 'A page from an origin the server does not want is refused with 403.',
      zh: '网页的来源（Origin）不在服务器接受之列时，以 403 拒绝。',
    },
    refusal: {
      status: 403,
      hint: {
        en: 'If that page is meant to connect, add its origin to the `origins` the server accepts. Behind a proxy that ends TLS, the server needs to be told its own: `ownOrigin`.',
        zh: '如果这个网页本来就该能连接，请把它的来源加入服务器的 `origins`。如果 TLS 止于前面的代理，要用 `ownOrigin` 告诉服务器它自己的来源。',
      },
    },
    applies: ({ origins, policy }) => origins.length > 0 && policy.origins !== 'any',
    check: unwantedOrigin,
  },
  {
    id: 'H-SRV-07',
    clause: 'RFC 6455 §4.2.2(4), §4.4',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'A version the server does not know is refused, with `Sec-WebSocket-Version` listing all it does know.',
      zh: '遇到不认识的版本就拒绝，并用 `Sec-WebSocket-Version` 列出自己支持的所有版本。',
    },
  },
  {
    id: 'H-SRV-08',
    clause: 'RFC 6455 §4.2.2(4)',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'Where there is no such service the answer is an HTTP error, such as 404.',
      zh: '没有这项服务时，以 HTTP 错误作答，例如 404。',
    },
  },
  ...switchRules,
  {
    id: 'H-SRV-19',
    clause: 'RFC 9110 §15.5.22',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'A 426 names in `Upgrade` the protocol that would do.',
      zh: '426 要用 `Upgrade` 说明该用哪个协议。',
    },
  },
  {
    id: 'H-SRV-20',
    clause: 'RFC 9110 §15.5.6',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'A 405 names in `Allow` the methods that would do.',
      zh: '405 要用 `Allow` 说明可以用哪些方法。',
    },
  },
  {
    id: 'H-SRV-21',
    clause: 'RFC 6455 §7.1.7',
    level: 'should',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'Why a connection was refused is told to whoever runs the server.',
      zh: '拒绝连接的原因要让服务器的运维者看得到。',
    },
  },
  {
    id: 'H-SRV-22',
    clause: 'RFC 6455 §4.2.2',
    level: 'may',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'Messages may follow the 101 at once, even in the same segment; none of them is lost.',
      zh: '101 之后可以马上发消息，甚至在同一个报文段里；一个都不会丢。',
    },
  },
  {
    id: 'H-SRV-23',
    clause: 'RFC 9110 §7.8',
    level: 'must',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'The request is complete before the protocol is switched; a handshake has no body, so one is refused.',
      zh: '请求完整收到之后才能切换协议；握手请求没有正文，带正文的就拒绝。',
    },
    check: bodyAnnounced,
  },
  {
    id: 'H-SRV-24',
    clause: 'RFC 9110 §7.8, §10.1.1',
    level: 'must',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'A 101 must not come before the 100 that `Expect: 100-continue` asks for; a server that takes no body answers 417.',
      zh: '请求带有 `Expect: 100-continue` 时，101 之前必须先有 100；不收正文的服务器则回 417。',
    },
    // RFC 9110 §10.1.1: after a 417 the client asks again without the expectation, which it had no right to, there
    // being no content. So no 101 is ever owed a 100 before it.
    refusal: {
      status: 417,
      hint: { en: 'Ask again without `Expect`.', zh: '请去掉 `Expect` 后重试。' },
    },
    check: ({ expectations }) => {
      if (expectations.length === 0) return undefined
      const shown = quotedAll(expectations)
      return { en: `\`Expect\` is ${shown}.`, zh: `\`Expect\` 是 ${shown}。` }
    },
  },
  {
    id: 'H-SRV-25',
    clause: 'RFC 6455 §10.4',
    level: 'should',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'A handshake has to be complete within a bounded time.',
      zh: '握手必须在限定的时间内完成。',
    },
    refusal: { status: 408 },
    check: headFault('H-SRV-25'),
  },
]

/** Only asked when there is an origin, and a list to look it up in. */
function unwantedOrigin({ origins, hosts, policy }: RequestFacts): Text | undefined {
  const shown = quotedAll(origins)
  const [origin, second] = origins as readonly [string, ...string[]]
  const allowed = policy.origins as readonly string[]
  if (second !== undefined) {
    return { en: `\`Origin\` is there twice: ${shown}.`, zh: `\`Origin\` 出现了两次：${shown}。` }
  }
  const own = policy.ownOrigin ?? (hosts[0] === undefined ? undefined : ownOrigin(policy.secure, hosts[0]))
  if (originAllowed(origin, own, allowed)) return undefined
  return own === undefined
    ? { en: `\`Origin\` is ${shown}, which is not in the list.`, zh: `\`Origin\` 是 ${shown}，不在列表里。` }
    : {
        en: `\`Origin\` is ${shown}: neither the server's own, ${quoted(own)}, nor in the list.`,
        zh: `\`Origin\` 是 ${shown}：既不是服务器自己的来源 ${quoted(own)}，也不在列表里。`,
      }
}

/** `Content-Length: 0` announces no content; two lengths, or one that is no number, announce trouble. */
function bodyAnnounced({ contentLengths, transferEncodings }: RequestFacts): Text | undefined {
  if (transferEncodings.length > 0) {
    const shown = quotedAll(transferEncodings)
    return { en: `\`Transfer-Encoding\` is ${shown}.`, zh: `\`Transfer-Encoding\` 是 ${shown}。` }
  }
  if (contentLengths.length === 0 || (contentLengths.length === 1 && contentLengths[0] === '0')) return undefined
  const shown = quotedAll(contentLengths)
  return { en: `\`Content-Length\` is ${shown}.`, zh: `\`Content-Length\` 是 ${shown}。` }
}
