import { once } from 'node:events'
import type { ConnectionOptions, TlsOptions } from 'node:tls'
import { generate } from 'selfsigned'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../src/demo/certificate.ts'
import type { Certificate } from '../../src/demo/certificate.ts'
import { KeyLog } from '../../src/tls/key-log.ts'
import { TlsReader } from '../../src/tls/tls-reader.ts'
import type { RungDraft } from '../../src/wire/layer-reader.ts'
import type { Direction, TapePiece } from '../../src/wire/tape.ts'
import { converse } from '../support/tls-conversation.ts'
import { fieldAt, labelsOf, plainText, readTls, rungNamed } from '../support/tls-tape.ts'

let ecdsa: Certificate
let rsa: Certificate

beforeAll(async () => {
  ecdsa = await makeCertificate()
  const made = await generate([{ name: 'commonName', value: 'rsa.example' }], { keySize: 2048, algorithm: 'sha256' })
  rsa = { cert: made.cert, key: made.private }
})

const tls13Labels = [
  '> ClientHello',
  '< ServerHello',
  '< ChangeCipherSpec',
  '< EncryptedExtensions',
  '< Certificate',
  '< CertificateVerify',
  '< Finished',
  '> ChangeCipherSpec',
  '> Finished',
  '< NewSessionTicket',
  '< NewSessionTicket',
  '> Application data, 5 bytes',
  '< Application data, 5 bytes',
  '> Alert: close_notify',
  '< Alert: close_notify',
]

const tls12Labels = [
  '> ClientHello',
  '< ServerHello',
  '< Certificate',
  '< ServerKeyExchange',
  '< ServerHelloDone',
  '> ClientKeyExchange',
  '> ChangeCipherSpec',
  '> Finished',
  '< NewSessionTicket',
  '< ChangeCipherSpec',
  '< Finished',
  '> Application data, 5 bytes',
  '< Application data, 5 bytes',
  '> Alert: close_notify',
  '< Alert: close_notify',
]

