import type { Text } from 'centouno/telling'

/** Why the agent did not carry out an order. Failures of the connection itself come as reports instead. */
export type TroubleCode =
  | 'ORDER_UNREADABLE'
  | 'ID_UNKNOWN'
  | 'ID_TAKEN'
  | 'CONNECTION_LIMIT'
  | 'NOT_OPEN'
  | 'DATA_NOT_BASE64'
  | 'MESSAGE_LIMIT'
  | 'SEND_LIMIT'
  | 'STEPS_GOING'
  | 'TAP_BEHIND'

/** What each of them says. */
export const troubles: Readonly<Record<TroubleCode, Text>> = {
  ORDER_UNREADABLE: {
    en: 'The agent could not read this order. Reload the page: page and agent may be of different versions.',
    zh: '本地代理看不懂这条指令。请刷新页面：页面与代理的版本可能不一致。',
  },
  ID_UNKNOWN: {
    en: 'There is no such connection any more. Connect again.',
    zh: '这条连接已经不存在了。请重新连接。',
  },
  ID_TAKEN: {
    en: 'A connection of this id is still there. Close it first.',
    zh: '同一编号的连接仍然存在。请先关闭它。',
  },
  CONNECTION_LIMIT: {
    en: 'One page may hold 32 connections. Close one of them first.',
    zh: '一个页面最多同时保持 32 条连接。请先关闭其中一条。',
  },
  NOT_OPEN: {
    en: 'The connection is not open, so nothing was sent. Wait until it is open, or connect again.',
    zh: '连接没有处于打开状态，因此什么也没有发送。请等它打开，或重新连接。',
  },
  DATA_NOT_BASE64: {
    en: 'The bytes to send are not valid base64. Check the input.',
    zh: '要发送的字节不是有效的 base64。请检查输入。',
  },
  MESSAGE_LIMIT: {
    en: 'A message may have 64 MiB. Send it in parts.',
    zh: '一条消息最多 64 MiB。请分成几部分发送。',
  },
  SEND_LIMIT: {
    en: 'The other side does not read: 64 MiB are waiting already. Wait, or end the connection.',
    zh: '对方没有读取数据：已有 64 MiB 在等待发送。请稍候，或结束这条连接。',
  },
  STEPS_GOING: {
    en: 'Steps are being carried out on this connection. Wait for their end, or stop them.',
    zh: '这条连接上正在运行步骤。请等它们结束，或先停止。',
  },
  TAP_BEHIND: {
    en: 'More passes through the tap than this page can show: it is told nothing more of it. Reload the page to go on.',
    zh: '经过 tap 的数据太多，页面来不及显示，后面的内容不再送到这里。刷新页面即可继续。',
  },
}
