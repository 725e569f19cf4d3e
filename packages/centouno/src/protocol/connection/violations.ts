import type { Text } from '../text.ts'
import type { ClosingCause } from './closing.ts'

/** The name of a rule that a peer broke, or of a limit it passed. */
export type ViolationCode =
  | 'FRAME_RESERVED_BITS'
  | 'FRAME_RESERVED_OPCODE'
  | 'DEFLATE_BIT_MISPLACED'
  | 'FRAME_UNMASKED'
  | 'FRAME_MASKED'
  | 'CONTROL_FRAGMENTED'
  | 'CONTROL_TOO_LONG'
  | 'CONTROL_FRAMES_TOO_MANY'
  | 'LENGTH_NOT_MINIMAL'
  | 'LENGTH_TOP_BIT'
  | 'LENGTH_UNSAFE'
  | 'CONTINUATION_WITHOUT_START'
  | 'MESSAGE_INTERRUPTED'
  | 'MESSAGE_TOO_LONG'
  | 'MESSAGE_TOO_MANY_FRAMES'
  | 'STREAM_TOO_LONG'
  | 'PEER_READS_TOO_SLOWLY'
  | 'MEMORY_EXHAUSTED'
  | 'DEFLATE_CORRUPT'
  | 'TEXT_NOT_UTF8'
  | 'CLOSE_PAYLOAD_ONE_BYTE'
  | 'CLOSE_CODE_FORBIDDEN'
  | 'CLOSE_REASON_NOT_UTF8'

/**
 * The rules of RFC 6455 §5 to §7 that a peer can break once the connection is open, and the limits of §10.4. One row
 * each: the decoder, the Close frame, reports and the documentation all speak from here.
 */
export interface Violation {
  /** Stable: documented, logged, tested; never renamed. */
  readonly code: ViolationCode
  /** The clause it rests on. */
  readonly clause: string
  /** The status code of the Close frame that answers it. */
  readonly statusCode: 1002 | 1007 | 1008 | 1009 | 1013
  readonly cause: Extract<ClosingCause, 'protocol-violation' | 'over-limit'>
  /** What the peer did. The code and the English one are the reason in the Close frame: 123 bytes at most. */
  readonly sentence: Text
}