describe('a connection of Node to Node, with its key log', () => {
  test.each([
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_CCM_SHA256',
  ])('of TLS 1.3 with %s: every message is opened', async (suite) => {
    const { pieces, keys } = await converse({
      server: { ...ecdsa, ciphers: suite },
      client: { minVersion: 'TLSv1.3', ciphers: suite },
    })
    const { labels, plain, rungs } = readTls(pieces, { keys })
    expect(labels).toEqual(tls13Labels)
    expect(fieldAt(rungNamed(rungs, 'ServerHello').fields, 'cipher_suite').value).toContain(suite)
    expect([plainText(plain, 'sent'), plainText(plain, 'received')]).toEqual(['hello', 'hello'])
    const clear = rungs.filter(({ decrypted }) => !decrypted).map(({ label }) => label.en)
    expect(clear).toEqual(['ClientHello', 'ServerHello', 'ChangeCipherSpec', 'ChangeCipherSpec'])
    expect(rungs.some(({ alarming }) => alarming)).toBe(false)
  })

  test.each<[suite: string, openssl: string, certificate: () => Certificate]>([
    ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256', () => ecdsa],
    ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305', () => ecdsa],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8', 'ECDHE-ECDSA-AES256-CCM8@SECLEVEL=0', () => ecdsa],
    ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384', () => rsa],
  ])('of TLS 1.2 with %s: every message is opened', async (suite, openssl, certificate) => {
    const { pieces, keys } = await converse({
      server: { ...certificate(), ciphers: openssl },
      client: { maxVersion: 'TLSv1.2', ciphers: openssl },
    })
    const { labels, plain, rungs } = readTls(pieces, { keys })
    expect(labels).toEqual(tls12Labels)
    expect(fieldAt(rungNamed(rungs, 'ServerHello').fields, 'cipher_suite').value).toContain(suite)
    expect([plainText(plain, 'sent'), plainText(plain, 'received')]).toEqual(['hello', 'hello'])
  })

  test('of TLS 1.2 without a key exchange of their own (RSA): the secret crosses encrypted', async () => {
    const cipher = { ciphers: 'AES128-GCM-SHA256' }
    const { pieces, keys } = await converse({
      server: { ...rsa, ...cipher },
      client: { maxVersion: 'TLSv1.2', ...cipher },
    })
    const { labels, plain, rungs } = readTls(pieces, { keys })
    expect(labels).toEqual(tls12Labels.filter((label) => label !== '< ServerKeyExchange'))
    expect(fieldAt(rungNamed(rungs, 'ClientKeyExchange').fields, 'encrypted_pre_master_secret').value).toMatch(/256/)
    expect(plainText(plain, 'received')).toBe('hello')
  })

  test('of TLS 1.2 with CBC: the handshake is told, the rest only by its length', async () => {
    const cipher = { ciphers: 'ECDHE-ECDSA-AES128-SHA' }
    const { pieces, keys } = await converse({
      server: { ...ecdsa, ...cipher },
      client: { maxVersion: 'TLSv1.2', ...cipher },
    })
    const { labels, plain, rungs } = readTls(pieces, { keys })
    expect(labels.slice(0, 7)).toEqual(tls12Labels.slice(0, 7))
    expect(labels[7]).toMatch(/^> Encrypted, \d+ bytes: not opened$/)
    expect(rungs[7]?.sentence.en).toContain('AEAD')
    expect(plain).toEqual([])
  })

  test('whose server wants another group: HelloRetryRequest', async () => {
    const { pieces, keys } = await converse({
      server: { ...ecdsa, ecdhCurve: 'secp384r1' },
      client: { ecdhCurve: 'X25519:secp384r1' },
    })
    const { labels, rungs, plain } = readTls(pieces, { keys })
    expect(labels.slice(0, 6)).toEqual([
      '> ClientHello',
      '< HelloRetryRequest',
      '< ChangeCipherSpec',
      '> ChangeCipherSpec',
      '> ClientHello',
      '< ServerHello',
    ])
    expect(rungNamed(rungs, 'HelloRetryRequest').sentence.en).toContain('secp384r1')
    expect(plainText(plain, 'received')).toBe('hello')
  })

  test.each([
    ['TLSv1.3', ['CertificateRequest', 'Certificate', 'CertificateVerify', 'Finished']],
    ['TLSv1.2', ['CertificateRequest', 'ServerHelloDone', 'Certificate', 'ClientKeyExchange', 'CertificateVerify']],
  ] as const)('of %s whose server asks for a certificate', async (version, expected) => {
    const { pieces, keys } = await converse({
      server: { ...ecdsa, requestCert: true, rejectUnauthorized: false, ca: ecdsa.cert, maxVersion: version },
      client: ecdsa,
    })
    const { labels, rungs } = readTls(pieces, { keys })
    const asked = labels.indexOf('< CertificateRequest')
    expect(asked).toBeGreaterThan(0)
    const fromClient = labels.filter((label) => label.startsWith('> ')).map((label) => label.slice(2))
    for (const label of expected) expect(labels.map((each) => each.slice(2))).toContain(label)
    expect(fromClient).toContain('CertificateVerify')
    const shown = rungs.find(({ from, label }) => from === 'client' && label.en === 'Certificate')
    expect(shown?.sentence.en).toMatch(/^The client shows who it is: a certificate for localhost/)
  })

  test.each([
    ['TLSv1.3', 'It resumes the earlier session'],
    ['TLSv1.2', ''],
  ] as const)('of %s that is resumed: no certificate crosses', async (version, sentence) => {
    const server: TlsOptions = { ...ecdsa, maxVersion: version, ticketKeys: Buffer.alloc(48, 7) }
    const first = await converse({ server })
    expect(first.session).toBeDefined()
    const client: ConnectionOptions = first.session === undefined ? {} : { session: first.session }
    const { pieces, keys } = await converse({ server, client })
    const { labels, rungs, plain } = readTls(pieces, { keys })
    expect(labels).not.toContain('< Certificate')
    expect(labels).toContain('< Finished')
    expect(rungNamed(rungs, 'ServerHello').sentence.en).toContain(sentence)
    expect(plainText(plain, 'received')).toBe('hello')
  })

  test('that agrees on a protocol: ALPN and SNI are told', async () => {
    const alpn = { ALPNProtocols: ['http/1.1'] }
    const { pieces, keys } = await converse({ server: { ...ecdsa, ...alpn }, client: alpn })
    const { rungs } = readTls(pieces, { keys })
    const hello = fieldAt(rungNamed(rungs, 'ClientHello').fields, 'extensions')
    expect(fieldAt(hello.fields ?? [], 'server_name').value).toBe('localhost')
    expect(fieldAt(hello.fields ?? [], 'application_layer_protocol_negotiation').value).toBe('http/1.1')
    expect(rungNamed(rungs, 'ClientHello').sentence.en).toContain('the server localhost')
    expect(rungNamed(rungs, 'EncryptedExtensions').sentence.en).toContain('http/1.1')
  })

  test('that fails in the clear: an alert', async () => {
    const { pieces, keys, error } = await converse({
      server: { ...ecdsa, minVersion: 'TLSv1.3' },
      client: { maxVersion: 'TLSv1.2' },
    })
    expect(error).toBeDefined()
    const { labels, rungs } = readTls(pieces, { keys })
    expect(labels).toEqual(['> ClientHello', '< Alert: protocol_version'])
    expect(rungs[1]).toMatchObject({ alarming: true, decrypted: false })
    expect(rungs[1]?.sentence.en).toContain('does not speak any version')
  })

  test('that fails encrypted: the client does not accept the certificate', async () => {
    const { pieces, keys, error } = await converse({
      server: { ...ecdsa, requestCert: true, rejectUnauthorized: true },
      client: { minVersion: 'TLSv1.3' },
    })
    expect(error).toBeDefined()
    const { rungs } = readTls(pieces, { keys })
    const alert = rungs.find(({ label }) => label.en.startsWith('Alert'))
    expect(alert).toMatchObject({ label: { en: 'Alert: certificate_required' }, decrypted: true, alarming: true })
    const empty = rungs.find(({ from, label }) => from === 'client' && label.en === 'Certificate')
    expect(empty?.sentence.en).toContain('has none to show')
  })

  test('that carries much: data comes out as it went in, in both directions', async () => {
    const sent = Buffer.alloc(300_000, 'much ')
    const { pieces, keys } = await converse({
      server: ecdsa,
      talk: async (client) => {
        client.write(sent)
        let received = 0
        while (received < sent.length) received += ((await once(client, 'data')) as [Buffer])[0].length
        client.end()
      },
    })
    const { plain } = readTls(pieces, { keys })
    expect(plainText(plain, 'sent')).toBe(sent.toString())
    expect(plainText(plain, 'received')).toBe(sent.toString())
  })
})

