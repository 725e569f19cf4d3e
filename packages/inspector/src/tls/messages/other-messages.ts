import type { FieldReader } from '../field-reader.ts'
import { byteCountWords } from '../field-reader.ts'
import { extensionType } from '../names/extensions.ts'
import { signatureSchemes } from '../names/signature-schemes.ts'
import { named, nameOnly } from '../names/value-name.ts'
import { readExtensions } from './extension-list.ts'
import { name, tls13 } from './message.ts'
import type { Agreed, ToldMessage } from './message.ts'

/** RFC 5246 §7.4.1.1 */
export function readHelloRequest(): ToldMessage {
  return {
    label: name('HelloRequest'),
    sentence: {
      en: 'The server would like to make the handshake once more, on the same connection.',
      zh: '服务器希望在同一条连接上重新握手。',
    },
    clause: 'RFC 5246 §7.4.1.1',
  }
}

/** RFC 8446 §4.3.1 */
export function readEncryptedExtensions(body: FieldReader): ToldMessage {
  const extensions = readExtensions(body, 'other')
  const protocol = extensions.get(extensionType.alpn)
  return {
    label: name('EncryptedExtensions'),
    sentence: {
      en: `The server answers the rest of the client's wishes, now encrypted${protocol === undefined ? '' : `: inside, ${protocol} will be spoken`}.`,
      zh: `服务器回应客户端的其余请求，此时已加密${protocol === undefined ? '' : `：里面将使用 ${protocol}`}。`,
    },
    clause: 'RFC 8446 §4.3.1',
  }
}

/** RFC 8446 §4.4.3, RFC 5246 §7.4.8 */
export function readCertificateVerify(body: FieldReader, { direction, version }: Agreed): ToldMessage {
  const scheme = body.number('algorithm', 2, (value) => named(signatureSchemes, value))
  body.opaque('signature', 2)
  const who = direction === 'sent' ? { en: 'client', zh: '客户端' } : { en: 'server', zh: '服务器' }
  const words = nameOnly(signatureSchemes, scheme)
  return {
    label: name('CertificateVerify'),
    sentence: {
      en: `The ${who.en} proves that it has the private key of its certificate: it signs all that was said so far (${words}).`,
      zh: `${who.zh}证明自己持有证书的私钥：它对到此为止的全部握手内容签名（${words}）。`,
    },
    clause: version === tls13 ? 'RFC 8446 §4.4.3' : 'RFC 5246 §7.4.8',
  }
}

/** RFC 8446 §4.4.4, RFC 5246 §7.4.9 */
export function readFinished(body: FieldReader, { direction, version }: Agreed): ToldMessage {
  body.rest('verify_data')
  const who = direction === 'sent' ? { en: 'client', zh: '客户端' } : { en: 'server', zh: '服务器' }
  return {
    label: name('Finished'),
    sentence: {
      en: `The ${who.en} ends its part of the handshake with a checksum over all of it, made with the new keys: had anybody changed a byte on the way, it would not fit.`,
      zh: `${who.zh}结束自己这一半握手，并附上用新密钥对全部握手内容计算的校验值：途中哪怕改动过一个字节，它都对不上。`,
    },
    clause: version === tls13 ? 'RFC 8446 §4.4.4' : 'RFC 5246 §7.4.9',
    fact: { kind: 'finished' },
  }
}

/** RFC 8446 §4.6.1, RFC 5077 §3.3 */
export function readNewSessionTicket(body: FieldReader, { version }: Agreed): ToldMessage {
  const isTls13 = version === tls13
  body.number(isTls13 ? 'ticket_lifetime' : 'ticket_lifetime_hint', 4, (seconds) => `${seconds} s`)
  if (isTls13) {
    body.number('ticket_age_add', 4)
    body.opaque('ticket_nonce', 1)
  }
  body.opaque('ticket', 2)
  if (isTls13) readExtensions(body, 'other')
  return {
    label: name('NewSessionTicket'),
    sentence: {
      en: 'The server hands out a ticket: with it the next connection can skip the certificates.',
      zh: '服务器发放一张票据：下次连接凭它可以省去证书环节。',
    },
    clause: isTls13 ? 'RFC 8446 §4.6.1' : 'RFC 5077 §3.3',
  }
}

/** RFC 8446 §4.5 */
export function readEndOfEarlyData(): ToldMessage {
  return {
    label: name('EndOfEarlyData'),
    sentence: {
      en: 'The client has sent all of its early data: from here on it uses the keys of this handshake.',
      zh: '客户端的早期数据已全部发完：从此改用本次握手的密钥。',
    },
    clause: 'RFC 8446 §4.5',
    fact: { kind: 'end-of-early-data' },
  }
}

/** RFC 8446 §4.6.3 */
export function readKeyUpdate(body: FieldReader): ToldMessage {
  const requested = body.number('request_update', 1, (value) =>
    value === 0 ? 'update_not_requested (0)' : value === 1 ? 'update_requested (1)' : String(value),
  )
  return {
    label: name('KeyUpdate'),
    sentence: {
      en: `The sender goes on with a new key${requested === 1 ? ', and asks the other side for the same' : ''}.`,
      zh: `发送方从此换用新密钥${requested === 1 ? '，并请对方也这样做' : ''}。`,
    },
    clause: 'RFC 8446 §4.6.3',
    fact: { kind: 'key-update' },
  }
}

/** RFC 5246 §7.4.5 */
export function readServerHelloDone(): ToldMessage {
  return {
    label: name('ServerHelloDone'),
    sentence: {
      en: "The server has said its part of the hello; it is the client's turn.",
      zh: '服务器这一轮说完了，轮到客户端。',
    },
    clause: 'RFC 5246 §7.4.5',
  }
}

/** RFC 6066 §8 */
export function readCertificateStatus(body: FieldReader): ToldMessage {
  body.number('status_type', 1)
  body.opaque('response', 3, byteCountWords)
  return {
    label: name('CertificateStatus'),
    sentence: {
      en: 'The server passes on what the authority says of its certificate: whether it has been revoked.',
      zh: '服务器转交签发机构对其证书状态的说明：是否已被吊销。',
    },
    clause: 'RFC 6066 §8',
  }
}

const compressions: ReadonlyMap<number, string> = new Map([
  [1, 'zlib'],
  [2, 'brotli'],
  [3, 'zstd'],
])

/** RFC 8879 §4 */
export function readCompressedCertificate(body: FieldReader): ToldMessage {
  body.number('algorithm', 2, (value) => named(compressions, value))
  body.number('uncompressed_length', 3)
  body.opaque('compressed_certificate_message', 3, byteCountWords)
  return {
    label: name('CompressedCertificate'),
    sentence: {
      en: 'The certificates, compressed. They are not unpacked here.',
      zh: '压缩后的证书链。这里不解压。',
    },
    clause: 'RFC 8879 §4',
  }
}
