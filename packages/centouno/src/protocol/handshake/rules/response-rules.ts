import type { Text } from '../../text.ts'
import { answersOffer, deflateFault, deflateName } from '../deflate-answer.ts'
import type { ExtensionOffer } from '../extension-list.ts'
import { quoted, quotedAll } from '../quoted.ts'
import type { ResponseFacts } from '../response-facts.ts'
import type { RuleRow } from '../rule-row.ts'
import { malformedExtensions } from './malformed-extensions.ts'
import { faultText } from './head-faults.ts'
import {
  acceptedExtensions,
  unofferedExtension,
  unofferedSubprotocol,
  wrongAccept,
  wrongConnection,
  wrongStatusLine,
  wrongUpgrade,
} from './switch-faults.ts'

/** Section 4 of the table: how a client judges the reply. */
export const responseRules: readonly RuleRow[] = [
  {
    id: 'H-RES-01',
    clause: 'RFC 6455 §4.1(1)',
    level: 'note',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'A status other than 101 is ordinary HTTP: a 401 may be answered, a 3xx followed.',
      zh: '状态码不是 101 时，就按普通 HTTP 处理：401 可以应答，3xx 可以跟随。',
    },
  },
  {
    id: 'H-RES-02',
    clause: 'RFC 9110 §15.2',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'Other 1xx replies, such as 103, may come before the final one; they are passed over.',
      zh: '最终答复之前可能先来别的 1xx（如 103），跳过它们即可。',
    },
  },
  {
    id: 'H-RES-03',
    clause: 'RFC 6455 §4.1(2)',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'Without `Upgrade: websocket`, in upper or lower case, the client fails the connection.',
      zh: '没有 `Upgrade: websocket`（不分大小写），客户端就放弃连接。',
    },
    check: wrongUpgrade,
  },
  {
    id: 'H-RES-04',
    clause: 'RFC 6455 §4.1(3)',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'Without the option `Upgrade` in `Connection`, in upper or lower case, the client fails the connection.',
      zh: '`Connection` 里没有 `Upgrade` 选项（不分大小写），客户端就放弃连接。',
    },
    check: wrongConnection,
  },
  {
    id: 'H-RES-05',
    clause: 'RFC 6455 §4.1(4)',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: '`Sec-WebSocket-Accept` is the right answer to the key that was sent, blanks around it aside.',
      zh: '`Sec-WebSocket-Accept` 必须与发出的密钥对得上；前后的空白不算。',
    },
    check: wrongAccept,
  },
  {
    id: 'H-RES-06',
    clause: 'RFC 6455 §4.1(5)',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'An extension that was not offered fails the connection.',
      zh: '答复里出现客户端没有提出的扩展，就放弃连接。',
    },
    applies: ({ extensions }) => extensions?.ok === true,
    check: unofferedExtension,
  },
  {
    id: 'H-RES-07',
    clause: 'RFC 6455 §9.1',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'A malformed `Sec-WebSocket-Extensions` fails the connection.',
      zh: '`Sec-WebSocket-Extensions` 不合语法，就放弃连接。',
    },
    applies: ({ extensions }) => extensions !== undefined,
    check: malformedExtensions,
  },
  {
    id: 'H-RES-08',
    clause: 'RFC 6455 §9.1, RFC 7692 §7.1',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'The parameters of an accepted extension are those its definition allows, and fit what was offered.',
      zh: '被接受的扩展，其参数必须合乎该扩展的定义，并与客户端提出的相符。',
    },
    applies: (facts) => acceptedDeflate(facts).length > 0,
    check: wrongDeflate,
  },
  {
    id: 'H-RES-09',
    clause: 'RFC 6455 §4.1(6)',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'A subprotocol that was not offered fails the connection.',
      zh: '答复里出现客户端没有提出的子协议，就放弃连接。',
    },
    applies: ({ subprotocols }) => subprotocols.length > 0,
    check: unofferedSubprotocol,
  },
  {
    id: 'H-RES-10',
    clause: 'RFC 6455 §4.1, §4.2.2(4)',
    level: 'note',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'A client that offered subprotocols may insist that the server picks one, as browsers do.',
      zh: '客户端提出了子协议，就可以要求服务器必须选一个，浏览器正是这样做的。',
    },
    applies: ({ sent }) => sent.subprotocols.length > 0,
    tolerated: ({ sent }) => !sent.requireSubprotocol,
    check: ({ subprotocols, sent }) => {
      if (subprotocols.length > 0) return undefined
      const offered = quotedAll(sent.subprotocols)
      return {
        en: `Offered were ${offered}; the server picked none.`,
        zh: `客户端提出了 ${offered}，服务器一个也没选。`,
      }
    },
  },
  {
    id: 'H-RES-11',
    clause: 'RFC 6455 §4.1, §4.2.2',
    level: 'must',
    side: 'client',
    subject: 'response',
    sentence: {
      en: 'A reply that departs from the standard in any other way, `HTTP/1.0 101` for one, fails the connection.',
      zh: '答复在其他任何方面不合标准，例如 `HTTP/1.0 101`，也要放弃连接。',
    },
    check: (facts) => headFaults(facts) ?? wrongStatusLine(facts),
  },
  {
    id: 'H-RES-12',
    clause: 'RFC 6455 §4.1',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: { en: 'Field names are compared without case.', zh: '比较字段名时不分大小写。' },
  },
  {
    id: 'H-RES-13',
    clause: 'RFC 6455 §7.1.7, §7.2.1',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'Failing the connection means: close TCP, take in no more data, tell the user.',
      zh: '放弃连接的意思是：关闭 TCP，不再处理任何数据，并告知使用者。',
    },
  },
  {
    id: 'H-RES-14',
    clause: 'RFC 6455 §4.1',
    level: 'should',
    side: 'client',
    subject: 'conduct',
    sentence: { en: 'The wait for the reply has a bound.', zh: '等待答复的时间有上限。' },
  },
  {
    id: 'H-RES-15',
    clause: 'RFC 9112 §2.2',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'The reply may arrive in pieces of any size; it makes no difference.',
      zh: '答复可能被切成任意大小的片段到达，结果都一样。',
    },
  },
  {
    id: 'H-RES-16',
    clause: 'RFC 6455 §4.1',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'Cookies that a 101 sets belong to the result and are not lost.',
      zh: '101 设置的 Cookie 属于连接的结果，不能丢掉。',
    },
  },
  {
    id: 'H-RES-17',
    clause: 'RFC 6455 §4.4',
    level: 'should',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'When a refusal names versions, the client may ask again with one it speaks.',
      zh: '拒绝里列出了版本时，客户端可以换一个自己会说的再试。',
    },
  },
]

