import type { Violation, ViolationCode } from '../../protocol/connection/violations.ts'
import { violations } from '../../protocol/connection/violations.ts'
import type { Text } from '../../protocol/text.ts'
import type { CodeRow } from '../code-row.ts'

/** What to do, by the kind of the violation. */
const hintByCause: Readonly<Record<Violation['cause'], Text>> = {
  'protocol-violation': {
    en: 'The WebSocket library of the side that sent it is at fault, or something in between altered the bytes; over wss:// nothing in between can.',
    zh: '问题出在发送方的 WebSocket 库，或者数据在途中被改动；使用 wss:// 时途中无法改动。',
  },
  'over-limit': {
    en: 'Have the sender send less, or raise the limit on the side that ended the connection.',
    zh: '请让发送方减少发送量，或在结束连接的一侧调高这个限制。',
  },
}

/** Where more can be said than by kind. */
const hints: Partial<Readonly<Record<ViolationCode, Text>>> = {
  FRAME_RESERVED_BITS: {
    en: 'Most often RSV1: the sender compresses although permessage-deflate was not agreed. A proxy that removes Sec-WebSocket-Extensions from one direction does this, too.',
    zh: '最常见的是 RSV1：双方没有商定 permessage-deflate，发送方却压缩了数据。代理只去掉一个方向的 Sec-WebSocket-Extensions 时也会如此。',
  },
  DEFLATE_BIT_MISPLACED: {
    en: 'The sender marks each frame of a compressed message, or its control frames: its permessage-deflate is at fault.',
    zh: '发送方给压缩消息的每一帧或控制帧都做了压缩标记：问题出在它的 permessage-deflate 实现。',
  },
  DEFLATE_CORRUPT: {
    en: 'The two sides disagree on the compression window: most often the sender builds on messages that it sent otherwise, or uses a larger window than agreed. Without permessage-deflate on either side it does not happen.',
    zh: '双方对压缩窗口的理解不一致：最常见的原因是发送方引用了以其他方式发送的消息，或使用了比商定更大的窗口。任意一方关闭 permessage-deflate 即可避免。',
  },
  FRAME_UNMASKED: {
    en: 'The client is no WebSocket client, or a server library is used for the client role: it must mask what it sends.',
    zh: '对方不是真正的 WebSocket 客户端，或者把服务器一侧的代码用在了客户端：客户端发送的数据必须掩码。',
  },
  FRAME_MASKED: {
    en: 'The server sends as if it were a client: it must not mask. Check which role its library was given.',
    zh: '服务器像客户端一样发送数据：它不能使用掩码。请检查它的库被设为哪种角色。',
  },
  CONTROL_FRAMES_TOO_MANY: {
    en: 'A heartbeat takes one in some seconds: look for a loop that sends Pings, or answers Pongs with more of them.',
    zh: '心跳每隔几秒只需要一个：请检查是否有循环在发送 Ping，或在用新的帧回应 Pong。',
  },
  MESSAGE_TOO_LONG: {
    en: 'Send large content in several messages, or raise messageBytes on the side that ended the connection, or take such messages as streams there.',
    zh: '请把大内容拆成多条消息发送；或在结束连接的一侧调高 messageBytes，或以流的方式接收这样的消息。',
  },
  MESSAGE_TOO_MANY_FRAMES: {
    en: 'Have the sender cut its messages into fewer, larger frames: very small ones are how attacks look.',
    zh: '请让发送方把消息切成更少、更大的帧：大量极小的帧看起来就像攻击。',
  },
  PEER_READS_TOO_SLOWLY: {
    en: 'Have the other side read faster or ask for less. On this side, wait for what `send` returns, or drop what is out of date (outgoing.policy).',
    zh: '请让对方读得更快，或少要一些数据。在本端，请等待 `send` 返回的 Promise，或丢弃过时的消息（outgoing.policy）。',
  },
  LENGTH_UNSAFE: {
    en: 'No real message is that long: the bytes are an attack, or no WebSocket frames at all.',
    zh: '真正的消息不会有这么长：这要么是攻击，要么根本不是 WebSocket 帧。',
  },
  MEMORY_EXHAUSTED: {
    en: 'Look at what the process holds for its peers: large messages that are not complete, messages nobody reads, output nobody takes. Lower those limits, or raise memory.limit.',
    zh: '请查看进程为对端保留了什么：未收完的大消息、无人读取的消息、无人取走的输出。请调低相应的限制，或调高 memory.limit。',
  },
  TEXT_NOT_UTF8: {
    en: 'Text messages are UTF-8, without exception: encode the text, or send the bytes as a binary message.',
    zh: '文本消息必须是 UTF-8，没有例外：请对文本进行编码，或者以二进制消息发送这些字节。',
  },
  CLOSE_CODE_FORBIDDEN: {
    en: 'A program may send 1000 to 1003, 1007 to 1014 and 3000 to 4999; 1005, 1006 and 1015 only stand for what was not sent.',
    zh: '程序可以发送 1000 至 1003、1007 至 1014 和 3000 至 4999；1005、1006 和 1015 只表示没有发送的情况。',
  },
}

/** Violations and limits as codes of an end, seen from the side that noticed. */
export const violationCodes: readonly (CodeRow & { readonly code: ViolationCode })[] = violations.map(
  ({ code, cause, sentence }) => ({
    code,
    stage: code.startsWith('CLOSE_') ? 'close' : 'open',
    side: 'remote',
    sentence,
    hint: hints[code] ?? hintByCause[cause],
  }),
)
