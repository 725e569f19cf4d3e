import type { Text } from 'centouno/telling'

export interface AlertRow {
  readonly name: string
  /** What it means, in one sentence. */
  readonly text: Text
}

/** TLS Alerts (IANA), with what each says (RFC 8446 §6, RFC 5246 §7.2). */
export const alerts: ReadonlyMap<number, AlertRow> = new Map([
  [
    0,
    row('close_notify', 'It will send no more: this is how TLS says goodbye.', '它不再发送数据：TLS 就是这样道别的。'),
  ],
  [10, row('unexpected_message', 'A message came at a time when it may not come.', '在不该出现的时候收到了一条消息。')],
  [
    20,
    row(
      'bad_record_mac',
      'A record does not open with the keys: it was altered or damaged.',
      '记录无法用密钥打开：它被改动或损坏了。',
    ),
  ],
  [21, row('decryption_failed', 'A record could not be decrypted.', '记录无法解密。')],
  [22, row('record_overflow', 'A record is longer than allowed.', '记录超过了允许的长度。')],
  [30, row('decompression_failure', 'A record could not be decompressed.', '记录无法解压。')],
  [
    40,
    row(
      'handshake_failure',
      'The two have no set of parameters in common: no cipher, group or certificate that suits both.',
      '双方没有共同的参数：没有双方都接受的加密套件、密钥交换群或证书。',
    ),
  ],
  [41, row('no_certificate', 'It has no certificate to show.', '它没有可以出示的证书。')],
  [
    42,
    row('bad_certificate', 'The certificate is damaged, or its signatures do not hold.', '证书已损坏，或签名不成立。'),
  ],
  [43, row('unsupported_certificate', 'It cannot use a certificate of this kind.', '它不支持这种证书。')],
  [44, row('certificate_revoked', 'The certificate was revoked by its issuer.', '证书已被签发者吊销。')],
  [45, row('certificate_expired', 'The certificate has expired, or is not valid yet.', '证书已过期，或尚未生效。')],
  [
    46,
    row(
      'certificate_unknown',
      'Something about the certificate is not acceptable to it.',
      '证书中有它不能接受的地方。',
    ),
  ],
  [
    47,
    row(
      'illegal_parameter',
      'A field of the handshake has a value it must not have.',
      '握手中的某个字段取了不允许的值。',
    ),
  ],
  [
    48,
    row(
      'unknown_ca',
      'It does not know the authority that issued the certificate, or a certificate between them is missing.',
      '它不认识签发该证书的机构，或者中间缺少证书。',
    ),
  ],
  [49, row('access_denied', 'The certificate is good, but does not give access.', '证书有效，但无权访问。')],
  [
    50,
    row(
      'decode_error',
      'A message could not be read: a length or a value in it is wrong.',
      '消息无法解读：其中某个长度或值有误。',
    ),
  ],
  [
    51,
    row(
      'decrypt_error',
      'A signature or a Finished of the handshake does not hold.',
      '握手中的签名或 Finished 校验不成立。',
    ),
  ],
  [60, row('export_restriction', 'A rule for exported ciphers was broken.', '违反了出口加密限制。')],
  [
    70,
    row(
      'protocol_version',
      'It does not speak any version of TLS that was offered.',
      '对方提供的 TLS 版本它都不支持。',
    ),
  ],
  [
    71,
    row(
      'insufficient_security',
      'It asks for stronger ciphers than were offered.',
      '它要求比对方所提供的更强的加密套件。',
    ),
  ],
  [80, row('internal_error', 'Something went wrong inside it.', '它内部出了错。')],
  [
    86,
    row(
      'inappropriate_fallback',
      'The client came back with an older version without need.',
      '客户端毫无必要地退回到了旧版本。',
    ),
  ],
  [90, row('user_canceled', 'The handshake was called off by a person or a program.', '握手被用户或程序取消了。')],
  [
    100,
    row('no_renegotiation', 'It does not want another handshake on this connection.', '它不愿在这条连接上重新握手。'),
  ],
  [109, row('missing_extension', 'An extension that has to be there is missing.', '缺少一个必需的扩展。')],
  [110, row('unsupported_extension', 'The answer has an extension that was not offered.', '应答中有未曾提出的扩展。')],
  [111, row('certificate_unobtainable', 'It could not fetch the certificate.', '它无法取得证书。')],
  [
    112,
    row(
      'unrecognized_name',
      'The server has no site of the name that was asked for (SNI).',
      '服务器没有客户端所要的站点（SNI）。',
    ),
  ],
  [
    113,
    row('bad_certificate_status_response', 'The stapled status of the certificate is no good.', '附带的证书状态无效。'),
  ],
  [
    114,
    row('bad_certificate_hash_value', 'The certificate is not the one that was announced.', '证书与所声明的不符。'),
  ],
  [
    115,
    row(
      'unknown_psk_identity',
      'It does not know the key that was to be resumed from.',
      '它不认识用来恢复会话的密钥。',
    ),
  ],
  [
    116,
    row(
      'certificate_required',
      'The server wants a certificate of the client, and got none.',
      '服务器要求客户端证书，但没有收到。',
    ),
  ],
  [
    120,
    row(
      'no_application_protocol',
      'The server speaks none of the protocols that the client offered (ALPN).',
      '客户端提供的应用协议（ALPN）服务器都不支持。',
    ),
  ],
  [
    121,
    row('ech_required', 'The encrypted part of the ClientHello was not accepted.', 'ClientHello 的加密部分未被接受。'),
  ],
])

function row(name: string, en: string, zh: string): AlertRow {
  return { name, text: { en, zh } }
}
