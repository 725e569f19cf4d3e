import type { RuleRow } from '../rule-row.ts'

/**
 * Section 6 of the table: agreeing on permessage-deflate. What an offer asks for is never a reason to refuse, and what an
 * answer must not say is judged by H-RES-06 to H-RES-08: so these are rules of conduct.
 */
export const deflateRules: readonly RuleRow[] = [
  {
    id: 'H-EXT-01',
    clause: 'RFC 7692 §7, §5.1',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'An offer with an unknown parameter, a bad value or a parameter that comes twice is declined, and the next one looked at; with none left, the connection goes without compression.',
      zh: '提议里有未知参数、错误的值或重复的参数时，服务器不接受它，改看下一个；都不行时，连接照常建立，只是不压缩。',
    },
  },
  {
    id: 'H-EXT-02',
    clause: 'RFC 7692 §7.1.2.2',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'An answer has `client_max_window_bits` only if the offer had it.',
      zh: '只有提议里有 `client_max_window_bits` 时，答复里才能有它。',
    },
  },
  {
    id: 'H-EXT-03',
    clause: 'RFC 7692 §7.1.1.1, §7.1.2.1',
    level: 'must',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'A server that is asked for `server_no_context_takeover` or `server_max_window_bits` confirms and keeps it, or declines the offer.',
      zh: '客户端要求 `server_no_context_takeover` 或 `server_max_window_bits` 时，服务器要么确认并遵守，要么不接受这个提议。',
    },
  },
  {
    id: 'H-EXT-04',
    clause: 'RFC 7692 §7.1',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'An answer whose parameters do not fit the offer fails the connection.',
      zh: '答复的参数与提议不相符时，客户端放弃连接。',
    },
  },
  {
    id: 'H-EXT-05',
    clause: 'RFC 7692 §7.1.2',
    level: 'must',
    side: 'both',
    subject: 'conduct',
    sentence: {
      en: 'A window is given as a number from 8 to 15 without leading zeros.',
      zh: '窗口大小写成 8 到 15 的数，没有前导零。',
    },
  },
  {
    id: 'H-EXT-06',
    clause: 'RFC 6455 §5.2, RFC 7692 §6',
    level: 'must',
    side: 'both',
    subject: 'conduct',
    sentence: {
      en: 'Where permessage-deflate was not agreed, a frame with RSV1 fails the connection.',
      zh: '没有商定 permessage-deflate 时，RSV1 被置位的帧会使连接失败。',
    },
  },
  {
    id: 'H-EXT-07',
    clause: 'RFC 7692 §7.1.2.1',
    level: 'should',
    side: 'server',
    subject: 'conduct',
    sentence: {
      en: 'A server that cannot compress with a window of 256 bytes declines an offer that asks for it, and never sends what cannot be read with it.',
      zh: '服务器无法用 256 字节的窗口压缩时，不接受要求它的提议，绝不发送对方用这个窗口读不了的数据。',
    },
  },
]
