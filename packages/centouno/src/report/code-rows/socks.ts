import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

const row = rowsOf('proxy')

/** What a SOCKS proxy says when it opens no tunnel (RFC 1928 §3 and §6, RFC 1929). */
export const socksCodes: readonly CodeRow[] = [
  row(
    'SOCKS_NO_METHOD',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} takes none of the ways in which this client can identify itself: {offered}.',
      zh: 'SOCKS 代理 {proxy} 不接受本客户端提出的任何验证方式：{offered}。',
    },
    {
      en: 'Most likely it wants a user name and a password: socks5://user:password@host:port. Other methods, GSSAPI among them, are not supported.',
      zh: '它很可能需要用户名和密码：socks5://用户名:密码@主机:端口。不支持 GSSAPI 等其他方式。',
    },
  ),
  row(
    'SOCKS_AUTH_FAILED',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} did not accept the user name and the password.',
      zh: 'SOCKS 代理 {proxy} 不接受该用户名和密码。',
    },
    {
      en: 'Check both. In a URL, characters such as @, : and / must be percent-encoded.',
      zh: '请检查两者。在 URL 中，@、:、/ 等字符必须用百分号编码。',
    },
  ),
  row(
    'SOCKS_GENERAL_FAILURE',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} failed to connect to {target} and does not say why (reply 1).',
      zh: 'SOCKS 代理 {proxy} 无法连接到 {target}，没有说明原因（应答 1）。',
    },
    {
      en: 'Often it could not resolve the name, or its own network is down. Its log says more.',
      zh: '往往是它无法解析该名称，或它自己的网络不通。请查看代理的日志。',
    },
  ),
  row(
    'SOCKS_NOT_ALLOWED',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} does not allow connections to {target} (reply 2).',
      zh: 'SOCKS 代理 {proxy} 的规则不允许连接到 {target}（应答 2）。',
    },
    {
      en: 'Its rules forbid this host or port, or this user. Ask who runs the proxy.',
      zh: '它的规则禁止该主机、端口或用户。请询问代理的管理者。',
    },
  ),
  row(
    'SOCKS_NETWORK_UNREACHABLE',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} has no route to the network of {target} (reply 3).',
      zh: 'SOCKS 代理 {proxy} 没有通往 {target} 所在网络的路由（应答 3）。',
    },
    {
      en: 'Check the network of the proxy; for an IPv6 address, whether the proxy has IPv6.',
      zh: '请检查代理的网络；如果是 IPv6 地址，请确认代理支持 IPv6。',
    },
  ),
  row(
    'SOCKS_HOST_UNREACHABLE',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} cannot reach the host of {target} (reply 4).',
      zh: 'SOCKS 代理 {proxy} 无法到达 {target} 的主机（应答 4）。',
    },
    {
      en: 'The name is resolved by the proxy: it may not know it, or the host is down.',
      zh: '名称由代理解析：它可能不认识这个名称，或者主机没有开机。',
    },
  ),
  row(
    'SOCKS_CONNECTION_REFUSED',
    'remote',
    {
      en: 'The SOCKS proxy {proxy} reached the host, but nothing listens on {target} (reply 5).',
      zh: 'SOCKS 代理 {proxy} 到达了主机，但 {target} 上没有程序在监听（应答 5）。',
    },
    {
      en: 'The proxy works. Is the server running, and is the port right?',
      zh: '代理没有问题。服务器启动了吗？端口对吗？',
    },
  ),
  row(
    'SOCKS_TTL_EXPIRED',
    'transport',
    {
      en: 'The packets of the SOCKS proxy {proxy} did not get as far as {target}: their time to live expired (reply 6).',
      zh: 'SOCKS 代理 {proxy} 的数据包没能到达 {target}：生存时间已耗尽（应答 6）。',
    },
    {
      en: 'Usually a loop in the routes behind the proxy; some proxies say this for a timeout.',
      zh: '通常是代理后面的路由有环；有些代理用它表示超时。',
    },
  ),
  row(
    'SOCKS_COMMAND',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} does not support the command CONNECT (reply 7).',
      zh: 'SOCKS 代理 {proxy} 不支持 CONNECT 命令（应答 7）。',
    },
    {
      en: 'Without CONNECT there is no tunnel: use another proxy.',
      zh: '没有 CONNECT 就没有隧道：请换一个代理。',
    },
  ),
  row(
    'SOCKS_ADDRESS_TYPE',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} does not take this kind of address: {target} (reply 8).',
      zh: 'SOCKS 代理 {proxy} 不支持这种地址：{target}（应答 8）。',
    },
    {
      en: 'Some proxies take no IPv6 addresses, others no names: try the other form.',
      zh: '有些代理不支持 IPv6 地址，有些不支持名称：请换一种形式。',
    },
  ),
  row(
    'SOCKS_UNKNOWN_REPLY',
    'transport',
    {
      en: 'The SOCKS proxy {proxy} opened no tunnel to {target}; its reply {reply} has no meaning in the standard.',
      zh: 'SOCKS 代理 {proxy} 没有打通到 {target} 的隧道；标准中没有应答 {reply}。',
    },
    { en: 'The log of the proxy says more.', zh: '请查看代理的日志。' },
  ),
]
