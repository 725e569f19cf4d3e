import type { ClosingCause } from '../../protocol/connection/closing.ts'
import { expiries } from '../../protocol/connection/expiries.ts'
import type { CodeRow } from '../code-row.ts'

/** How an open connection ended, unless a violation or a limit says it better. */
export type EndCode =
  | 'END_CLOSED'
  | 'END_PEER_FIN'
  | 'END_PEER_RESET'
  | 'END_TLS_ALERT'
  | 'END_TRANSPORT_FAILED'
  | 'END_HEARTBEAT_TIMEOUT'
  | 'END_IDLE_TIMEOUT'
  | 'END_LIFETIME'
  | 'END_WRITE_TIMEOUT'
  | 'END_CLOSE_TIMEOUT'
  | 'END_TERMINATED'

const rows: Readonly<Record<EndCode, Omit<CodeRow, 'code'>>> = {
  END_CLOSED: {
    stage: 'close',
    side: 'either',
    sentence: {
      en: '{opener} closed the connection in good order[, with {status}][ ({name})][. It says: "{says}"].',
      zh: '{opener}按规矩关闭了连接[，状态码为 {status}][（{name}）][。它说：“{says}”]。',
    },
    hint: {
      en: '[{status} stands for: {meaning} ]The closing handshake was completed, so nothing has to be repaired; whether to connect again depends on the status code.',
      zh: '[{status} 的含义：{meaning}]关闭握手已经完成，连接本身没有问题；是否重新连接，取决于状态码。',
    },
  },
  END_PEER_FIN: {
    stage: 'disconnect',
    side: 'remote',
    sentence: {
      en: 'The other side ended the TCP connection (FIN) without a Close frame[, after {silence} s in which neither side had sent anything].',
      zh: '对方没有发送 Close 帧就结束了 TCP 连接（FIN）[，此前双方已有 {silence} 秒没有发送任何数据]。',
    },
    hint: {
      en: 'Its process may have ended, or a proxy in between has a time limit: if it happens after the same time of silence again and again, that is its read timeout. A shorter heartbeat keeps the path open.',
      zh: '对方的进程可能退出了，或者中间的代理设有时限：如果每次都在静默同样长的时间后断开，那就是代理的读超时。缩短心跳间隔可以保持通路。',
    },
  },
  END_PEER_RESET: {
    stage: 'disconnect',
    side: 'transport',
    sentence: {
      en: 'The TCP connection was reset (RST), by the other side or by something in between[, after {silence} s in which neither side had sent anything].',
      zh: 'TCP 连接被重置（RST），可能是对方所为，也可能是途中的设备[；此前双方已有 {silence} 秒没有发送任何数据]。',
    },
    hint: {
      en: 'The process at the other end was killed or cut the connection off, or a firewall or NAT forgot it. Look at its log; against forgetting, a shorter heartbeat helps.',
      zh: '对方的进程可能被杀死或强行断开了连接，也可能是防火墙或 NAT 丢弃了这条连接。请查看对方的日志；后一种情况可以缩短心跳间隔。',
    },
  },
  END_TLS_ALERT: {
    stage: 'disconnect',
    side: 'remote',
    sentence: {
      en: 'The TLS layer of the other side broke the connection off with an alert[: {reason}].',
      zh: '对方的 TLS 层发出警报并中断了连接[：{reason}]。',
    },
    hint: {
      en: 'An alert in the middle of a connection means that bytes were altered on the way, or that a certificate was refused late. Look at the log of the other side.',
      zh: '连接途中出现警报，说明数据在途中被改动，或者证书在握手之后才被拒绝。请查看对方的日志。',
    },
  },
  END_TRANSPORT_FAILED: {
    stage: 'disconnect',
    side: 'transport',
    sentence: { en: 'The transport failed[: {reason}].', zh: '传输层发生故障[：{reason}]。' },
    hint: {
      en: 'Check the network, then connect again; `closing.error` has the words of the system.',
      zh: '请检查网络，然后重新连接；`closing.error` 中有系统的原始说明。',
    },
  },
  END_HEARTBEAT_TIMEOUT: {
    stage: 'open',
    side: 'transport',
    sentence: expiries['heartbeat-timeout'].sentence,
    hint: {
      en: 'The machine or the network at the other end is gone, asleep or too slow to answer in time. Connect again; on very slow paths raise heartbeatTimeout.',
      zh: '对方的机器或网络已断开、休眠，或慢得来不及回应。请重新连接；如果线路很慢，请调大 heartbeatTimeout。',
    },
  },
  END_IDLE_TIMEOUT: {
    stage: 'open',
    side: 'local',
    sentence: expiries['idle-timeout'].sentence,
    hint: {
      en: 'Connect again when there is something to say. To keep quiet connections, raise idleTimeout on the side that ended it, or set it to false.',
      zh: '需要时再重新连接。如果要保留安静的连接，请在结束连接的一侧调大 idleTimeout，或设为 false。',
    },
  },
  END_LIFETIME: {
    stage: 'open',
    side: 'local',
    sentence: expiries.lifetime.sentence,
    hint: {
      en: 'Connect again: this is how connections are spread over servers anew. To let them live longer, raise maxLifetime on the side that ended it.',
      zh: '请重新连接：这样可以让连接重新分布到各台服务器上。如果想延长存续时间，请在结束连接的一侧调大 maxLifetime。',
    },
  },
  END_WRITE_TIMEOUT: {
    stage: 'open',
    side: 'remote',
    sentence: expiries['write-timeout'].sentence,
    hint: {
      en: 'The program at the other end does not read: find out what it waits for. Or its network is gone. Send less at once, or raise writeTimeout.',
      zh: '对方的程序没有读取数据：请查清它在等什么。也可能是它的网络断了。请减少一次发送的数据量，或调大 writeTimeout。',
    },
  },
  END_CLOSE_TIMEOUT: {
    stage: 'close',
    side: 'remote',
    sentence: {
      en: 'The other side did not answer Close in time (limit closeTimeout).',
      zh: '对方没有及时回应 Close 帧（限制项 closeTimeout）。',
    },
    hint: {
      en: 'The connection was cut off instead, and what was still on its way may be lost. The other end is busy, stuck or gone: look at it before you raise closeTimeout.',
      zh: '连接因此被强行断开，仍在途中的数据可能已丢失。对方可能繁忙、卡住或已离线：先查看对方，再考虑调大 closeTimeout。',
    },
  },
  END_TERMINATED: {
    stage: 'disconnect',
    side: 'local',
    sentence: {
      en: 'This side dropped the connection without a Close frame: terminate() was called.',
      zh: '本端没有发送 Close 帧就断开了连接：调用了 terminate()。',
    },
    hint: {
      en: 'What was still on its way is lost. Use close() to end a connection in good order; it waits no longer than closeTimeout.',
      zh: '仍在途中的数据已丢失。如果要按规矩结束连接，请使用 close()；它等待的时间不会超过 closeTimeout。',
    },
  },
}

/** How an open connection can end, seen from the side that tells it. */
export const endCodes: readonly EndRow[] = (Object.keys(rows) as EndCode[]).map(endRow)

interface EndRow extends CodeRow {
  readonly code: EndCode
}

function endRow(code: EndCode): EndRow {
  return { code, ...rows[code] }
}

/** The code of each cause. Where a violation or a limit is the cause, `violation` names it and comes first. */
export const endCodeOf: Readonly<Record<ClosingCause, EndCode>> = {
  'closing-handshake': 'END_CLOSED',
  'peer-fin': 'END_PEER_FIN',
  'peer-reset': 'END_PEER_RESET',
  'tls-alert': 'END_TLS_ALERT',
  'transport-error': 'END_TRANSPORT_FAILED',
  'protocol-violation': 'END_TRANSPORT_FAILED',
  'over-limit': 'END_TRANSPORT_FAILED',
  'heartbeat-timeout': expiries['heartbeat-timeout'].code,
  'idle-timeout': expiries['idle-timeout'].code,
  lifetime: expiries.lifetime.code,
  'write-timeout': expiries['write-timeout'].code,
  'close-timeout': 'END_CLOSE_TIMEOUT',
  'local-abort': 'END_TERMINATED',
}