describe('keys', () => {
  test('without them the clear part is told, and the rest by its length', async () => {
    const { pieces } = await converse({ server: ecdsa, client: { minVersion: 'TLSv1.3' } })
    const { labels, plain, rungs } = readTls(pieces)
    expect(labels.slice(0, 3)).toEqual(['> ClientHello', '< ServerHello', '< ChangeCipherSpec'])
    const rest = rungs.slice(3).filter(({ label }) => label.en !== 'ChangeCipherSpec')
    expect(rest).toHaveLength(11)
    for (const { label, decrypted } of rest) {
      expect(label.en).toMatch(/^Encrypted, \d+ bytes: no key$/)
      expect(decrypted).toBe(false)
    }
    expect(plain).toEqual([])
  })

  test('a log that lacks those of the handshake still opens the data', async () => {
    const { pieces, keys } = await converse({ server: ecdsa, client: { minVersion: 'TLSv1.3' } })
    const { plain, labels } = readTls(pieces, { keys: keys.filter((line) => !line.includes('HANDSHAKE')) })
    expect(plainText(plain, 'sent')).toBe('hello')
    expect(plainText(plain, 'received')).toBe('hello')
    expect(labels).toContain('< NewSessionTicket')
  })

  test('of another connection open nothing', async () => {
    const one = await converse({ server: ecdsa })
    const other = await converse({ server: ecdsa })
    expect(readTls(one.pieces, { keys: other.keys }).plain).toEqual([])
  })

  test('that fit the connection but are wrong are told as such', async () => {
    const { pieces, keys } = await converse({ server: ecdsa, client: { minVersion: 'TLSv1.3' } })
    const wrong = keys.map((line) => line.trim().replace(/.{8}$/, '00000000'))
    const { labels, rungs, plain } = readTls(pieces, { keys: wrong })
    expect(labels[3]).toMatch(/not opened$/)
    expect(rungs[3]?.alarming).toBe(true)
    expect(plain).toEqual([])
  })

  test.each(['TLSv1.3', 'TLSv1.2'] as const)('may come after the records that need them: %s', async (maxVersion) => {
    const { pieces, keys } = await converse({ server: { ...ecdsa, maxVersion } })
    const expected = readTls(pieces, { keys })
    const keyLog = new KeyLog()
    const rungs: RungDraft[] = []
    const plain: TapePiece[] = []
    const reader = new TlsReader({ keyLog, rung: (rung) => rungs.push(rung), plain: (piece) => plain.push(piece) })
    for (const piece of pieces) reader.receive(piece)
    expect(plain).toEqual([])
    for (const line of keys) keyLog.add(line)
    expect(rungs).toEqual(expected.rungs)
    expect(plain).toEqual(expected.plain)
    reader.end(1e6)
    expect(rungs).toEqual(expected.rungs)
  })

  test('never stand in a rung', async () => {
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const { pieces, keys } = await converse({ server: { ...ecdsa, maxVersion } })
      const { rungs } = readTls(pieces, { keys })
      const told = JSON.stringify(rungs)
      const bytes = rungs.map((rung) => Buffer.from(rung.bytes, 'base64').toString('hex')).join(' ')
      for (const line of keys) {
        const secret = line.trim().split(' ')[2] ?? ''
        expect(secret.length).toBeGreaterThanOrEqual(64)
        expect(told).not.toContain(secret)
        expect(bytes).not.toContain(secret)
      }
      // What was said inside is the upper layer's to show or to hide.
      expect(bytes).not.toContain(Buffer.from('hello').toString('hex'))
    }
  })
})

