import type { Text } from 'centouno/telling'
import type { Layer } from '../wire/rung.ts'

/** What fields are for, by the layer and the name they have on the wire: a rung of each frame need not carry it along. */

type Meanings = ReadonlyMap<string, Text>

const frame: Meanings = new Map<string, Text>([
  ['FIN', { en: 'This is the last frame of its message.', zh: '这是所属消息的最后一帧。' }],
  [
    'RSV1',
    {
      en: 'Reserved; with permessage-deflate: the message is compressed.',
      zh: '保留位；启用 permessage-deflate 时表示消息经过压缩。',
    },
  ],
  ['RSV2', { en: 'Reserved: 0 unless an extension uses it.', zh: '保留位：除非扩展使用，否则为 0。' }],
  ['RSV3', { en: 'Reserved: 0 unless an extension uses it.', zh: '保留位：除非扩展使用，否则为 0。' }],
  ['opcode', { en: 'What the frame is.', zh: '帧的类型。' }],
  [
    'MASK',
    {
      en: 'The payload is masked: always by a client, never by a server.',
      zh: '载荷经过掩码：客户端总是掩码，服务器从不掩码。',
    },
  ],
  [
    'Payload len',
    {
      en: 'Up to 125 the length itself; 126 and 127 say that it follows in 2 or 8 bytes.',
      zh: '不超过 125 时就是长度本身；126 和 127 表示长度写在随后的 2 或 8 个字节里。',
    },
  ],
  ['Extended payload length', { en: 'The length of a larger payload.', zh: '较大载荷的长度。' }],
  [
    'Masking-key',
    {
      en: 'Four random bytes, new for each frame. The payload is XORed with them, so that no proxy in between can be fed bytes of an attacker’s choice.',
      zh: '四个随机字节，每帧都不同。载荷与它们逐字节异或，使攻击者无法让中间的代理看到自己选定的字节。',
    },
  ],
  ['Payload data', { en: 'What the frame carries, as it crossed.', zh: '帧携带的内容，按线路上的样子显示。' }],
  ['Status code', { en: 'Why the connection is closed.', zh: '关闭连接的原因代码。' }],
  ['Reason', { en: 'The same in words, for whoever looks into it.', zh: '用文字写明的原因，供排查者阅读。' }],
])

const head: Meanings = new Map<string, Text>([
  ['method', { en: 'A WebSocket is always opened with GET.', zh: '打开 WebSocket 总是用 GET。' }],
  [
    'request-target',
    { en: 'Path and query: which endpoint of the server is meant.', zh: '路径与查询：指明服务器上的哪个端点。' },
  ],
  [
    'status-code',
    {
      en: '101 switches to WebSocket; everything else is ordinary HTTP.',
      zh: '101 表示切换到 WebSocket；其他都是普通的 HTTP。',
    },
  ],
  ['crlf', { en: 'The empty line ends the head.', zh: '空行表示头部结束。' }],
  [
    'host',
    {
      en: 'The name the client called, so that one server can answer for many.',
      zh: '客户端要找的主机名，一台服务器因此可以为多个名字应答。',
    },
  ],
  ['upgrade', { en: 'The protocol to switch to.', zh: '要切换到的协议。' }],
  [
    'connection',
    {
      en: 'Says that Upgrade is meant for the next hop; a proxy takes both out.',
      zh: '说明 Upgrade 只对下一跳有效；代理会把两者都去掉。',
    },
  ],
  [
    'sec-websocket-key',
    {
      en: 'Sixteen random bytes in base64. The answer must be made from them: it shows that the server understood.',
      zh: '十六个随机字节的 base64。答复必须由它算出，以证明服务器确实看懂了。',
    },
  ],
  [
    'sec-websocket-accept',
    {
      en: 'The SHA-1 of the key and a fixed text, in base64: the proof that this server speaks WebSocket.',
      zh: '密钥与一段固定文字的 SHA-1，以 base64 表示：证明对方确实懂 WebSocket。',
    },
  ],
  ['sec-websocket-version', { en: 'The version of the protocol; there is only 13.', zh: '协议版本；只有 13。' }],
  [
    'sec-websocket-protocol',
    {
      en: 'Subprotocols: offered by the client, one of them chosen by the server.',
      zh: '子协议：由客户端提出，服务器从中选一个。',
    },
  ],
  [
    'sec-websocket-extensions',
    {
      en: 'Extensions, such as compression: offered, and accepted or declined.',
      zh: '扩展（例如压缩）：一方提出，另一方接受或拒绝。',
    },
  ],
  [
    'origin',
    {
      en: 'The page that asks. A server checks it to keep out foreign pages.',
      zh: '发起请求的网页。服务器据此拒绝其他网站的页面。',
    },
  ],
  [
    'cookie',
    {
      en: 'What the server had the client remember, most often who it is.',
      zh: '服务器让客户端记住的内容，多半用来表明身份。',
    },
  ],
  ['authorization', { en: 'Who the client is.', zh: '客户端的身份凭据。' }],
])

const byLayer: Readonly<Partial<Record<Layer, Meanings>>> = { websocket: frame, http: head, proxy: head }

/** What a field is for; undefined when its name says it, or nothing is known of it. */
export function fieldMeaning(layer: Layer, name: string): Text | undefined {
  const meanings = byLayer[layer]
  return meanings?.get(name) ?? meanings?.get(name.toLowerCase())
}
