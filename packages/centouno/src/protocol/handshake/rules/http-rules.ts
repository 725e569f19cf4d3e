import type { Text } from '../../text.ts'
import { readHostField } from '../host-field.ts'
import { quotedAll } from '../quoted.ts'
import type { RequestFacts } from '../request-facts.ts'
import type { RuleRow } from '../rule-row.ts'
import { headFault } from './head-faults.ts'
import { missingConnectionOption, missingHost, oldHttpVersion } from './request-rules.ts'
import { tooLarge } from './too-large.ts'

/** Section 7 of the table: what HTTP/1.1 itself asks of the handshake. */
export const httpRules: readonly RuleRow[] = [
  {
    id: 'H-H1-01',
    clause: 'RFC 9110 §7.8',
    level: 'must',
    side: 'server',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'In an HTTP/1.0 request a server passes over `Upgrade`.',
      zh: '在 HTTP/1.0 的请求里，服务器忽略 `Upgrade`。',
    },
    sameFaultAs: 'H-REQ-03',
    applies: ({ head, upgradeLines }) => head.version === '1.0' && upgradeLines.length > 0,
    check: oldHttpVersion,
  },
  {
    id: 'H-H1-02',
    clause: 'RFC 9112 §3.2',
    level: 'must',
    side: 'server',
    subject: 'request',
    format: 'F3',
    sentence: { en: 'An HTTP/1.1 request without `Host` is answered 400.', zh: 'HTTP/1.1 的请求没有 `Host`，回 400。' },
    sameFaultAs: 'H-REQ-05',
    check: missingHost,
  },
  {
    id: 'H-H1-03',
    clause: 'RFC 9112 §3.2',
    level: 'must',
    side: 'server',
    subject: 'request',
    format: 'F3',
    sentence: {
      en: 'More than one `Host`, or one that is no host, is answered 400.',
      zh: '`Host` 不止一个，或者不是合法的主机，回 400。',
    },
    applies: ({ hosts }) => hosts.some((host) => host !== ''),
    check: wrongHost,
  },
  {
    id: 'H-H1-04',
    clause: 'RFC 9112 §5.1',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'No blank stands between a field name and its colon.',
      zh: '字段名和冒号之间没有空白。',
    },
    check: headFault('H-H1-04'),
  },
  {
    id: 'H-H1-05',
    clause: 'RFC 9112 §5.2',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'A field stands on one line: it is not continued on a line that begins with a blank.',
      zh: '一个字段只占一行，不能用以空白开头的下一行来续写。',
    },
    check: headFault('H-H1-05'),
  },
  {
    id: 'H-H1-06',
    clause: 'RFC 9110 §5.5',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'No CR, LF, NUL or other control character stands in a field value.',
      zh: '字段值里没有 CR、LF、NUL 以及其他控制字符。',
    },
    check: headFault('H-H1-06'),
  },
  {
    id: 'H-H1-07',
    clause: 'RFC 9110 §7.8',
    level: 'must',
    side: 'client',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'Whoever sends `Upgrade` also lists it in `Connection`, so that proxies do not pass it on.',
      zh: '发送 `Upgrade` 时，也要在 `Connection` 里列出它，免得代理原样转发。',
    },
    sameFaultAs: 'H-REQ-07',
    applies: ({ upgradeLines }) => upgradeLines.length > 0,
    check: missingConnectionOption,
  },
  {
    id: 'H-H1-08',
    clause: 'RFC 9112 §6.1, §11.2',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: '`Transfer-Encoding` and `Content-Length` do not come together: that is how requests are smuggled past proxies.',
      zh: '`Transfer-Encoding` 和 `Content-Length` 不能同时出现：夹带请求、绕过代理的攻击就是这样做的。',
    },
    check: ({ transferEncodings, contentLengths }) => {
      if (transferEncodings.length === 0 || contentLengths.length === 0) return undefined
      const [encoding, length] = [quotedAll(transferEncodings), quotedAll(contentLengths)]
      return {
        en: `\`Transfer-Encoding\` is ${encoding} and \`Content-Length\` is ${length}.`,
        zh: `\`Transfer-Encoding\` 是 ${encoding}，\`Content-Length\` 是 ${length}。`,
      }
    },
  },
  {
    id: 'H-H1-09',
    clause: 'RFC 9110 §5.1, §5.6.2',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'A field line is a name, a colon and a value; the name is a token.',
      zh: '字段行由名称、冒号和值组成，名称是一个记号（token）。',
    },
    check: headFault('H-H1-09'),
  },
  {
    id: 'H-H1-10',
    clause: 'RFC 9112 §2.2',
    level: 'may',
    side: 'server',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'Lines end with CR LF. A lone LF could be let pass; it is refused, since parsers that differ here can be played.',
      zh: '每行以 CR LF 结尾。单独的 LF 本可放行，但各家解析不一会被人利用，所以拒绝。',
    },
    check: headFault('H-H1-10'),
  },
  {
    id: 'H-H1-11',
    // The target: 414 is a MUST. Fields: a 4xx is a MUST, 431 is the one made for it.
    clause: 'RFC 9112 §3, RFC 9110 §5.4, RFC 6585 §5',
    level: 'must',
    side: 'server',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'A request line longer than the server takes is answered 414, fields larger than it takes 431.',
      zh: '请求行超过服务器的限度，回 414；首部字段超过限度，回 431。',
    },
    refusal: ({ head }) => tooLarge(head.faults.find(({ rule }) => rule === 'H-H1-11')),
    check: headFault('H-H1-11'),
  },
  {
    id: 'H-H1-12',
    clause: 'RFC 9110 §7.6.1',
    level: 'must',
    side: 'both',
    subject: 'conduct',
    format: 'F1',
    sentence: {
      en: 'A proxy removes `Connection` and what it lists, `Upgrade` too: unless it sends them anew, they end there.',
      zh: '代理会去掉 `Connection` 以及它列出的字段，包括 `Upgrade`：代理不重新发送，它们就到此为止。',
    },
  },
]

/** An empty one alone is H-REQ-05's to tell. */
function wrongHost({ hosts }: RequestFacts): Text | undefined {
  const [host] = hosts
  if (hosts.length === 1 && host !== undefined && readHostField(host) !== undefined) return undefined
  const shown = quotedAll(hosts)
  return { en: `\`Host\` is ${shown}.`, zh: `\`Host\` 是 ${shown}。` }
}
