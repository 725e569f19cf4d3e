import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'
import { socksCodes } from './socks.ts'

const row = rowsOf('proxy')

/** The way through a proxy: naming it, finding it, reaching it, and what it says to the request for a tunnel. */
export const proxyCodes: readonly CodeRow[] = [
  rowsOf('resolve')(
    'PROXY_INVALID',
    'local',
    {
      en: 'Nothing was sent, because the proxy[ named by {variable}] cannot be used: {reason}.',
      zh: '[由 {variable} 指定的]代理无法使用，因此没有发出任何数据：{reason}。',
    },
    {
      en: 'Write it as http://host:port, https://host:port or socks5://host:port. With proxy: false no proxy is used, whatever the environment says.',
      zh: '请写成 http://主机:端口、https://主机:端口 或 socks5://主机:端口。设置 proxy: false 则不使用代理，也不理会环境变量。',
    },
  ),
  rowsOf('resolve')(
    'PROXY_NOT_FOUND',
    'transport',
    {
      en: 'The name of the proxy {proxy} could not be resolved: {reason}.',
      zh: '无法解析代理 {proxy} 的名称：{reason}。',
    },
    {
      en: 'The server itself was not asked for. Check the name of the proxy[ in {variable}]; it may exist in one network only.',
      zh: '还没有开始查找服务器本身。请检查[ {variable} 中的]代理名称；它可能只存在于某个网络中。',
    },
  ),
  rowsOf('connect')(
    'PROXY_UNREACHABLE',
    'transport',
    {
      en: 'The proxy {proxy} cannot be reached at {address}: {reason}.',
      zh: '无法连接到代理 {proxy}（{address}）：{reason}。',
    },
    {
      en: 'The server itself was not tried. Is the proxy running, and is its port right? It was named by {variable}.',
      zh: '还没有尝试连接服务器本身。代理启动了吗？端口对吗？它由 {variable} 指定。',
    },
  ),
  row(
    'PROXY_TLS',
    'transport',
    {
      en: 'TLS with the proxy {proxy} itself failed: {reason}.',
      zh: '与代理 {proxy} 本身的 TLS 握手失败：{reason}。',
    },
    {
      en: 'https:// means that the way to the proxy is encrypted; most proxies want http://, for wss: servers too. Options for the TLS of a proxy are proxy.tls.',
      zh: 'https:// 表示到代理的这一段也加密；大多数代理应写成 http://，即使服务器是 wss:。到代理的 TLS 选项在 proxy.tls 中。',
    },
  ),
  row(
    'PROXY_AUTH_REQUIRED',
    'transport',
    {
      en: 'The proxy {proxy} answered {status}[ {reason}]: it wants to know who is calling.',
      zh: '代理 {proxy} 返回了 {status}[ {reason}]：它要求先验证身份。',
    },
    {
      en: 'Give it a user name and a password: http://user:password@host:port, or in the option proxy.[ It asks for: {challenge}.] If you did, they are wrong, or it wants another scheme than Basic.',
      zh: '请提供用户名和密码：http://用户名:密码@主机:端口，或写在 proxy 选项里。[它要求：{challenge}。]如果已经提供，则可能有误，或者它要求的不是 Basic。',
    },
  ),
  row(
    'PROXY_REFUSED',
    'transport',
    {
      en: 'The proxy {proxy} answered {status}[ {reason}] and opened no tunnel to {target}[. It says: "{says}"].',
      zh: '代理 {proxy} 返回了 {status}[ {reason}]，没有打通到 {target} 的隧道[。它说：“{says}”]。',
    },
    {
      en: '403 and 405 mean that it does not allow this host, this port or tunnels at all; 502 to 504, that it could not reach the server. Ask who runs the proxy, or list the host in NO_PROXY if it can be reached directly.',
      zh: '403 和 405 表示它不允许该主机、该端口或任何隧道；502 到 504 表示它无法连接服务器。请询问代理的管理者；如果可以直连，请把主机列入 NO_PROXY。',
    },
  ),
  row(
    'PROXY_GARBAGE',
    'transport',
    {
      en: 'What answers at the proxy {proxy} does not speak as such a proxy does: it sent {received}.',
      zh: '代理 {proxy} 的回应不符合这种代理的协议：它发送了 {received}。',
    },
    {
      en: 'Another kind of server listens on this port, or the scheme is wrong: http://, https:// and socks5:// are different protocols.',
      zh: '该端口上监听的是另一种服务器，或者地址开头的协议写错了：http://、https:// 和 socks5:// 是不同的协议。',
    },
  ),
  row(
    'PROXY_ENDED',
    'transport',
    {
      en: 'The proxy {proxy} closed the connection instead of opening a tunnel to {target}[; all it sent was {received}].',
      zh: '代理 {proxy} 没有打通到 {target} 的隧道就关闭了连接[；只发送了 {received}]。',
    },
    {
      en: 'It may not allow this host or port, or may speak another protocol (http://, https:// and socks5:// differ). Its log says more.',
      zh: '它可能不允许该主机或端口，也可能使用另一种协议（http://、https:// 和 socks5:// 各不相同）。请查看代理的日志。',
    },
  ),
  row(
    'PROXY_RESET',
    'transport',
    {
      en: 'The connection to the proxy {proxy} broke before there was a tunnel to {target}: {reason}.',
      zh: '在打通到 {target} 的隧道之前，到代理 {proxy} 的连接中断：{reason}。',
    },
    {
      en: 'The proxy may have crashed, or a firewall before it objects. Its log says more.',
      zh: '代理可能崩溃了，或者它前面的防火墙不允许。请查看代理的日志。',
    },
  ),
  row(
    'PROXY_TIMEOUT',
    'transport',
    {
      en: 'The proxy {proxy} opened no tunnel to {target} within {timeout} ms[; it sent only {received}].',
      zh: '代理 {proxy} 没有在 {timeout} 毫秒内打通到 {target} 的隧道[；只发送了 {received}]。',
    },
    {
      en: 'Often the proxy itself gets no answer from the server, and waits. Or it speaks another protocol (http://, https:// and socks5:// differ).',
      zh: '往往是代理自己得不到服务器的应答，还在等待；也可能它使用另一种协议（http://、https:// 和 socks5:// 各不相同）。',
    },
  ),
  ...socksCodes,
]