/** The parser names faults of fields by the rules of HTTP; in a reply they all come to this one. */
function headFaults({ head }: ResponseFacts): Text | undefined {
  const [fault] = head.faults
  if (fault === undefined) return undefined
  const { en, zh } = faultText(fault)
  return fault.rule === 'H-RES-11' ? { en, zh } : { en: `${en} (${fault.rule})`, zh: `${zh}（${fault.rule}）` }
}

function acceptedDeflate(facts: ResponseFacts): readonly ExtensionOffer[] {
  return acceptedExtensions(facts).filter(({ name }) => name === deflateName)
}

function wrongDeflate(facts: ResponseFacts): Text | undefined {
  const answers = acceptedDeflate(facts)
  if (answers.length > 1) {
    return { en: `\`${deflateName}\` was accepted twice.`, zh: `\`${deflateName}\` 被接受了两次。` }
  }
  const [fault] = answers.map(deflateFault)
  if (fault !== undefined) {
    return {
      en: `\`${deflateName}\` has the parameter ${quoted(fault)}: unknown, out of bounds, or there twice.`,
      zh: `\`${deflateName}\` 带有参数 ${quoted(fault)}：它没有定义、超出范围，或者出现了两次。`,
    }
  }
  // Not offered at all: H-RES-06 tells.
  const offered = facts.sent.extensions
  if (!offered.some(({ name }) => name === deflateName)) return undefined
  if (answers.every((answer) => answersOffer(answer, offered))) return undefined
  return {
    en: `The parameters of \`${deflateName}\` do not fit any of the offers.`,
    zh: `\`${deflateName}\` 的参数与客户端提出的哪一个都不相符。`,
  }
}
