import type { Text } from '../../text.ts'
import { malformedExtensions } from './malformed-extensions.ts'
import { isKey } from '../key.ts'
import { quoted, quotedAll } from '../quoted.ts'
import type { RequestFacts } from '../request-facts.ts'
import type { RuleRow } from '../rule-row.ts'
import { upgradeRequired } from '../upgrade-required.ts'
import { malformedVersion, severalVersions, unsupportedVersion } from './versions.ts'

/** Section 2 of the table, its second half: the fields that make the request a WebSocket handshake. */
export const webSocketFieldRules: readonly RuleRow[] = [
  {
    id: 'H-REQ-08',
    clause: 'RFC 6455 §4.1(7), §4.2.1(5)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F5',
    sentence: {
      en: '`Sec-WebSocket-Key` is the base64 of 16 bytes: 22 characters and `==`.',
      zh: '`Sec-WebSocket-Key` 是 16 个字节的 base64：22 个字符加上 `==`。',
    },
    // Several keys are H-REQ-10's to tell.
    applies: (facts) => severalKeys(facts) === undefined,
    check: wrongKey,
  },
  {
    id: 'H-REQ-09',
    clause: 'RFC 6455 §4.1(7)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    format: 'F5',
    sentence: {
      en: 'The key is made of fresh random bytes for every handshake, repeated ones included.',
      zh: '每次握手都用新的随机字节生成密钥，重试和重定向也不例外。',
    },
  },
  {
    id: 'H-REQ-10',
    clause: 'RFC 6455 §11.3.1',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F5',
    sentence: { en: 'There is one `Sec-WebSocket-Key`, and no more.', zh: '`Sec-WebSocket-Key` 只出现一次。' },
    applies: ({ keys }) => keys.length > 0,
    check: severalKeys,
  },
  {
    id: 'H-REQ-11',
    clause: 'RFC 6455 §4.1(8), §4.2.1(7)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F7',
    sentence: {
      en: 'A browser names the page that connects in `Origin`; other clients may leave it out.',
      zh: '浏览器要用 `Origin` 说明是哪个网页在连接；其他客户端可以不写。',
    },
    refusal: {
      status: 403,
      hint: {
        en: 'This server takes browsers only. Send the `Origin` of an allowed page.',
        zh: '这个服务器只接受浏览器的连接。请带上允许的网页的 `Origin`。',
      },
    },
    // Who sends none is not a browser, and the rule binds browsers; unless the server will have it from everybody.
    applies: ({ origins, policy }) => origins.length > 0 || policy.requireOrigin,
    check: ({ origins }) =>
      origins.length > 0 ? undefined : { en: 'There is no `Origin` field.', zh: '没有 `Origin` 字段。' },
  },
  {
    id: 'H-REQ-12',
    clause: 'RFC 6455 §4.1(9), §4.2.1(6)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F6',
    sentence: {
      en: '`Sec-WebSocket-Version` is `13`, the version of RFC 6455.',
      zh: '`Sec-WebSocket-Version` 是 `13`，也就是 RFC 6455 的版本。',
    },
    refusal: upgradeRequired,
    // More than one version is H-REQ-13's to tell, a malformed one H-VER-02's.
    applies: (facts) => severalVersions(facts) === undefined && malformedVersion(facts) === undefined,
    check: unsupportedVersion,
  },
  {
    id: 'H-REQ-13',
    clause: 'RFC 6455 §11.3.5',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F6',
    sentence: {
      en: 'A request names one version: `Sec-WebSocket-Version` comes once and is no list.',
      zh: '请求只写一个版本：`Sec-WebSocket-Version` 只出现一次，也不是列表。',
    },
    refusal: upgradeRequired,
    applies: ({ versions }) => versions.length > 0,
    check: severalVersions,
  },
  {
    id: 'H-REQ-14',
    clause: 'RFC 6455 §4.1(10), §4.3',
    level: 'must',
    side: 'both',
    subject: 'request',
    sentence: {
      en: '`Sec-WebSocket-Protocol` is a list of tokens, none empty, none twice.',
      zh: '`Sec-WebSocket-Protocol` 是一组记号（token），没有空的，也没有重复的。',
    },
    applies: ({ subprotocols }) => subprotocols !== undefined,
    check: ({ subprotocols }) => {
      if (subprotocols?.ok !== false) return undefined
      const shown = `\`${subprotocols.found}\``
      return {
        en: `In \`Sec-WebSocket-Protocol\`, ${shown} is no token or comes twice.`,
        zh: `\`Sec-WebSocket-Protocol\` 里的 ${shown} 不是记号，或者出现了两次。`,
      }
    },
  },
  {
    id: 'H-REQ-15',
    clause: 'RFC 6455 §4.1(11), §9.1',
    level: 'must',
    side: 'both',
    subject: 'request',
    sentence: {
      en: '`Sec-WebSocket-Extensions` follows its grammar: names with parameters, every value a token once unquoted.',
      zh: '`Sec-WebSocket-Extensions` 符合语法：名称加参数，每个值去掉引号后都是记号（token）。',
    },
    applies: ({ extensions }) => extensions !== undefined,
    check: malformedExtensions,
  },
  {
    id: 'H-REQ-16',
    clause: 'RFC 6455 §4.1(12), §4.2.1(10)',
    level: 'may',
    side: 'both',
    subject: 'conduct',
    sentence: {
      en: 'Any other field may come along; a server passes over those it does not know.',
      zh: '可以附带任何其他字段；服务器忽略自己不认识的。',
    },
  },
  {
    id: 'H-REQ-17',
    clause: 'RFC 6455 §4.2.1',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: { en: 'The order of the fields does not matter.', zh: '字段的先后顺序无关紧要。' },
  },
  {
    id: 'H-REQ-18',
    clause: 'RFC 6455 §4.1',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'After the request the client sends nothing until it has judged the reply.',
      zh: '发出请求之后、判定答复之前，客户端什么也不发。',
    },
  },
  {
    id: 'H-REQ-19',
    clause: 'RFC 6455 §9.1',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'The client never uses an extension that the server did not accept.',
      zh: '服务器没有接受的扩展，客户端绝不使用。',
    },
  },
]

/** The shape is judged, not what the key decodes to (H-TRAP-02). */
function wrongKey({ keys }: RequestFacts): Text | undefined {
  const [key] = keys
  if (key === undefined) return { en: 'There is no `Sec-WebSocket-Key` field.', zh: '没有 `Sec-WebSocket-Key` 字段。' }
  if (isKey(key)) return undefined
  const length = [...key].length
  return {
    en: `\`Sec-WebSocket-Key\` is ${quoted(key)}, ${length} characters long.`,
    zh: `\`Sec-WebSocket-Key\` 是 ${quoted(key)}，长 ${length} 个字符。`,
  }
}

function severalKeys({ keys }: RequestFacts): Text | undefined {
  if (keys.length < 2 && keys[0]?.includes(',') !== true) return undefined
  const shown = quotedAll(keys)
  return { en: `\`Sec-WebSocket-Key\` is ${shown}.`, zh: `\`Sec-WebSocket-Key\` 是 ${shown}。` }
}
