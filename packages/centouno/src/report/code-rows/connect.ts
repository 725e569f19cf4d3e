import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

const row = rowsOf('connect')

/** The TCP connection. */
export const connectCodes: readonly CodeRow[] = [
  row(
    'CONNECT_REFUSED',
    'remote',
    {
      en: 'Nothing listens on {address}: the host is there, but it refused the TCP connection.',
      zh: '{address} 上没有程序在监听：主机存在，但拒绝了 TCP 连接。',
    },
    {
      en: 'Is the server running? Is {port} the right port? Does it listen on this address, and not only on another one?',
      zh: '服务器启动了吗？端口 {port} 对吗？它监听的是这个地址，而不是只监听别的地址吗？',
    },
  ),
  row(
    'CONNECT_UNREACHABLE',
    'transport',
    {
      en: 'There is no route to {address}: the network says the host cannot be reached.',
      zh: '没有通往 {address} 的路由：网络报告该主机不可达。',
    },
    {
      en: 'Check the network connection, the VPN and the address. For an IPv6 address, check that this network has IPv6.',
      zh: '请检查网络连接、VPN 和地址。如果是 IPv6 地址，请确认当前网络支持 IPv6。',
    },
  ),
  row(
    'CONNECT_RESET',
    'transport',
    {
      en: 'The TCP connection to {address} was reset before it was established.',
      zh: '到 {address} 的 TCP 连接在建立之前就被重置了。',
    },
    {
      en: 'A firewall or a load balancer in between may forbid it, or the server is overloaded.',
      zh: '可能是中间的防火墙或负载均衡器不允许该连接，或者服务器过载。',
    },
  ),
  row(
    'CONNECT_TIMEOUT',
    'transport',
    {
      en: 'Nothing answered at {address}[ within {timeout} ms].',
      zh: '{address} [在 {timeout} 毫秒内]没有任何应答。',
    },
    {
      en: 'Usually a firewall drops the packets silently, or the host is off. Check the address, the port and the firewall rules.',
      zh: '通常是防火墙悄悄丢弃了数据包，或者主机没有开机。请检查地址、端口和防火墙规则。',
    },
  ),
  row(
    'CONNECT_DENIED',
    'local',
    {
      en: 'This machine did not allow the connection to {address}.',
      zh: '本机不允许连接到 {address}。',
    },
    {
      en: 'Look at the local firewall, the sandbox or the container, and at the rights of this process.',
      zh: '请查看本机防火墙、沙箱或容器的设置，以及当前进程的权限。',
    },
  ),
  row(
    'CONNECT_EXHAUSTED',
    'local',
    {
      en: 'This machine has run out of what a new connection needs: {reason}.',
      zh: '本机已没有建立新连接所需的资源：{reason}。',
    },
    {
      en: 'Too many connections or files are open. Close some, or raise the limit (ulimit -n, the local port range).',
      zh: '打开的连接或文件太多。请关闭一部分，或提高上限（ulimit -n、本地端口范围）。',
    },
  ),
  row(
    'CONNECT_QUEUED',
    'local',
    {
      en: 'For {timeout} ms this connection waited for its turn: others from this process to {address} were still being established.',
      zh: '这个连接等了 {timeout} 毫秒也没有轮到：本进程到 {address} 的其他连接还在建立之中。',
    },
    {
      en: 'The option connecting lets only so many connections be established at once (RFC 6455 §4.1). One that hangs holds up those behind it: shorten handshakeTimeout, or allow more.',
      zh: 'connecting 选项限制了同时建立的连接数（RFC 6455 §4.1）。一个停滞的连接会挡住后面的：请缩短 handshakeTimeout，或放宽限制。',
    },
  ),
  row(
    'CONNECT_SOCKET_MISSING',
    'local',
    {
      en: 'There is no Unix socket at {address}.',
      zh: '{address} 处没有 Unix 套接字。',
    },
    {
      en: 'Check the path. The server makes the file when it starts, so it may not be running.',
      zh: '请检查路径。该文件由服务器在启动时创建，所以也可能是服务器没有运行。',
    },
  ),
  row(
    'CONNECT_SOCKET_REFUSED',
    'local',
    {
      en: 'Nothing listens on the Unix socket {address}: the file is there, but nobody behind it.',
      zh: '没有程序在监听 Unix 套接字 {address}：文件存在，但背后没有程序。',
    },
    {
      en: 'A server that crashed leaves its file behind: start it again. Or the file is no socket.',
      zh: '崩溃的服务器会留下这个文件：请重新启动它。也可能该文件不是套接字。',
    },
  ),
  row(
    'CONNECT_FAILED',
    'transport',
    {
      en: 'The connection to {address} could not be made: {reason}.',
      zh: '无法建立到 {address} 的连接：{reason}。',
    },
    { en: 'Check the address, the port and the network.', zh: '请检查地址、端口和网络。' },
  ),
]