function chunk(direction: Direction, bytes: string): TapePiece {
  return { direction, atMs: 0, bytes: Buffer.from(bytes, 'latin1') }
}

describe('bytes that are no TLS', () => {
  test('HTTP from the server is named', () => {
    const { rungs } = readTls([chunk('received', 'HTTP/1.1 400 Bad Request\r\n\r\n')])
    expect(labelsOf(rungs)).toEqual(['< Not TLS'])
    expect(rungs[0]?.sentence.en).toContain('plain HTTP')
    expect(rungs[0]?.alarming).toBe(true)
  })

  test('a record that is cut short', () => {
    const { labels } = readTls([chunk('sent', '\x16\x03\x01\x01\x00\x01\x00')])
    expect(labels).toEqual(['> Cut short: a record, 7 bytes'])
  })

  test('a handshake message that is cut short', () => {
    const { labels } = readTls([chunk('sent', '\x16\x03\x01\x00\x06\x01\x00\x10\x00\x03\x03')])
    expect(labels).toEqual(['> Cut short: a handshake message, 6 bytes'])
  })

  test('a fragment of 2^14 + 2048 bytes is a record, of one byte more is none', () => {
    expect(readTls([chunk('sent', '\x17\x03\x03\x48\x00'), chunk('sent', 'x'.repeat(0x4800))]).labels).toEqual([
      '> Encrypted, 18432 bytes: no key',
    ])
    expect(readTls([chunk('sent', '\x17\x03\x03\x48\x01')]).labels).toEqual(['> Not TLS'])
  })

  test('a message longer than 256 KiB is not waited for', () => {
    const { labels } = readTls([chunk('sent', '\x16\x03\x01\x00\x08\x01\x04\x00\x01\x03\x03\x00\x00')])
    expect(labels).toEqual(['> Malformed client_hello'])
  })

  test('a ClientHello whose lengths lead nowhere is told as malformed', () => {
    const { labels, rungs } = readTls([chunk('sent', '\x16\x03\x01\x00\x08\x01\x00\x00\x04\x03\x03\x00\x00')])
    expect(labels).toEqual(['> Malformed client_hello'])
    expect(rungs[0]?.alarming).toBe(true)
  })
})
