import { constants } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../src/demo/certificate.ts'
import { HandshakeJoiner } from '../../src/tls/handshake-joiner.ts'
import { contentType, RecordStream } from '../../src/tls/record-stream.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { converse } from '../support/tls-conversation.ts'
import { fieldAt, readTls } from '../support/tls-tape.ts'

const header = Buffer.from('160303', 'hex')
const finished = Buffer.from('1400000401020304', 'hex')
const done = Buffer.from('0e000000', 'hex')

describe('handshake messages and records (RFC 8446 §5.1)', () => {
  test('several in one record: only the first begins it', () => {
    const joined = new HandshakeJoiner().receive(header, Buffer.concat([finished, done]))
    expect(joined.map(({ message }) => Buffer.from(message))).toEqual([finished, done])
    expect(joined.map(({ recordHeader }) => recordHeader.length)).toEqual([3, 0])
  })

  test('one over several records: it has the header of the first', () => {
    const joiner = new HandshakeJoiner()
    const other = Buffer.from('160301', 'hex')
    expect(joiner.receive(header, finished.subarray(0, 2))).toEqual([])
    expect(joiner.receive(other, finished.subarray(2, 5))).toEqual([])
    expect(Buffer.from(joiner.waiting)).toEqual(finished.subarray(0, 5))
    const joined = joiner.receive(other, Buffer.concat([finished.subarray(5), done]))
    expect(joined.map(({ message }) => Buffer.from(message))).toEqual([finished, done])
    expect(joined[0]?.recordHeader).toBe(header)
    expect(joiner.waiting).toHaveLength(0)
  })

  test('256 KiB are waited for, one byte more is not', () => {
    // The length counts what comes after type and length.
    expect(new HandshakeJoiner().receive(header, Buffer.from('0b03fffc', 'hex'))).toEqual([])
    expect(new HandshakeJoiner().receive(header, Buffer.from('0b03fffd', 'hex'))).toHaveLength(1)
  })
})

/** The same messages in other records: each of so many bytes, whatever the messages are. */
function recut(pieces: readonly TapePiece[], direction: 'sent' | 'received', size: number): TapePiece[] {
  const stream = new RecordStream(direction)
  const records = pieces
    .filter((piece) => piece.direction === direction)
    .flatMap(({ bytes }) => stream.receive(bytes, 0))
    .flatMap((record) => ('type' in record ? [record] : []))
  // What comes after ChangeCipherSpec is encrypted, and stays out; of the client's, all but the hello comes later.
  const end = direction === 'sent' ? 1 : records.findIndex(({ type }) => type === contentType.changeCipherSpec)
  const clear = Buffer.concat(records.slice(0, end).map(({ fragment }) => fragment))
  const cut: TapePiece[] = []
  for (let at = 0; at < clear.length; at += size) {
    const fragment = clear.subarray(at, at + size)
    const head = Buffer.from([22, 3, 3, fragment.length >>> 8, fragment.length & 0xff])
    cut.push({ direction, atMs: 0, bytes: Buffer.concat([head, fragment]) })
  }
  return cut
}

test.each([1, 3, 100, 16_000])('a flight in records of %i bytes is the same flight', async (size) => {
  const certificate = await makeCertificate()
  const cipher = { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }
  const { pieces } = await converse({
    server: { ...certificate, ...cipher, maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET },
    client: cipher,
  })
  const expected = readTls(pieces).rungs.slice(0, 5)
  const { labels, rungs } = readTls([...recut(pieces, 'sent', size), ...recut(pieces, 'received', size)])
  expect(labels).toEqual([
    '> ClientHello',
    '< ServerHello',
    '< Certificate',
    '< ServerKeyExchange',
    '< ServerHelloDone',
  ])
  const bodies = (all: typeof rungs): string[] =>
    all.map(({ bytes, fields }) =>
      Buffer.from(bytes, 'base64').subarray(fieldAt(fields, 'msg_type').start).toString('hex'),
    )
  expect(bodies(rungs)).toEqual(bodies(expected))
})
