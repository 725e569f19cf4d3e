import type { Text } from 'centouno/telling'
import type { FieldReader } from '../field-reader.ts'
import { byteCountWords } from '../field-reader.ts'
import { judgeChain, parseCertificate } from './certificate-chain.ts'
import type { ReadCertificate } from './certificate-chain.ts'
import { readExtensions } from './extension-list.ts'
import { name, tls13 } from './message.ts'
import type { Agreed, ToldMessage } from './message.ts'
import { fieldValue } from '../../wire/field-value.ts'
import type { WireField } from '../../wire/rung.ts'
import { certificateFields } from './der.ts'

/**
 * RFC 8446 §4.4.2, RFC 5246 §7.4.2:
 *
 *     Certificate (1.3) = certificate_request_context *(cert_data extensions)
 *     Certificate (1.2) = *certificate
 */
export function readCertificate(body: FieldReader, agreed: Agreed): ToldMessage {
  const isTls13 = agreed.version === tls13
  const chain: ReadCertificate[] = []
  let entries = 0
  if (isTls13) body.opaque('certificate_request_context', 1)
  body.vector('certificate_list', 3, (list) => {
    for (; list.left > 0; entries += 1) {
      const certificate = readEntry(list)
      if (certificate !== undefined) chain.push(certificate)
      if (isTls13) readExtensions(list, 'other')
    }
    return { en: entries === 1 ? '1 certificate' : `${entries} certificates`, zh: `${entries} 张证书` }
  })
  const { text, broken } = judgeChain(chain)
  return {
    label: name('Certificate'),
    sentence: joined(sentence(chain, entries, agreed), text),
    clause: isTls13 ? 'RFC 8446 §4.4.2' : 'RFC 5246 §7.4.2',
    alarming: broken || chain.length < entries,
  }
}

const lengthWidth = 3

function readEntry(list: FieldReader): ReadCertificate | undefined {
  const start = list.at
  let der: Uint8Array = new Uint8Array(0)
  list.vector('cert_data', lengthWidth, (inner) => {
    der = inner.rest('certificate', byteCountWords)
    return ''
  })
  const field = list.fields.pop()
  const certificate = parseCertificate(der)
  if (field !== undefined) list.note(described(field, der, start + lengthWidth, certificate))
  return certificate
}

function noCertificate(der: Uint8Array): Text {
  const size = byteCountWords(der)
  return { en: `no certificate, ${size.en}`, zh: `不是证书，${size.zh}` }
}

/** The field of an entry, with the parts of the certificate where they stand. */
function described(
  field: WireField,
  der: Uint8Array,
  start: number,
  certificate: ReadCertificate | undefined,
): WireField {
  if (certificate === undefined) return { ...field, ...fieldValue(noCertificate(der)) }
  const parts = certificateFields(der, start, {
    serialNumber: certificate.serialNumber,
    issuer: certificate.issuer,
    validity: `${certificate.validFrom} – ${certificate.validTo}`,
    subject: certificate.subject,
    subjectPublicKeyInfo: certificate.key,
    extensions: certificate.alternativeNames,
  })
  const [length, content] = field.fields ?? []
  return {
    ...field,
    value: certificate.holder,
    fields: [
      ...(length === undefined ? [] : [length]),
      ...(content === undefined ? [] : [{ ...content, fields: parts }]),
    ],
  }
}

function sentence(chain: readonly ReadCertificate[], entries: number, { direction }: Agreed): Text {
  const [own] = chain
  const client = direction === 'sent'
  if (entries === 0) {
    return client
      ? {
          en: 'The client was asked for a certificate and has none to show.',
          zh: '服务器要求客户端证书，而客户端没有可出示的证书。',
        }
      : { en: 'The server shows no certificate.', zh: '服务器没有出示证书。' }
  }
  if (own === undefined) return { en: 'What should be a certificate cannot be read.', zh: '本应是证书的内容无法读取。' }
  const { holder: subject, issuedBy: issuer } = own
  const count = entries === 1 ? '' : ` It sends ${entries} certificates in all.`
  const countZh = entries === 1 ? '' : `一共发送 ${entries} 张证书。`
  return {
    en: `The ${client ? 'client' : 'server'} shows who it is: a certificate for ${subject}, issued by ${issuer}, valid until ${own.validTo}.${count}`,
    zh: `${client ? '客户端' : '服务器'}表明身份：证书属于 ${subject}，由 ${issuer} 签发，有效期至 ${own.validTo}。${countZh}`,
  }
}

function joined(first: Text, second: Text): Text {
  return { en: `${first.en} ${second.en}`.trim(), zh: `${first.zh}${second.zh}` }
}
