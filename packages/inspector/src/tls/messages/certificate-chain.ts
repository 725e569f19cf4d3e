import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import type { FieldValue } from '../../wire/field-value.ts'
import type { Text } from 'centouno/telling'

/** What a certificate says of itself, in words. */
export interface ReadCertificate {
  /** A name for people: the common name, or the organisation. */
  readonly holder: string
  readonly issuedBy: string
  /** The whole names. */
  readonly subject: string
  readonly issuer: string
  readonly serialNumber: string
  readonly validFrom: string
  readonly validTo: string
  readonly alternativeNames: FieldValue
  /** Kind and size of its key. */
  readonly key: FieldValue
  readonly x509: X509Certificate
}

/** Undefined when the bytes are no certificate. */
export function parseCertificate(der: Uint8Array): ReadCertificate | undefined {
  try {
    const x509 = new X509Certificate(der)
    // Typed as always there, but a certificate may leave its names empty.
    const { subject, issuer, subjectAltName }: Partial<X509Certificate> = x509
    return {
      holder: shortName(subject),
      issuedBy: shortName(issuer),
      subject: nameInOneLine(subject),
      issuer: nameInOneLine(issuer),
      serialNumber: x509.serialNumber.toLowerCase(),
      validFrom: x509.validFrom,
      validTo: x509.validTo,
      alternativeNames: subjectAltName ?? { en: 'no subjectAltName', zh: '没有 subjectAltName' },
      key: keyWords(x509),
      x509,
    }
  } catch {
    return undefined
  }
}

function keyWords(certificate: X509Certificate): FieldValue {
  try {
    const { asymmetricKeyType = '', asymmetricKeyDetails: details } = certificate.publicKey
    const bits = details?.modulusLength
    if (bits === undefined) return `${asymmetricKeyType} ${details?.namedCurve ?? ''}`.trim()
    return { en: `${asymmetricKeyType} ${bits} bits`, zh: `${asymmetricKeyType} ${bits} 位` }
  } catch {
    // OpenSSL knows the certificate, but not this kind of key.
    return { en: 'a key of an unknown kind', zh: '类型未知的密钥' }
  }
}

// Node writes a line for each part of a name.
function nameInOneLine(name: string = ''): string {
  return name.split('\n').join(', ')
}

/** The part of a name that people know it by. */
function shortName(name: string = ''): string {
  const parts = name.split('\n')
  const found = ['CN=', 'O=', 'OU='].flatMap((key) => parts.filter((part) => part.startsWith(key)).slice(0, 1))
  const first = found[0]?.slice(found[0].indexOf('=') + 1) ?? nameInOneLine(name)
  return first === '' ? '(no name)' : first
}

/** How the certificates of a chain hold together. */
export interface ChainFinding {
  readonly text: Text
  /** Each should be issued by the next, and these are not. */
  readonly broken: boolean
}

/** What is to be said of a chain as it was sent: whether each was issued by the next, and what is missing at its end. */
export function judgeChain(chain: readonly ReadCertificate[]): ChainFinding {
  for (const [index, certificate] of chain.entries()) {
    const next = chain[index + 1]
    if (next !== undefined && !certificate.x509.checkIssued(next.x509)) return outOfOrder(certificate, next)
  }
  const last = chain.at(-1)
  if (last === undefined) return { broken: false, text: { en: '', zh: '' } }
  if (last.subject === last.issuer) return { broken: false, text: chain.length === 1 ? selfSigned : complete }
  const isKnown = knownRoots().has(last.x509.issuer)
  return { broken: false, text: isKnown ? endsAtRoot(last.issuedBy) : endsUnknown(last.issuedBy) }
}

const selfSigned: Text = {
  en: 'It is signed by itself: nobody else vouches for it.',
  zh: '它是自签名的：没有别人为它担保。',
}
const complete: Text = { en: 'The chain is complete up to its root.', zh: '证书链完整，直至根证书。' }

function outOfOrder(
  { holder: own, issuedBy: issuer }: ReadCertificate,
  { holder: other }: ReadCertificate,
): ChainFinding {
  return {
    broken: true,
    text: {
      en: `The chain is broken: ${own} was issued by ${issuer}, and what follows is ${other}.`,
      zh: `证书链断开：${own} 由 ${issuer} 签发，而后面跟的是 ${other}。`,
    },
  }
}

function endsAtRoot(issuer: string): Text {
  return {
    en: `Its last issuer, ${issuer}, is a root that clients usually have, so it need not be sent.`,
    zh: `最后的签发者 ${issuer} 是客户端通常自带的根证书，所以不必发送。`,
  }
}

function endsUnknown(issuer: string): Text {
  return {
    en: `The certificate of ${issuer}, which issued the last of them, is not among them and is no well-known root: a client that does not have it cannot verify this chain.`,
    zh: `最后一张证书的签发者 ${issuer} 的证书没有一并发送，它也不是公认的根证书：没有它的客户端无法验证这条证书链。`,
  }
}

let roots: ReadonlySet<string> | undefined

/** The subjects of the roots that come with Node. */
function knownRoots(): ReadonlySet<string> {
  roots ??= new Set(rootCertificates.map((pem) => new X509Certificate(pem).subject))
  return roots
}
