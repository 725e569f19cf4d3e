import { fieldValue } from '../../wire/field-value.ts'
import type { FieldValue } from '../../wire/field-value.ts'
import type { WireField } from '../../wire/rung.ts'

/** One element of DER (X.690 §8.1): where it and its content lie. */
interface Element {
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly end: number
}

const sequence = 0x30
const explicitVersion = 0xa0
const explicitExtensions = 0xa3
const longForm = 0x80

function elementAt(bytes: Uint8Array, start: number, limit: number): Element | undefined {
  const [tag, first] = bytes.subarray(start, limit)
  if (tag === undefined || first === undefined) return undefined
  let length = first
  let contentStart = start + 2
  if (first >= longForm) {
    const width = first - longForm
    // Certificates are not longer than three bytes can say; zero is the indefinite form, which DER has not.
    if (width === 0 || width > 3 || contentStart + width > limit) return undefined
    length = 0
    for (const byte of bytes.subarray(contentStart, contentStart + width)) length = length * 256 + byte
    contentStart += width
  }
  const end = contentStart + length
  return end > limit ? undefined : { tag, start, contentStart, end }
}

function childrenOf(bytes: Uint8Array, parent: Element): readonly Element[] {
  const children: Element[] = []
  let at = parent.contentStart
  while (at < parent.end) {
    const child = elementAt(bytes, at, parent.end)
    if (child === undefined) break
    children.push(child)
    at = child.end
  }
  return children
}

/** The parts of a certificate that have a place of their own (RFC 5280 §4.1). */
export interface CertificateValues {
  readonly serialNumber: string
  readonly issuer: string
  readonly validity: string
  readonly subject: string
  readonly subjectPublicKeyInfo: FieldValue
  readonly extensions: FieldValue
}

/**
 * Where the parts of a certificate stand, which itself stands at `start`; none where it is no certificate.
 *
 *     TBSCertificate = [version] serialNumber signature issuer validity subject subjectPublicKeyInfo … [extensions]
 */
export function certificateFields(der: Uint8Array, start: number, values: CertificateValues): readonly WireField[] {
  const certificate = elementAt(der, 0, der.length)
  const toBeSigned = certificate === undefined ? undefined : childrenOf(der, certificate)[0]
  if (toBeSigned?.tag !== sequence) return []
  const all = childrenOf(der, toBeSigned)
  const parts = all[0]?.tag === explicitVersion ? all.slice(1) : all
  const [serialNumber, , issuer, validity, subject, subjectPublicKeyInfo] = parts
  const extensions = parts.find(({ tag }) => tag === explicitExtensions)
  const places = { serialNumber, issuer, validity, subject, subjectPublicKeyInfo, extensions }
  return Object.entries(places).flatMap(([name, place]) =>
    place === undefined
      ? []
      : [
          {
            name,
            ...fieldValue(values[name as keyof CertificateValues]),
            start: start + place.start,
            end: start + place.end,
          },
        ],
  )
}
