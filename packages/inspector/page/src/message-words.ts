import type { Text } from 'centouno/telling'
import type { MessageForm } from './message-view.ts'

/** The words of the messages. */

function text(en: string, zh: string): Text {
  return { en, zh }
}

export const messageWords = {
  messages: text('Messages', '消息'),
  empty: text('Messages appear here, sent and received.', '收发的消息会显示在这里。'),
  neverOpened: text('No messages: the connection did not open.', '没有消息：连接未能打开。'),
  noneFits: text('No message fits the filter.', '没有符合筛选条件的消息。'),
  forgotten: text(
    'The oldest {count} are no longer kept, so that memory stays bounded.',
    '最早的 {count} 条已不再保留，以免占用过多内存。',
  ),
  fitting: text('{count} of {all}', '{all} 条中的 {count} 条'),
  searching: text('searching …', '查找中……'),
  toNewest: text('To the newest', '跳到最新'),
  sent: text('sent', '已发送'),
  received: text('received', '已接收'),
  newest: text('{direction}, {kind}: {line}', '{direction}，{kind}：{line}'),
  newestOf: text('{count} new lines; the newest: {line}', '新增 {count} 条，最新一条：{line}'),

  filter: text('Filter messages', '筛选消息'),
  direction: text('Direction', '方向'),
  both: text('all', '全部'),
  kinds: text('Kinds', '类型'),
  control: text('control', '控制帧'),
  search: text('Find in messages', '在消息中查找'),
  searchHint: text('Find text or hex', '查找文本或十六进制'),
  clear: text('Clear the filter', '清除筛选'),

  detail: text('The message', '消息内容'),
  choose: text('Choose a message to read all of it.', '选择一条消息即可查看全文。'),
  form: text('Read as', '查看方式'),
  nothing: text('It carries nothing.', '没有内容。'),
  cutCharacters: text(
    '{count} more characters are not drawn; Copy takes all.',
    '另有 {count} 个字符未显示，复制时包含全部。',
  ),
  cutBytes: text('{count} more bytes are not drawn; Copy takes all.', '另有 {count} 个字节未显示，复制时包含全部。'),
  frame: text('Frame', '帧'),
  frameHint: text('Show the frame in the ladder', '在时序图中查看这一帧'),
  again: text('Send again', '再次发送'),
  edit: text('Edit', '编辑'),
  editHint: text('Put it into the box below, to change and send it', '放入下方输入框，修改后发送'),
  copy: text('Copy', '复制'),
  copied: text('Copied', '已复制'),
  closeDetail: text('Close the message', '关闭消息内容'),

  message: text('Message', '消息'),
  messageHint: text('Enter sends, Shift+Enter breaks the line', '按 Enter 发送，Shift+Enter 换行'),
  jsonHint: text('{"say":"hello"}', '{"say":"hello"}'),
  hexHint: text('48 65 6c 6c 6f', '48 65 6c 6c 6f'),
  base64Hint: text('SGVsbG8=', 'SGVsbG8='),
  sendAs: text('Send as', '发送形式'),
  notHex: text('This is not hex: two digits make one byte.', '不是十六进制：每两位数字表示一个字节。'),
  notBase64: text('This is not base64.', '不是有效的 base64。'),
  notJson: text('This is not JSON: {fault}', '不是有效的 JSON：{fault}'),
  send: text('Send', '发送'),
  ping: text('Ping', 'Ping'),
  pingHint: text(
    'A Ping carries what stands in the box, up to 125 bytes.',
    'Ping 会携带输入框中的内容，最多 125 字节。',
  ),
  pingTooLong: text(
    'A Ping carries up to 125 bytes; these are {count}.',
    'Ping 最多携带 125 字节，现在有 {count} 字节。',
  ),
  file: text('File …', '文件……'),
  fileHint: text('Send a file as one binary message', '把一个文件作为一条二进制消息发送'),
  fileTooLong: text('A message may have 64 MiB; “{name}” has {size}.', '一条消息最多 64 MiB，“{name}”有 {size}。'),
  fileUnreadable: text('“{name}” could not be read.', '无法读取“{name}”。'),
  repeat: text('Repeat', '重复'),
  repeatHint: text('Send it again and again', '反复发送这条消息'),
  every: text('every', '每隔'),
  milliseconds: text('ms', '毫秒'),
  badInterval: text(
    'Milliseconds: a whole number from {least} to {most}.',
    '毫秒数应为 {least} 到 {most} 之间的整数。',
  ),
  start: text('Start', '开始'),
  stop: text('Stop', '停止'),
  repeated: text('sent {count} times, every {every} ms', '每隔 {every} 毫秒，已发送 {count} 次'),
  onlyWatched: text(
    'Another program makes this connection, through the tap: it can be watched, not spoken on.',
    '这条连接由其他程序经监听代理建立：只能查看，不能发送。',
  ),
} as const satisfies Record<string, Text>

export const formWords: Readonly<Record<MessageForm, Text>> = {
  text: text('text', '文本'),
  json: text('JSON', 'JSON'),
  hex: text('hex', '十六进制'),
  base64: text('base64', 'base64'),
}
