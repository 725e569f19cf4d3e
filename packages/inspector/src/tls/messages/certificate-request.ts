import type { FieldReader } from '../field-reader.ts'
import { signatureSchemes } from '../names/signature-schemes.ts'
import { named } from '../names/value-name.ts'
import { readExtensions } from './extension-list.ts'
import { name, tls13 } from './message.ts'
import type { Agreed, ToldMessage } from './message.ts'

const certificateTypes: ReadonlyMap<number, string> = new Map([
  [1, 'rsa_sign'],
  [2, 'dss_sign'],
  [64, 'ecdsa_sign'],
])

/** RFC 8446 §4.3.2, RFC 5246 §7.4.4 */
export function readCertificateRequest(body: FieldReader, { version }: Agreed): ToldMessage {
  if (version === tls13) {
    body.opaque('certificate_request_context', 1)
    readExtensions(body, 'other')
  } else {
    body.vector('certificate_types', 1, (list) => {
      while (list.left > 0) list.number('ClientCertificateType', 1, (type) => named(certificateTypes, type, 2))
      return ''
    })
    body.vector('supported_signature_algorithms', 2, (list) => {
      while (list.left > 0) list.number('SignatureScheme', 2, (scheme) => named(signatureSchemes, scheme))
      return ''
    })
    body.vector('certificate_authorities', 2, (list) => {
      while (list.left > 0) list.opaque('DistinguishedName', 2)
      return ''
    })
  }
  return {
    label: name('CertificateRequest'),
    sentence: {
      en: 'The server asks the client for a certificate too. It decides later what to do if none comes.',
      zh: '服务器也要求客户端出示证书。如果没有，服务器随后自行决定如何处理。',
    },
    clause: version === tls13 ? 'RFC 8446 §4.3.2' : 'RFC 5246 §7.4.4',
  }
}
