import { quotedAll } from '../quoted.ts'
import type { RuleRow } from '../rule-row.ts'
import {
  unofferedExtension,
  unofferedSubprotocol,
  wrongAccept,
  wrongConnection,
  wrongStatusLine,
  wrongUpgrade,
} from './switch-faults.ts'

/**
 * Section 3 of the table, H-SRV-09 to H-SRV-18: the 101. Most are what section 4 has a client look for, told as the
 * server's duty; the row of section 4 stands for both.
 */
export const switchRules: readonly RuleRow[] = [
  {
    id: 'H-SRV-09',
    clause: 'RFC 6455 §4.2.2(4)',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: {
      en: 'The server picks one of the subprotocols offered, or none, and then sends no field at all.',
      zh: '服务器从客户端提出的子协议里选一个；一个都不选时，就不发这个字段。',
    },
    sameFaultAs: 'H-RES-09',
    applies: ({ subprotocols }) => subprotocols.length > 0,
    check: unofferedSubprotocol,
  },
  {
    id: 'H-SRV-10',
    clause: 'RFC 6455 §4.2.2(4), §9.1',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: {
      en: 'The server accepts only extensions that were offered; when it accepts none it sends no field at all.',
      zh: '服务器只能接受客户端提出的扩展；一个都不接受时，就不发这个字段。',
    },
    sameFaultAs: 'H-RES-06',
    applies: ({ extensions }) => extensions?.ok === true,
    check: unofferedExtension,
  },
  {
    id: 'H-SRV-11',
    clause: 'RFC 6455 §4.2.2(5.1)',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: {
      en: 'The status line is `HTTP/1.1 101`, with any reason after it.',
      zh: '状态行是 `HTTP/1.1 101`，后面的原因短语随意。',
    },
    sameFaultAs: 'H-RES-11',
    check: wrongStatusLine,
  },
  {
    id: 'H-SRV-12',
    clause: 'RFC 6455 §4.2.2(5.2)',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: { en: 'The 101 carries `Upgrade: websocket`.', zh: '101 带有 `Upgrade: websocket`。' },
    sameFaultAs: 'H-RES-03',
    check: wrongUpgrade,
  },
  {
    id: 'H-SRV-13',
    clause: 'RFC 6455 §4.2.2(5.3)',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: { en: 'The 101 carries `Connection: Upgrade`.', zh: '101 带有 `Connection: Upgrade`。' },
    sameFaultAs: 'H-RES-04',
    check: wrongConnection,
  },
  {
    id: 'H-SRV-14',
    clause: 'RFC 6455 §4.2.2(5.4)',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: {
      en: '`Sec-WebSocket-Accept` is the base64 of the SHA-1 of the key, as it was sent, and a fixed identifier.',
      zh: '`Sec-WebSocket-Accept` 的算法：把收到的密钥原文接上一个固定标识，取 SHA-1，再做 base64。',
    },
    sameFaultAs: 'H-RES-05',
    check: wrongAccept,
  },
  {
    id: 'H-SRV-15',
    clause: 'RFC 6455 §11.3.2, §11.3.3, §11.3.4',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: {
      en: '`Sec-WebSocket-Accept` and `Sec-WebSocket-Protocol` come once in a reply.',
      zh: '答复里 `Sec-WebSocket-Accept` 和 `Sec-WebSocket-Protocol` 各只出现一次。',
    },
    // Several lines of extensions are H-TRAP-01: the RFC contradicts itself there.
    check: ({ accepts, subprotocols }) => {
      const [name, values] = accepts.length > 1 ? ['Accept', accepts] : ['Protocol', subprotocols]
      if (values.length < 2) return undefined
      const shown = quotedAll(values)
      return { en: `\`Sec-WebSocket-${name}\` is ${shown}.`, zh: `\`Sec-WebSocket-${name}\` 是 ${shown}。` }
    },
  },
  {
    id: 'H-SRV-16',
    clause: 'RFC 6455 §9.1',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'Accepted extensions are named in the order in which they apply.',
      zh: '接受的扩展按它们起作用的顺序列出。',
    },
  },
  {
    id: 'H-SRV-17',
    clause: 'RFC 9110 §7.8',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: {
      en: 'The server switches only to a protocol that the request named in `Upgrade`.',
      zh: '服务器只能切换到请求在 `Upgrade` 里写明的协议。',
    },
    sameFaultAs: 'H-RES-03',
    applies: ({ upgradeLines }) => upgradeLines.length > 0,
    check: wrongUpgrade,
  },
  {
    id: 'H-SRV-18',
    clause: 'RFC 9110 §8.6, RFC 9112 §6.1',
    level: 'must',
    side: 'server',
    subject: 'response',
    sentence: {
      en: 'A 101 has neither `Content-Length` nor `Transfer-Encoding`: what follows it is no body.',
      zh: '101 既没有 `Content-Length`，也没有 `Transfer-Encoding`：它后面不是正文。',
    },
    // RFC 9112 §6.3 has a recipient of a 1xx pass over both: the server is at fault, the connection is not in danger.
    tolerated: () => true,
    check: ({ contentLengths, transferEncodings }) => {
      const [name, values] =
        contentLengths.length > 0 ? ['Content-Length', contentLengths] : ['Transfer-Encoding', transferEncodings]
      if (values.length === 0) return undefined
      const shown = quotedAll(values)
      return { en: `\`${name}\` is ${shown}.`, zh: `\`${name}\` 是 ${shown}。` }
    },
  },
]
