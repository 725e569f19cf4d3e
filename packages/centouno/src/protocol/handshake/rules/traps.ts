import { isKey } from '../key.ts'
import { quoted, quotedAll } from '../quoted.ts'
import type { RuleRow } from '../rule-row.ts'
import { looksStripped } from './request-rules.ts'

/** Section 12 of the table: where the standard contradicts itself or readers go wrong. None of them refuses anything. */
export const traps: readonly RuleRow[] = [
  {
    id: 'H-TRAP-01',
    clause: 'RFC 6455 §4.2.2(5.6), §11.3.2',
    level: 'note',
    side: 'both',
    subject: 'response',
    sentence: {
      en: 'One clause lets a reply name its extensions on several lines, another forbids it: send one line, take several.',
      zh: '一处条文允许答复把扩展分写在几行，另一处禁止：发送时只写一行，收到几行也接受。',
    },
    tolerated: () => true,
    applies: ({ extensionLines }) => extensionLines.length > 0,
    check: ({ extensionLines }) => {
      if (extensionLines.length < 2) return undefined
      return {
        en: `\`Sec-WebSocket-Extensions\` came on ${extensionLines.length} lines.`,
        zh: `\`Sec-WebSocket-Extensions\` 分写在 ${extensionLines.length} 行里。`,
      }
    },
  },
  {
    id: 'H-TRAP-02',
    clause: 'RFC 6455 §4.1(7), §4.2.2',
    level: 'note',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'A key may leave bits set that base64 does not use, as the sample in the RFC does: its shape is what counts.',
      zh: '密钥可以在 base64 用不到的位上留有 1，RFC 自己的示例就是这样：只看它的形状。',
    },
    tolerated: () => true,
    applies: ({ keys }) => keys.length === 1 && keys[0] !== undefined && isKey(keys[0]),
    check: ({ keys }) => {
      const [key = ''] = keys
      if (hasCanonicalEnd(key)) return undefined
      return { en: `The key ${quoted(key)} is not canonical base64.`, zh: `密钥 ${quoted(key)} 不是规范的 base64。` }
    },
  },
  {
    id: 'H-TRAP-03',
    clause: 'RFC 6455 §4.1(3), §4.2.2(5.3)',
    level: 'note',
    side: 'client',
    subject: 'response',
    sentence: {
      en: '`Connection` is a list: `Upgrade` is looked for in it, it need not be the whole value.',
      zh: '`Connection` 是一个列表：只要其中有 `Upgrade` 就行，不必整个值相等。',
    },
    tolerated: () => true,
    applies: ({ connectionOptions }) => connectionOptions.includes('upgrade'),
    check: ({ connectionOptions, connectionLines }) => {
      if (connectionOptions.length === 1) return undefined
      const shown = quotedAll(connectionLines)
      return { en: `\`Connection\` is ${shown}.`, zh: `\`Connection\` 是 ${shown}。` }
    },
  },
  {
    id: 'H-TRAP-04',
    clause: 'RFC 6455 §4.1(10), RFC 9110 §5.6.1.2',
    level: 'note',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'Empty elements of a list, from commas too many, are passed over.',
      zh: '列表里多余的逗号造成的空元素，忽略即可。',
    },
    tolerated: () => true,
    applies: ({ subprotocols, extensions }) => subprotocols?.ok === true || extensions?.ok === true,
    check: ({ subprotocols, extensions }) => {
      const inSubprotocols = subprotocols?.ok === true && subprotocols.strayCommas
      const inExtensions = extensions?.ok === true && extensions.strayCommas
      if (!inSubprotocols && !inExtensions) return undefined
      const field = inSubprotocols ? '`Sec-WebSocket-Protocol`' : '`Sec-WebSocket-Extensions`'
      return { en: `There are stray commas in ${field}.`, zh: `${field} 里有多余的逗号。` }
    },
  },
  {
    id: 'H-TRAP-05',
    clause: 'RFC 6455 §4.1(1)',
    level: 'note',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'A reply that is no 101 is no fault of the handshake; its status, fields and body say what the server wants.',
      zh: '答复不是 101，并不等于握手出错；它的状态码、首部和正文说明了服务器的意思。',
    },
  },
  {
    id: 'H-TRAP-06',
    clause: 'RFC 6455 §4.1(2), §4.1(3)',
    level: 'note',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'A 101 without `Upgrade` or `Connection` is told as just that, not as an unexpected 101.',
      zh: '101 缺少 `Upgrade` 或 `Connection` 时，要如实说出缺了什么，而不是说“意外的 101”。',
    },
  },
  {
    id: 'H-TRAP-07',
    clause: 'RFC 9110 §7.6.1',
    level: 'note',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'A request with a key but without the upgrade has passed a proxy that does not pass WebSocket on.',
      zh: '请求里有密钥却没有升级请求，多半是途中的代理没有转发 WebSocket。',
    },
    tolerated: () => true,
    applies: ({ keys }) => keys.length > 0,
    check: (facts) => {
      if (!looksStripped(facts)) return undefined
      return {
        en: '`Sec-WebSocket-Key` is there; `Upgrade`, or the option `Upgrade` in `Connection`, is not.',
        zh: '`Sec-WebSocket-Key` 还在，`Upgrade` 字段或 `Connection` 里的 `Upgrade` 选项却没有了。',
      }
    },
  },
  {
    id: 'H-TRAP-09',
    clause: 'RFC 9112 §3.2, RFC 9110 §7.8',
    level: 'note',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'HTTP libraries that hand over an upgrade have not checked `Host` and the HTTP version: the WebSocket engine does.',
      zh: 'HTTP 库交出升级请求时，并没有检查 `Host` 和 HTTP 版本：这要由 WebSocket 引擎来做。',
    },
  },
]

/** 16 bytes fill 21 characters and the upper two bits of one more: canonically it is one of these four (RFC 4648 §3.5). */
function hasCanonicalEnd(key: string): boolean {
  return 'AQgw'.includes(key.charAt(21))
}