const rows: Readonly<Record<ViolationCode, Omit<Violation, 'code'>>> = {
  FRAME_RESERVED_BITS: {
    clause: 'RFC 6455 §5.2',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A reserved bit (RSV1 to RSV3) is set, and no agreed extension uses it.',
      zh: '帧的保留位（RSV1 至 RSV3）被置位，但没有任何已商定的扩展使用它。',
    },
  },
  FRAME_RESERVED_OPCODE: {
    clause: 'RFC 6455 §5.2',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'The opcode of a frame is reserved: 3 to 7 and 11 to 15 have no meaning.',
      zh: '帧使用了保留的操作码：3 至 7 和 11 至 15 没有定义含义。',
    },
  },
  DEFLATE_BIT_MISPLACED: {
    clause: 'RFC 7692 §6.1',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A control or continuation frame has RSV1, which only the first frame of a message may have.',
      zh: '控制帧或延续帧的 RSV1 被置位；它只能出现在消息的第一帧上。',
    },
  },
  FRAME_UNMASKED: {
    clause: 'RFC 6455 §5.1',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'The client sent a frame that is not masked; a client masks every frame.',
      zh: '客户端发送了未掩码的帧；客户端的每一帧都必须掩码。',
    },
  },
  FRAME_MASKED: {
    clause: 'RFC 6455 §5.1',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'The server sent a masked frame; a server never masks.',
      zh: '服务器发送了带掩码的帧；服务器绝不能使用掩码。',
    },
  },
  CONTROL_FRAGMENTED: {
    clause: 'RFC 6455 §5.5',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A control frame (Close, Ping or Pong) is fragmented.',
      zh: '控制帧（Close、Ping 或 Pong）被分片。',
    },
  },
  CONTROL_TOO_LONG: {
    clause: 'RFC 6455 §5.5',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A control frame (Close, Ping or Pong) carries more than 125 bytes.',
      zh: '控制帧（Close、Ping 或 Pong）的载荷超过 125 字节。',
    },
  },
  CONTROL_FRAMES_TOO_MANY: {
    clause: 'RFC 6455 §10.4',
    statusCode: 1008,
    cause: 'over-limit',
    sentence: {
      en: 'A second brought more Pings and unasked Pongs than are taken (limit controlFramesPerSecond).',
      zh: '一秒内的 Ping 和未经请求的 Pong 超过本端点的上限（限制项 controlFramesPerSecond）。',
    },
  },
  LENGTH_NOT_MINIMAL: {
    clause: 'RFC 6455 §5.2',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'The length of a frame is written in more bytes than it needs.',
      zh: '帧长度没有使用最少的字节数表示。',
    },
  },
  LENGTH_TOP_BIT: {
    clause: 'RFC 6455 §5.2',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'The top bit of a 64-bit frame length is set; it must be 0.',
      zh: '64 位帧长度的最高位被置位；该位必须为 0。',
    },
  },
  LENGTH_UNSAFE: {
    clause: 'RFC 6455 §10.4',
    statusCode: 1009,
    cause: 'over-limit',
    sentence: {
      en: 'A frame announces more than 2^53 - 1 bytes.',
      zh: '帧声明的长度超过 2^53 - 1 字节。',
    },
  },
  CONTINUATION_WITHOUT_START: {
    clause: 'RFC 6455 §5.4',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A continuation frame came while no message was under way.',
      zh: '收到了延续帧，但当前没有正在传输的分片消息。',
    },
  },
  MESSAGE_INTERRUPTED: {
    clause: 'RFC 6455 §5.4',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A new message began before the last frame of the one under way.',
      zh: '上一条消息的最后一帧尚未到达，就开始了新的消息。',
    },
  },
  MESSAGE_TOO_LONG: {
    clause: 'RFC 6455 §10.4',
    statusCode: 1009,
    cause: 'over-limit',
    sentence: {
      en: 'A message is longer than this endpoint takes (limit messageBytes).',
      zh: '消息长度超过本端点的上限（限制项 messageBytes）。',
    },
  },
  MESSAGE_TOO_MANY_FRAMES: {
    clause: 'RFC 6455 §10.4',
    statusCode: 1008,
    cause: 'over-limit',
    sentence: {
      en: 'A message has more frames than this endpoint takes (limit messageFrames).',
      zh: '消息的帧数超过本端点的上限（限制项 messageFrames）。',
    },
  },
  STREAM_TOO_LONG: {
    clause: 'RFC 6455 §10.4',
    statusCode: 1009,
    cause: 'over-limit',
    sentence: {
      en: 'A message that is taken as a stream is longer than this endpoint takes (limit streamBytes).',
      zh: '以流的方式接收的消息长度超过本端点的上限（限制项 streamBytes）。',
    },
  },
  PEER_READS_TOO_SLOWLY: {
    clause: 'RFC 6455 §10.4',
    statusCode: 1013,
    cause: 'over-limit',
    sentence: {
      en: 'The peer reads too slowly: more waits for it than is held (limit outgoing.bytes).',
      zh: '对端读取太慢：等待发送给它的数据超过本端点保留的上限（限制项 outgoing.bytes）。',
    },
  },
  MEMORY_EXHAUSTED: {
    clause: 'RFC 6455 §10.4',
    statusCode: 1013,
    cause: 'over-limit',
    sentence: {
      en: 'The process holds as much as it may, and most of it for this connection (limit memory.limit).',
      zh: '进程为各连接保留的数据已达上限，其中这个连接占用最多（限制项 memory.limit）。',
    },
  },
  DEFLATE_CORRUPT: {
    clause: 'RFC 7692 §7.2.2',
    statusCode: 1007,
    cause: 'protocol-violation',
    sentence: {
      en: 'A compressed message is no DEFLATE data, or points outside of the agreed window.',
      zh: '压缩的消息无法解压：它不是 DEFLATE 数据，或者引用了约定窗口之外的内容。',
    },
  },
  TEXT_NOT_UTF8: {
    clause: 'RFC 6455 §8.1',
    statusCode: 1007,
    cause: 'protocol-violation',
    sentence: {
      en: 'A text message is not valid UTF-8.',
      zh: '文本消息不是有效的 UTF-8。',
    },
  },
  CLOSE_PAYLOAD_ONE_BYTE: {
    clause: 'RFC 6455 §5.5.1',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A Close frame carries one byte; a status code takes two.',
      zh: '关闭帧只带有 1 个字节的载荷；状态码需要 2 个字节。',
    },
  },
  CLOSE_CODE_FORBIDDEN: {
    clause: 'RFC 6455 §7.4',
    statusCode: 1002,
    cause: 'protocol-violation',
    sentence: {
      en: 'A Close frame carries a status code that must not be sent.',
      zh: '关闭帧带有不允许在线路上发送的状态码。',
    },
  },
  CLOSE_REASON_NOT_UTF8: {
    clause: 'RFC 6455 §5.5.1',
    statusCode: 1007,
    cause: 'protocol-violation',
    sentence: {
      en: 'The reason in a Close frame is not valid UTF-8.',
      zh: '关闭帧中的原因不是有效的 UTF-8。',
    },
  },
}

/** Every row, in the order in which a frame is judged. */
export const violations: readonly Violation[] = (Object.keys(rows) as ViolationCode[]).map(violationRow)

/** The row of a violation. */
export function violationRow(code: ViolationCode): Violation {
  return { code, ...rows[code] }
}
