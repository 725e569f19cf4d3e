import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

const row = rowsOf('upgrade')

/** The request went out, and no HTTP reply came back that could be read. */
export const replyCodes: readonly CodeRow[] = [
  row(
    'UPGRADE_ENDED',
    'remote',
    {
      en: '{address} took the request and closed the connection without a whole reply[; all it sent was {received}].',
      zh: '{address} 收到请求后没有给出完整的回复就关闭了连接[；只发送了 {received}]。',
    },
    {
      en: 'Look at the log of the server and of any proxy before it: the handler may have crashed. Or the port is not for plain HTTP: many TLS servers hang up like this, then wss:// is right. A proxy hangs up so, too, where it is told to (nginx: return 444, often in the default server, when no server_name fits; HAProxy: http-request silent-drop) or expects the PROXY protocol.',
      zh: '请查看服务器及其前置代理的日志：处理程序可能崩溃了。也可能该端口不提供明文 HTTP：许多 TLS 服务器会这样挂断，此时应使用 wss://。代理在被要求时也会这样挂断（nginx：return 444，常见于没有 server_name 匹配时的默认 server；HAProxy：http-request silent-drop），或者它在等待 PROXY 协议。',
    },
  ),
  row(
    'UPGRADE_RESET',
    'transport',
    {
      en: 'The connection to {address} was reset after the request was sent, before a reply.',
      zh: '请求发出之后、收到回复之前，到 {address} 的连接被重置。',
    },
    {
      en: 'The server process may have crashed, or a firewall or proxy in between refuses WebSocket, or the port expects the PROXY protocol (HAProxy: accept-proxy; nginx: listen with proxy_protocol). Try wss://, which what is in between cannot read.',
      zh: '服务器进程可能崩溃了，或者中间的防火墙、代理不允许 WebSocket，也可能该端口在等待 PROXY 协议（HAProxy：accept-proxy；nginx：带 proxy_protocol 的 listen）。可以试试中间设备无法读取的 wss://。',
    },
  ),
  row(
    'UPGRADE_BROKEN',
    'transport',
    {
      en: 'The connection to {address} broke after the request was sent, before a reply: {reason}.',
      zh: '请求发出之后、收到回复之前，到 {address} 的连接中断：{reason}。',
    },
    { en: 'Check the network, then try again.', zh: '请检查网络，然后重试。' },
  ),
  row(
    'UPGRADE_TIMEOUT',
    'remote',
    {
      en: '{address} did not answer the opening handshake within {timeout} ms[; it sent only {received}].',
      zh: '{address} 没有在 {timeout} 毫秒内回应开场握手[；只发送了 {received}]。',
    },
    {
      en: 'The server may be stuck or overloaded, or the port speaks another protocol and waits for more. For a TLS port, use wss://.',
      zh: '服务器可能卡住或过载；也可能该端口使用另一种协议，还在等待数据。如果是 TLS 端口，请使用 wss://。',
    },
  ),
  row(
    'UPGRADE_GARBAGE',
    'remote',
    {
      en: '{address} answered with something that is not HTTP: {received}.',
      zh: '{address} 的回应不是 HTTP：{received}。',
    },
    {
      en: 'Another kind of server listens on this port. Check the port.',
      zh: '这个端口上监听的是另一种服务器。请检查端口。',
    },
  ),
  row(
    'UPGRADE_TLS_EXPECTED',
    'remote',
    {
      en: '{address} expects TLS, and the request came in plain text.',
      zh: '{address} 需要 TLS，而请求是以明文发送的。',
    },
    { en: 'Use wss:// instead of ws://.', zh: '请把 ws:// 换成 wss://。' },
  ),
  row(
    'UPGRADE_HTTP2_ONLY',
    'remote',
    {
      en: '{address} answered in HTTP/2, but this request was made in HTTP/1.1.',
      zh: '{address} 用 HTTP/2 作了回应，而这次请求使用的是 HTTP/1.1。',
    },
    {
      en: 'Enable HTTP/1.1 on this port of the server, or take another port.',
      zh: '请在服务器的这个端口上启用 HTTP/1.1，或换一个端口。',
    },
  ),
  row(
    'UPGRADE_HEAD_TOO_LARGE',
    'remote',
    {
      en: 'The head of the reply is larger than this client accepts[: {found}].',
      zh: '回复的头部超出了本客户端接受的大小[：{found}]。',
    },
    {
      en: 'See which fields make it so long; often it is cookies that pile up.',
      zh: '请查看是哪些字段过长；常见原因是 Cookie 越积越多。',
    },
  ),
  row(
    'UPGRADE_ENDLESS_INTERIM',
    'remote',
    {
      en: 'The server sent {count} interim responses (1xx) and no final one.',
      zh: '服务器发送了 {count} 个临时响应（1xx），却没有最终响应。',
    },
    {
      en: 'Something on the server, or a proxy before it, repeats them. Look at what sends 100 or 103.',
      zh: '服务器或其前置代理在不断重复发送。请查看是谁在发送 100 或 103。',
    },
  ),
]
