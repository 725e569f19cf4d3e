import type { FieldReader } from '../field-reader.ts'
import { cipherSuites } from '../names/cipher-suites.ts'
import { groups } from '../names/groups.ts'
import { signatureSchemes } from '../names/signature-schemes.ts'
import { named } from '../names/value-name.ts'
import { name } from './message.ts'
import type { Agreed, ToldMessage } from './message.ts'

type Exchange = 'ecdhe' | 'dhe' | 'rsa' | 'other'

const namedCurve = 3

/** How the suites of TLS 1.2 agree on a key stands at the beginning of their names. */
function exchangeOf(suite: number): Exchange {
  const [, found] = /^TLS_(ECDHE|DHE|RSA)_(?!PSK)/.exec(cipherSuites.get(suite) ?? '') ?? []
  if (found === 'ECDHE') return 'ecdhe'
  if (found === 'DHE') return 'dhe'
  return found === 'RSA' ? 'rsa' : 'other'
}

/** RFC 8422 §5.4, RFC 5246 §7.4.3: parameters of the exchange, signed with the key of the certificate. */
export function readServerKeyExchange(body: FieldReader, { suite }: Agreed): ToldMessage {
  const exchange = exchangeOf(suite)
  if (exchange === 'ecdhe') {
    body.number('curve_type', 1, (type) => (type === namedCurve ? 'named_curve (3)' : String(type)))
    body.number('namedcurve', 2, (value) => named(groups, value))
    body.opaque('point', 1)
    readSignature(body)
  } else if (exchange === 'dhe') {
    body.opaque('dh_p', 2)
    body.opaque('dh_g', 2)
    body.opaque('dh_Ys', 2)
    readSignature(body)
  } else body.rest('params')
  return {
    label: name('ServerKeyExchange'),
    sentence: {
      en: 'The server sends its half of the key exchange, signed with the key of its certificate, so that nobody on the way can replace it.',
      zh: '服务器发出它那一半密钥交换数据，并用证书的私钥签名，使途中无人能够替换。',
    },
    clause: exchange === 'ecdhe' ? 'RFC 8422 §5.4' : 'RFC 5246 §7.4.3',
  }
}

function readSignature(body: FieldReader): void {
  if (body.left === 0) return
  body.number('algorithm', 2, (value) => named(signatureSchemes, value))
  body.opaque('signature', 2)
}

/** RFC 8422 §5.7, RFC 5246 §7.4.7 */
export function readClientKeyExchange(body: FieldReader, { suite }: Agreed): ToldMessage {
  const exchange = exchangeOf(suite)
  if (exchange === 'ecdhe') body.opaque('ecdh_Yc', 1)
  else if (exchange === 'dhe') body.opaque('dh_Yc', 2)
  else if (exchange === 'rsa') body.opaque('encrypted_pre_master_secret', 2)
  else body.rest('exchange_keys')
  return {
    label: name('ClientKeyExchange'),
    sentence:
      exchange === 'rsa'
        ? {
            en: 'The client sends a secret, encrypted for the key of the certificate. Who ever gets that key can read this connection, even later.',
            zh: '客户端用证书的公钥加密一个秘密并发送。日后谁拿到对应的私钥，谁就能解读这条连接。',
          }
        : {
            en: 'The client sends its half of the key exchange. Both can now make the same keys.',
            zh: '客户端发出它那一半密钥交换数据。双方由此可以算出同样的密钥。',
          },
    clause: exchange === 'ecdhe' ? 'RFC 8422 §5.7' : 'RFC 5246 §7.4.7',
  }
}
