import type { Text } from 'centouno/telling'
import type { DerivedBytes, Layer, Party } from '../../src/wire/rung.ts'

/** The words of the ladder that do not come with its rungs. */

function text(en: string, zh: string): Text {
  return { en, zh }
}

export const ladderWords = {
  ladder: text('Ladder', '时序图'),
  waiting: text(
    'Every arrow between client and server will stand here, from the first SYN to the last FIN.',
    '客户端与服务器之间的每一次往来都会画在这里，从第一个 SYN 到最后一个 FIN。',
  ),
  layers: text('Layers', '协议层'),
  showLayer: text('Show {layer}', '显示 {layer}'),
  carriers: text('Carriers', '承载'),
  carriersHint: text(
    'Records and segments that only carry what the next arrow tells',
    '仅用来承载下一个箭头内容的记录和报文段',
  ),
  omitted: text('{count} rungs in between are no longer kept.', '中间的 {count} 条已不再保留。'),
  toNewest: text('To the newest', '跳到最新'),
  seen: text('seen', '已观测'),
  inferred: text('inferred', '推断'),
  decrypted: text('crossed encrypted', '以密文传输'),
  alarming: text('something is wrong here', '此处有问题'),
  inferredHint: text(
    'No program sees TCP’s segments without a capture: this one follows from what the system told.',
    '不抓包就没有程序能看到 TCP 报文段：这一条是根据系统的反馈推断出来的。',
  ),
  decryptedHint: text(
    'On the wire it was encrypted; it was opened with the keys of this connection.',
    '它在线路上是加密的；这里用本连接的密钥解开。',
  ),
  choose: text(
    'Choose an arrow to see its bytes, what each of them means, and where that is written.',
    '选择一个箭头，即可查看它的字节、每个字节的含义以及规范出处。',
  ),
  details: text('Details of the arrow', '箭头详情'),
  bytes: text('Bytes', '字节'),
  fields: text('Fields', '字段'),
  noBytes: text('There are no bytes to show.', '没有可显示的字节。'),
  cut: text('The first {shown} of {count} bytes.', '共 {count} 字节，这里是前 {shown} 字节。'),
  redacted: text('Secrets are replaced by ***.', '敏感内容已用 *** 代替。'),
  showAll: text('Show all', '全部显示'),
  rulesAbout: text('Rules about it', '相关规则'),
  showFrame: text('Frame', '帧'),
  showFrameHint: text('Show the frame in the ladder', '在时序图中查看这一帧'),
  at: text('after {time}', '{time} 时'),
} as const satisfies Record<string, Text>

export const layerWords: Readonly<Record<Layer, Text>> = {
  tcp: text('TCP', 'TCP'),
  proxy: text('Proxy', '代理'),
  tls: text('TLS', 'TLS'),
  http: text('HTTP', 'HTTP'),
  websocket: text('WebSocket', 'WebSocket'),
}

export const partyWords: Readonly<Record<Party, Text>> = {
  client: text('Client', '客户端'),
  proxy: text('Proxy', '代理'),
  server: text('Server', '服务器'),
}

export const derivedWords: Readonly<Record<DerivedBytes['kind'], Text>> = {
  payload: text('Payload, as the receiver reads it', '接收方读到的载荷'),
  message: text('The whole message, joined', '拼接后的完整消息'),
  inflated: text('The message, inflated', '解压后的消息'),
}

export const resultWords = {
  views: text('Views of the connection', '连接的各个视图'),
  ladder: text('Ladder', '时序图'),
  dialogue: text('Dialogue', '对话'),
  timing: text('Timing', '耗时'),
  handshake: text('Handshake', '握手'),
} as const satisfies Record<string, Text>
