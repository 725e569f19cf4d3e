import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

const row = rowsOf('upgrade')

/** The reply is ordinary HTTP: any status but 101 (H-RES-01). */
export const statusCodes: readonly CodeRow[] = [
  row(
    'UPGRADE_OK_INSTEAD',
    'remote',
    {
      en: 'The server answered {status}[ {reason}] as if this were an ordinary web request, not 101.',
      zh: '服务器返回了 {status}[ {reason}]，把它当成了普通网页请求，而不是 101。',
    },
    {
      en: 'No WebSocket is served at {target}, or a proxy removed the Upgrade field: check the path, and whether the proxy passes Upgrade and Connection on.',
      zh: '{target} 上没有 WebSocket 服务，或者代理去掉了 Upgrade 字段：请检查路径，以及代理是否转发 Upgrade 和 Connection。',
    },
  ),
  row(
    'UPGRADE_REDIRECT',
    'remote',
    {
      en: 'The server answered {status}[ {reason}] and points elsewhere[: {location}].',
      zh: '服务器返回了 {status}[ {reason}]，指向另一个地址[：{location}]。',
    },
    {
      en: 'Redirects are followed only on request (option redirects). [Connect to {location} yourself, if you trust it. ]Often it is only http to https (use wss://), or a missing slash at the end.',
      zh: '只有在要求时（redirects 选项）才会跟随重定向。[如果您信任它，请直接连接 {location}。]常见原因只是从 http 跳转到 https（请用 wss://），或路径末尾缺少斜杠。',
    },
  ),
  row(
    'UPGRADE_REDIRECT_LIMIT',
    'remote',
    {
      en: 'The server answered {status}[ {reason}] and points elsewhere[: {location}]; {redirects} redirects were followed already.',
      zh: '服务器返回了 {status}[ {reason}]，又指向另一个地址[：{location}]；此前已经跟随了 {redirects} 次重定向。',
    },
    {
      en: 'Usually two addresses point at each other. The report has every attempt; raise the option redirects only if each is a new place.',
      zh: '通常是两个地址互相指向对方。报告中有每一次尝试；只有在每次都指向新地址时，才应调高 redirects 选项。',
    },
  ),
  row(
    'UPGRADE_REDIRECT_INVALID',
    'remote',
    {
      en: 'The server answered {status}[ {reason}], and where it points is no address of a WebSocket[: {location}].',
      zh: '服务器返回了 {status}[ {reason}]，但它指向的不是 WebSocket 地址[：{location}]。',
    },
    {
      en: 'Location must be there, and lead to ws:, wss:, http: or https: without user name and password; a Unix socket cannot be pointed at.',
      zh: '必须有 Location，并且指向 ws:、wss:、http: 或 https:，不带用户名和密码；不能指向 Unix 套接字。',
    },
  ),
  row(
    'UPGRADE_REDIRECT_INSECURE',
    'remote',
    {
      en: 'The server answered {status}[ {reason}] and points from wss: to an unencrypted address[: {location}].',
      zh: '服务器返回了 {status}[ {reason}]，要从 wss: 转到未加密的地址[：{location}]。',
    },
    {
      en: 'A connection that was asked to be encrypted is not led out of encryption. Correct the redirect on the server, often one of a proxy that ends TLS.',
      zh: '要求加密的连接不会被引到加密之外。请改正服务器上的重定向，它往往来自终止 TLS 的代理。',
    },
  ),
  row(
    'UPGRADE_BAD_REQUEST',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: it takes the request for malformed[. It says: "{says}"].',
      zh: '服务器返回了 {status}[ {reason}]：它认为请求有误[。它说：“{says}”]。',
    },
    {
      en: 'The body of the reply often says what it misses. A proxy may also have removed Upgrade or Connection on the way.',
      zh: '回复的正文通常会说明缺少什么。也可能是代理在途中去掉了 Upgrade 或 Connection。',
    },
  ),
  row(
    'UPGRADE_UNAUTHORIZED',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: it wants to know who is calling[. It says: "{says}"].',
      zh: '服务器返回了 {status}[ {reason}]：它要求先验证身份[。它说：“{says}”]。',
    },
    {
      en: 'Send credentials: an Authorization field, a cookie or a token in the URL, whatever the server takes.[ It asks for: {challenge}.]',
      zh: '请附上凭据：Authorization 字段、Cookie 或 URL 中的令牌，以服务器的要求为准。[它要求：{challenge}。]',
    },
  ),
  row(
    'UPGRADE_FORBIDDEN',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: it does not allow this connection[. It says: "{says}"].',
      zh: '服务器返回了 {status}[ {reason}]：它不允许这个连接[。它说：“{says}”]。',
    },
    {
      en: 'Check the rights of the account and the Origin: servers answer 403 to an origin that is not in their list[ (sent: {origin})].',
      zh: '请检查账户权限和 Origin：来源不在允许列表中时，服务器会返回 403[（本次发送的是 {origin}）]。',
    },
  ),
  row(
    'UPGRADE_NOT_FOUND',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: there is nothing at {target}.',
      zh: '服务器返回了 {status}[ {reason}]：{target} 不存在。',
    },
    {
      en: 'Check the path. WebSocket services often live under /ws, /socket or similar, and a proxy may add or cut a prefix.',
      zh: '请检查路径。WebSocket 服务常位于 /ws、/socket 等路径下，代理也可能增加或去掉前缀。',
    },
  ),
  row(
    'UPGRADE_METHOD_NOT_ALLOWED',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: it does not take GET at {target}.',
      zh: '服务器返回了 {status}[ {reason}]：{target} 不接受 GET 方法。',
    },
    {
      en: 'This path is likely an ordinary HTTP interface. Check the path of the WebSocket service.[ Allowed: {allow}.]',
      zh: '这个路径很可能是普通的 HTTP 接口。请检查 WebSocket 服务的路径。[允许的方法：{allow}。]',
    },
  ),
  row(
    'UPGRADE_PROXY_AUTH',
    'transport',
    {
      en: 'A proxy in between answered {status}[ {reason}]: it wants to know who is calling.',
      zh: '中间的代理返回了 {status}[ {reason}]：它要求先验证身份。',
    },
    {
      en: 'Give the proxy its credentials, or connect from a network without it.[ It asks for: {challenge}.]',
      zh: '请向代理提供凭据，或换到没有该代理的网络。[它要求：{challenge}。]',
    },
  ),
  row(
    'UPGRADE_UPGRADE_REQUIRED',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: it did not recognize this as a WebSocket upgrade it supports.',
      zh: '服务器返回了 {status}[ {reason}]：它没有把这当作它所支持的 WebSocket 升级请求。',
    },
    {
      en: '[It speaks version {versions}; this client speaks 13. ]If the versions match, a proxy in between has likely removed Upgrade and Connection: configure it to pass them on.',
      zh: '[它支持的版本是 {versions}，本客户端使用 13。]如果版本一致，很可能是中间的代理去掉了 Upgrade 和 Connection：请配置代理转发它们。',
    },
  ),
  row(
    'UPGRADE_TOO_MANY',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: too many requests or connections from here.',
      zh: '服务器返回了 {status}[ {reason}]：来自这里的请求或连接太多。',
    },
    {
      en: 'Wait before trying again[; the server asks for {retryAfter}], and make the delays between attempts grow.',
      zh: '请等待一段时间再试[；服务器要求的时间是 {retryAfter}]，并逐次延长重试间隔。',
    },
  ),
  row(
    'UPGRADE_UNAVAILABLE',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: it cannot serve right now.',
      zh: '服务器返回了 {status}[ {reason}]：它暂时无法提供服务。',
    },
    {
      en: 'It is overloaded, restarting or has no healthy backend.[ Try again after {retryAfter}.] If it lasts, look at the server.',
      zh: '它可能过载、正在重启，或没有可用的后端。[请在 {retryAfter} 之后重试。]如果一直如此，请检查服务器。',
    },
  ),
  row(
    'UPGRADE_BAD_GATEWAY',
    'remote',
    {
      en: 'A gateway answered {status}[ {reason}]: the server behind it gave no usable reply.',
      zh: '网关返回了 {status}[ {reason}]：它后面的服务器没有给出可用的回复。',
    },
    {
      en: 'The gateway works, the server behind it does not: is it running, and does the gateway know its address and speak HTTP/1.1 to it?',
      zh: '网关正常，但后面的服务器不正常：它启动了吗？网关的后端地址是否正确，是否用 HTTP/1.1 与它通信？',
    },
  ),
  row(
    'UPGRADE_SERVER_ERROR',
    'remote',
    {
      en: 'The server answered {status}[ {reason}]: it failed while handling the request[. It says: "{says}"].',
      zh: '服务器返回了 {status}[ {reason}]：它在处理请求时出错[。它说：“{says}”]。',
    },
    { en: 'The fault is on the server. Its log says more.', zh: '故障在服务器一侧，请查看它的日志。' },
  ),
  row(
    'UPGRADE_STATUS',
    'remote',
    {
      en: 'The server answered {status}[ {reason}] instead of 101[. It says: "{says}"].',
      zh: '服务器返回的是 {status}[ {reason}]，而不是 101[。它说：“{says}”]。',
    },
    {
      en: 'Read the reply: its fields and body say why the server did not switch to WebSocket.',
      zh: '请阅读回复：其字段和正文会说明服务器为什么没有切换到 WebSocket。',
    },
  ),
]
