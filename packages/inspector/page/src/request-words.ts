import type { Text } from 'centouno/telling'
import type { BreakPart } from '../../src/break-a-rule/break.ts'
import type { BearerPlace, ConnectForm } from './connect-form.ts'

/** The words of the request form, and of breaking rules. */

function text(en: string, zh: string): Text {
  return { en, zh }
}

export const requestWords = {
  settings: text('Request', '请求'),
  sections: text('Parts of the request', '请求的各部分'),
  parameters: text('Params', '参数'),
  fields: text('Headers', '首部'),
  cookies: text('Cookies', 'Cookie'),
  token: text('Token', '令牌'),
  subprotocols: text('Subprotocols', '子协议'),
  tls: text('TLS', 'TLS'),
  compression: text('Compression', '压缩'),
  way: text('Route', '线路'),
  preview: text('Preview', '预览'),

  name: text('Name', '名称'),
  value: text('Value', '值'),
  add: text('new', '新增'),
  remove: text('Remove {name}', '删除 {name}'),
  removeRow: text('Remove this row', '删除这一行'),
  path: text('Path', '路径'),
  segment: text('Piece {number} of the path', '路径第 {number} 段'),
  query: text('Query', '查询参数'),
  noPath: text('The address has no path: “/” is asked for.', '地址没有路径：请求的是“/”。'),

  origin: text('Origin', 'Origin（来源）'),
  originHint: text('https://page.example – left empty, none is sent', 'https://page.example——留空则不发送'),
  furtherFields: text('Further fields', '其他字段'),
  fieldsOurs: text(
    'Host, Upgrade, Connection and Sec-WebSocket-* are the handshake’s own. To falsify them, break a rule.',
    'Host、Upgrade、Connection 和 Sec-WebSocket-* 属于握手本身。要伪造它们，请用“违反规则”。',
  ),
  cookiesHint: text('They are sent in one field, as a browser does.', '与浏览器一样，合在一个字段中发送。'),

  bearer: text('Bearer token', 'Bearer 令牌'),
  bearerPlace: text('Sent in', '放在'),
  bearerParameter: text('Parameter', '参数名'),
  bearerCookie: text('Cookie', 'Cookie 名'),
  bearerPrefix: text('Begins with', '前缀'),

  subprotocolsOffered: text('Subprotocols offered, the preferred first', '提供的子协议，首选在前'),
  subprotocolsNone: text(
    'Left empty, none is offered. When some are, the server has to choose one: else the connection fails, as in browsers.',
    '留空则不提供。一旦提供，服务器必须选中一个，否则连接失败，与浏览器一致。',
  ),

  ca: text('Trusted certificates', '信任的证书'),
  caHint: text('PEM, instead of the usual ones', 'PEM 格式，取代系统默认的证书'),
  cert: text('Client certificate', '客户端证书'),
  certHint: text('PEM, with its chain', 'PEM 格式，可附上证书链'),
  key: text('Client key', '客户端私钥'),
  keyHint: text('PEM; it goes to the local agent only', 'PEM 格式；只会交给本地代理'),
  chooseFile: text('From a file', '从文件读取'),
  clear: text('Clear', '清除'),
  minVersion: text('Oldest version that will do', '可接受的最低版本'),
  minVersionDefault: text('as Node has it (TLS 1.2)', '按 Node 默认（TLS 1.2）'),
  tlsOnlySecure: text('For wss: addresses.', '仅用于 wss: 地址。'),

  offerDeflate: text('Offer permessage-deflate', '提供 permessage-deflate'),
  offerDeflateHint: text('Messages may then be compressed (RFC 7692).', '之后的消息便可压缩（RFC 7692）。'),
  takeover: text('We may build on our earlier messages', '我方可沿用先前消息的上下文'),
  peerTakeover: text('The server may build on its own', '服务器可沿用其上下文'),
  windowBits: text('Our largest window', '我方最大窗口'),
  peerWindowBits: text('The server’s largest window', '服务器最大窗口'),
  bits: text('{bits} bits: {size}', '{bits} 位：{size}'),

  proxy: text('Proxy', '代理服务器'),
  proxyUrl: text('Proxy address', '代理地址'),
  proxyHint: text('http://…, https://… or socks5://…', 'http://…、https://… 或 socks5://…'),
  redirects: text('Redirects to follow', '最多跟随的重定向次数'),
  redirectsHint: text('none', '不跟随'),
  timeout: text('Time for the whole attempt, in ms', '整个尝试的时限（毫秒）'),
  timeoutHint: text('10000', '10000'),
  notANumber: text('A whole number, or nothing.', '请填整数，或留空。'),

  previewHint: text(
    'This is what goes over the wire, built by the engine. The key is drawn anew for every attempt.',
    '由引擎构造，线上发送的就是这些。密钥每次尝试都会重新生成。',
  ),
  previewProxy: text('Before it, {proxy} is asked for a tunnel.', '在此之前，先请求 {proxy} 建立隧道。'),
  previewFault: text('This request cannot be sent.', '这个请求无法发送。'),

  breakRule: text('Break a rule', '违反规则'),
  breakIntro: text(
    'Send a handshake with a fault in it, byte for byte, and see whether the server refuses. Only to servers that you may test.',
    '逐字节发送一个有毛病的握手，看服务器会不会拒绝。请只对你有权测试的服务器使用。',
  ),
  breakList: text('Ways to break a rule', '违反规则的方式'),
  breaks: text('breaks', '违反'),
  byHand: text('Edited by hand', '已手工修改'),
  restore: text('Restore', '还原'),
  rawRequest: text('What is sent', '发送的内容'),
  rawHint: text(
    'Each line ends with CR LF; “\\n” or “\\r” at its end stands for that alone. “\\x00” is a byte.',
    '每行以 CR LF 结尾；行末写“\\n”或“\\r”则只有该字符。“\\x00”表示一个字节。',
  ),
  rawBytes: text('{count} bytes', '{count} 字节'),
  sendBroken: text('Send', '发送'),
  sending: text('Waiting for the reply …', '正在等待响应……'),
  earlier: text(
    'This was sent earlier; what stands below is of the last one.',
    '这是先前发送的；下方显示的是最后一次。',
  ),
  tryAll: text('Try all', '全部试一遍'),
  stop: text('Stop', '停止'),
  triedAll: text('{good} refused, {allowed} allowed, {wrong} wrong', '拒绝 {good}，允许 {allowed}，误受 {wrong}'),
} as const satisfies Record<string, Text>

