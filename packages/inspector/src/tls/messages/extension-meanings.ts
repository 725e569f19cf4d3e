import type { Text } from 'centouno/telling'

/** What the extensions are for, by type. */
export const extensionMeanings: ReadonlyMap<number, Text> = new Map([
  [
    0,
    text(
      'The name of the server that is wanted, in the clear: one address may serve many names (SNI, RFC 6066 §3).',
      '想要访问的服务器名称，以明文发送：一个地址可能承载许多站点（SNI，RFC 6066 §3）。',
    ),
  ],
  [
    5,
    text(
      'Asks for a proof, from the authority itself, that the certificate has not been revoked (OCSP stapling).',
      '请服务器附上签发机构出具的“证书未被吊销”的证明（OCSP stapling）。',
    ),
  ],
  [
    10,
    text(
      'The groups it can agree on a key with, the preferred one first.',
      '它能用来协商密钥的群（曲线），最偏好的在前。',
    ),
  ],
  [
    11,
    text(
      'How points of elliptic curves may be written; only needed before TLS 1.3.',
      '椭圆曲线点的书写格式；只在 TLS 1.3 之前需要。',
    ),
  ],
  [13, text('The signatures it can verify.', '它能够验证的签名算法。')],
  [
    16,
    text(
      'Which protocol is to be spoken inside; WebSocket begins as http/1.1 (ALPN, RFC 7301).',
      '加密通道里面要使用的协议；WebSocket 从 http/1.1 开始（ALPN，RFC 7301）。',
    ),
  ],
  [
    18,
    text('Asks for proof that the certificate stands in a public log.', '请求证明该证书已记入公开日志（证书透明度）。'),
  ],
  [
    21,
    text(
      'Zeros that make the message longer, for servers that trip over certain lengths.',
      '用零填充消息长度，以避开某些服务器对特定长度的缺陷。',
    ),
  ],
  [
    22,
    text('For old ciphers: encrypt first, then protect from changes.', '用于旧式加密套件：先加密，再做完整性保护。'),
  ],
  [
    23,
    text(
      'Binds the keys to everything that was said before, so that no one in the middle can mix two sessions (RFC 7627).',
      '把密钥与此前的全部握手内容绑定，使中间人无法混用两个会话（RFC 7627）。',
    ),
  ],
  [27, text('It can read certificates that are compressed.', '它能读取压缩过的证书。')],
  [28, text('The longest record it wants to receive.', '它愿意接收的最长记录。')],
  [
    35,
    text(
      'Sessions of TLS 1.2 can be resumed with a ticket that the server hands out; empty asks for one.',
      'TLS 1.2 可用服务器发放的票据恢复会话；内容为空表示请求一张票据。',
    ),
  ],
  [
    41,
    text(
      'Keys both may know from an earlier connection; if the server takes one, no certificate is needed.',
      '双方可能在上一次连接中就已共有的密钥；服务器若采用其中一个，就不必再出示证书。',
    ),
  ],
  [42, text('Data is sent before the handshake is done (0-RTT).', '在握手完成之前就发送数据（0-RTT）。')],
  [
    43,
    text(
      'The versions of TLS that are really meant. The field before them says TLS 1.2 for the sake of old devices.',
      '真正支持的 TLS 版本。前面的版本字段为照顾旧设备而写作 TLS 1.2。',
    ),
  ],
  [44, text('Sent back unchanged, to prove that the client can be reached.', '原样送回，以证明能够联系到客户端。')],
  [
    45,
    text(
      'How an earlier key may be used: alone, or with a fresh key exchange.',
      '如何使用先前的密钥：单独使用，或配合一次新的密钥交换。',
    ),
  ],
  [47, text('The authorities whose certificates are accepted.', '它接受的证书签发机构。')],
  [49, text('It can show a certificate later, after the handshake.', '它可以在握手之后再出示证书。')],
  [50, text('The signatures it can verify in certificates.', '它能够在证书中验证的签名算法。')],
  [
    51,
    text(
      'Its public half of a key exchange. Each makes the same secret from its own private half and the other public half.',
      '密钥交换中它的公开部分。双方各用自己的私有部分和对方的公开部分算出同一个秘密。',
    ),
  ],
  [
    65037,
    text(
      'The real ClientHello, encrypted, or random bytes that look like one (ECH).',
      '加密的真实 ClientHello，或伪装成它的随机字节（ECH）。',
    ),
  ],
  [65281, text('Says that renegotiation is safe (RFC 5746).', '表明重新协商是安全的（RFC 5746）。')],
])

function text(en: string, zh: string): Text {
  return { en, zh }
}
