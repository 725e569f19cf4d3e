import type { ConductRule } from '../rule-row.ts'

/** Section 1 of the table: from the URI to the first byte of the request. All of it is how a client behaves. */
export const connectingRules: readonly ConductRule[] = [
  {
    id: 'H-CON-01',
    clause: 'RFC 6455 §4.1(2)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'To one IP address and port, one connection is being opened at a time; the others wait their turn.',
      zh: '对同一个 IP 地址和端口，同一时刻只建立一个连接，其余的排队等候。',
    },
  },
  {
    id: 'H-CON-02',
    clause: 'RFC 6455 §4.1(2)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'Where a proxy resolves names and the IP address is unknown, each host name counts as a host of its own.',
      zh: '由代理解析域名、无从知道 IP 地址时，每个主机名各算一台远程主机。',
    },
  },
  {
    id: 'H-CON-03',
    clause: 'RFC 6455 §4.1(2)',
    level: 'should',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'In that case the number of connections being opened at once is kept low.',
      zh: '这种情况下，同时正在建立的连接数应当保持在很低的水平。',
    },
  },
  {
    id: 'H-CON-04',
    clause: 'RFC 6455 §4.1(3)',
    level: 'should',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'A configured proxy is asked for a TCP tunnel to the host and port; without one the client connects directly.',
      zh: '配置了代理时，请它建立一条通往目标主机和端口的 TCP 隧道；没有代理就直接连接。',
    },
  },
  {
    id: 'H-CON-05',
    clause: 'RFC 6455 §4.1(3)',
    level: 'should',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'Among several proxies, SOCKS5 comes first, then the proxy for HTTPS, and the one for HTTP last.',
      zh: '有多个代理可选时，先用 SOCKS5，其次是 HTTPS 用的代理，最后才是 HTTP 用的代理。',
    },
  },
  {
    id: 'H-CON-06',
    clause: 'RFC 6455 §4.1(3)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'A script that picks the proxy (PAC) is given the `ws` or `wss` URI.',
      zh: '交给代理自动配置脚本（PAC）的，是 `ws` 或 `wss` 的 URI。',
    },
  },
  {
    id: 'H-CON-07',
    clause: 'RFC 6455 §4.1(4)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'When TCP or the proxy fails, the attempt has failed: it is not quietly tried again.',
      zh: 'TCP 连接或代理失败，这次连接就失败了，不会悄悄重试。',
    },
  },
  {
    id: 'H-CON-08',
    clause: 'RFC 6455 §4.1(5)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'With `wss`, TLS comes before any byte of the handshake, and everything after it stays inside TLS.',
      zh: '使用 `wss` 时，先完成 TLS 握手，再发开场握手的第一个字节，此后的一切都在 TLS 之内。',
    },
  },
  {
    id: 'H-CON-09',
    clause: 'RFC 6455 §4.1(5)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'A certificate that cannot be verified, or TLS failing in any other way, ends the attempt.',
      zh: '证书无法验证，或 TLS 因其他原因失败，这次连接就到此为止。',
    },
  },
  {
    id: 'H-CON-10',
    clause: 'RFC 6455 §4.1(5)',
    level: 'must',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'TLS is told the host name (SNI), unless the host is an IP address (RFC 6066 §3).',
      zh: 'TLS 握手要带上主机名（SNI）；主机是 IP 地址时除外（RFC 6066 §3）。',
    },
  },
  {
    id: 'H-CON-11',
    clause: 'RFC 7301 §3.1',
    level: 'should',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'TLS offers the HTTP versions the client can speak (ALPN), and the client speaks the one that was chosen.',
      zh: 'TLS 握手里列出客户端会说的 HTTP 版本（ALPN），之后就用对方选定的那一个。',
    },
  },
  {
    id: 'H-CON-12',
    clause: 'RFC 6455 §10.6',
    level: 'must',
    side: 'both',
    subject: 'conduct',
    sentence: {
      en: 'Both sides can speak TLS, and use it whenever they can.',
      zh: '双方都支持 TLS，能用就用。',
    },
  },
]
