import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { generate } from 'selfsigned'
import { describe, expect, test } from 'vitest'
import type { Certificate } from '../../../src/demo/certificate.ts'
import { judgeChain, parseCertificate } from '../../../src/tls/messages/certificate-chain.ts'
import type { RungDraft } from '../../../src/wire/layer-reader.ts'
import { converse } from '../../support/tls-conversation.ts'
import { fieldAt, readTls, rungNamed } from '../../support/tls-tape.ts'

async function make(name: string, ca?: Certificate, isAuthority = true): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(ca === undefined ? {} : { ca }),
    extensions: [
      { name: 'basicConstraints', cA: isAuthority },
      { name: 'subjectAltName', altNames: [{ type: 2, value: `${name}.example` }] },
    ],
  })
  return { cert: made.cert, key: made.private }
}

interface Chain {
  readonly root: Certificate
  readonly middle: Certificate
  readonly leaf: Certificate
}

async function makeChain(): Promise<Chain> {
  const root = await make('root')
  const middle = await make('middle', root)
  return { root, middle, leaf: await make('leaf', middle, false) }
}

/** What is told of the certificates that a server sends, in the version of TLS. */
async function told(
  sent: readonly Certificate[],
  key: string,
  maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3',
): Promise<RungDraft> {
  const { pieces, keys } = await converse({
    server: { cert: sent.map(({ cert }) => cert).join('\n'), key, maxVersion },
  })
  return rungNamed(readTls(pieces, { keys }).rungs, 'Certificate')
}

describe('the message Certificate', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'tells a whole chain, with the parts in their places: %s',
    async (version) => {
      const { leaf, middle, root } = await makeChain()
      const rung = await told([leaf, middle, root], leaf.key, version)
      expect(rung.sentence.en).toMatch(
        /^The server shows who it is: a certificate for leaf, issued by middle, valid until /,
      )
      expect(rung.sentence.en).toContain('3 certificates')
      expect(rung.sentence.en).toContain('complete up to its root')
      expect(rung.alarming).toBe(false)
      const list = fieldAt(rung.fields, 'certificate_list')
      const entries = (list.fields ?? []).filter(({ name }) => name === 'cert_data')
      expect(entries.map(({ value }) => value)).toEqual(['leaf', 'middle', 'root'])
      const content = fieldAt(entries[0]?.fields ?? [], 'certificate')
      const certificate = new X509Certificate(leaf.cert)
      const bytes = Buffer.from(rung.bytes, 'base64')
      expect(bytes.subarray(content.start, content.end)).toEqual(certificate.raw)
      const subject = fieldAt(content.fields ?? [], 'subject')
      expect(subject.value).toBe('CN=leaf')
      expect(bytes.subarray(subject.start, subject.end).includes('leaf')).toBe(true)
      const issuer = fieldAt(content.fields ?? [], 'issuer')
      expect(bytes.subarray(issuer.start, issuer.end).includes('middle')).toBe(true)
      const key = fieldAt(content.fields ?? [], 'subjectPublicKeyInfo')
      expect(bytes.subarray(key.start, key.end)).toEqual(certificate.publicKey.export({ type: 'spki', format: 'der' }))
      expect(fieldAt(content.fields ?? [], 'extensions').value).toBe('DNS:leaf.example')
      const serial = fieldAt(content.fields ?? [], 'serialNumber')
      expect(bytes.subarray(serial.start, serial.end).toString('hex').endsWith(serial.value)).toBe(true)
    },
  )

  test('says whose certificate is missing', async () => {
    const { leaf, middle } = await makeChain()
    const alone = await told([leaf], leaf.key)
    expect(alone.sentence.en).toContain('The certificate of middle, which issued the last of them, is not among them')
    expect(alone.sentence.zh).toContain('middle')
    const rootless = await told([leaf, middle], leaf.key)
    expect(rootless.sentence.en).toContain('The certificate of root,')
  })

  test('says that a chain does not hold together', async () => {
    const { leaf, root } = await makeChain()
    const rung = await told([leaf, root], leaf.key)
    expect(rung.sentence.en).toContain('The chain is broken: leaf was issued by middle, and what follows is root')
    expect(rung.alarming).toBe(true)
  })

  test('says of one that signed itself that nobody vouches for it', async () => {
    const own = await make('own')
    const rung = await told([own], own.key)
    expect(rung.sentence.en).toContain('signed by itself')
  })

  test('without a name is told like any other', async () => {
    const made = await generate([], { keyType: 'ec', algorithm: 'sha256' })
    const rung = await told([{ cert: made.cert, key: made.private }], made.private)
    expect(rung.sentence.en).toContain('a certificate for (no name), issued by (no name)')
  })

  test('a chain that ends below a well-known root lacks nothing', () => {
    const [root] = rootCertificates
    const certificate = parseCertificate(new X509Certificate(root ?? '').raw)
    if (certificate === undefined) throw new Error('Node has no roots')
    const issued = { ...certificate, subject: 'CN=leaf' }
    expect(judgeChain([issued]).text.en).toContain('is a root that clients usually have')
  })
})
