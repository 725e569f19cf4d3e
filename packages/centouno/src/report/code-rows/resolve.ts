import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

const row = rowsOf('resolve')

/** From the URL to addresses: what is wrong with the call itself, and what the name service says. */
export const resolveCodes: readonly CodeRow[] = [
  row(
    'URI_INVALID',
    'local',
    {
      en: 'This is not a WebSocket URL[: {found}] ({rule}).',
      zh: '这不是有效的 WebSocket 地址[：{found}]（{rule}）。',
    },
    {
      en: 'Write it as ws://host:port/path, or wss://host/path for an encrypted connection. A user name and a password do not belong in it: send them in an Authorization field.',
      zh: '请写成 ws://主机:端口/路径；需要加密时写成 wss://主机/路径。用户名和密码不能写在其中：请用 Authorization 字段发送。',
    },
  ),
  row(
    'OPTIONS_INVALID',
    'local',
    {
      en: 'Nothing was sent, because an option of the call cannot be used: {reason}.',
      zh: '有一个选项无法使用，因此没有发出任何数据：{reason}。',
    },
    {
      en: 'Correct that option. Host, Upgrade, Connection and Sec-WebSocket-* fields are set by the client itself.',
      zh: '请改正该选项。Host、Upgrade、Connection 和 Sec-WebSocket-* 字段由客户端自己设置。',
    },
  ),
  row(
    'RESOLVE_NOT_FOUND',
    'transport',
    { en: 'There is no host named {host}.', zh: '找不到名为 {host} 的主机。' },
    {
      en: 'Check the spelling. If the name exists only in an internal network, check the VPN, the DNS server and /etc/hosts.',
      zh: '请检查拼写。如果该名称只存在于内部网络，请检查 VPN、DNS 服务器和 /etc/hosts。',
    },
  ),
  row(
    'RESOLVE_TEMPORARY',
    'transport',
    {
      en: 'The name {host} could not be looked up right now: the DNS server did not answer.',
      zh: '暂时无法查询名称 {host}：DNS 服务器没有应答。',
    },
    {
      en: 'Check whether this machine is online and its DNS server is reachable, then try again.',
      zh: '请检查本机是否联网、DNS 服务器是否可达，然后重试。',
    },
  ),
  row(
    'RESOLVE_TIMEOUT',
    'transport',
    {
      en: 'The name {host} was not resolved within {timeout} ms.',
      zh: '在 {timeout} 毫秒内没有解析出名称 {host}。',
    },
    {
      en: 'The DNS server is slow or unreachable. Try the IP address, or another DNS server.',
      zh: 'DNS 服务器过慢或不可达。可以改用 IP 地址，或换一个 DNS 服务器。',
    },
  ),
  row(
    'RESOLVE_FAILED',
    'transport',
    { en: 'The name {host} could not be looked up: {reason}.', zh: '查询名称 {host} 失败：{reason}。' },
    {
      en: 'Check the host name and the DNS settings of this machine.',
      zh: '请检查主机名以及本机的 DNS 设置。',
    },
  ),
]