export const bearerPlaces: readonly { readonly place: BearerPlace; readonly word: Text; readonly hint: Text }[] = [
  {
    place: 'authorization',
    word: text('Authorization', 'Authorization'),
    hint: text(
      'The usual field. Pages in browsers cannot set it for a WebSocket.',
      '最常用的字段。浏览器中的网页无法为 WebSocket 设置它。',
    ),
  },
  {
    place: 'query',
    word: text('query', '查询参数'),
    hint: text(
      'Servers and proxies write URLs into their logs: prefer tokens that work once.',
      '服务器和代理会把 URL 写进日志：最好使用一次性令牌。',
    ),
  },
  {
    place: 'cookie',
    word: text('cookie', 'Cookie'),
    hint: text(
      'Browsers send cookies along from any site: the server has to look at Origin.',
      '浏览器从任何网站发起连接都会带上 Cookie：服务器必须检查 Origin。',
    ),
  },
  {
    place: 'subprotocol',
    word: text('subprotocol', '子协议'),
    hint: text(
      'As pages do it. Offer one that the server speaks beside it, for it has to choose one.',
      '网页常用的办法。请同时提供一个服务器支持的子协议，因为它必须选中一个。',
    ),
  },
]

export const proxyWays: readonly { readonly way: ConnectForm['proxy']['way']; readonly word: Text }[] = [
  { way: 'environment', word: text('as the environment says', '按环境变量') },
  { way: 'direct', word: text('none', '不使用') },
  { way: 'proxy', word: text('this one', '指定') },
]

export const partWords: Readonly<Record<BreakPart, Text>> = {
  line: text('Request line', '请求行'),
  size: text('Sizes', '大小'),
  host: text('Host', 'Host'),
  upgrade: text('Upgrade and Connection', 'Upgrade 与 Connection'),
  key: text('Key', '密钥'),
  version: text('Version', '版本'),
  offers: text('Subprotocols, extensions', '子协议与扩展'),
  origin: text('Origin', 'Origin（来源）'),
  syntax: text('Grammar of HTTP', 'HTTP 语法'),
  body: text('Body', '请求体'),
}
