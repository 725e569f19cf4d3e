import { EventEmitter, once } from 'node:events'
import { connect, endpoint, listen } from 'centouno'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../src/demo/certificate.ts'
import { KeyLog } from '../../src/tls/key-log.ts'
import { TlsReader } from '../../src/tls/tls-reader.ts'
import type { RungDraft } from '../../src/wire/layer-reader.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { labelsOf, plainText } from '../support/tls-tape.ts'

describe('a connection of the engine, watched while it runs', () => {
  test('every message of TLS 1.3 is opened by the key log of the connection itself', async () => {
    const certificate = await makeCertificate()
    const server = await listen(
      { port: 0, host: '127.0.0.1', tls: certificate },
      endpoint('/echo', { message: (socket, data) => socket.send(data) }),
    )
    const keyLog = new KeyLog()
    const rungs: RungDraft[] = []
    const plain: TapePiece[] = []
    const reader = new TlsReader({ keyLog, rung: (rung) => rungs.push(rung), plain: (piece) => plain.push(piece) })
    const gone = new EventEmitter()
    const over = once(gone, 'closed')
    const socket = await connect(`wss://localhost:${server.port}/echo`, {
      tls: { ca: certificate.cert },
      wire: {
        bytes: (direction, bytes, atMs) => reader.receive({ direction, atMs, bytes }),
        keyLog: (line) => keyLog.add(line),
        closed: () => gone.emit('closed'),
      },
    })
    await socket.send('hello')
    await socket[Symbol.asyncIterator]().next()
    await socket.close(1000, 'bye')
    await over
    const beforeTheEnd = labelsOf(rungs)
    reader.end(1e6)
    await server.close()
    // Nothing waits for keys until the connection is over.
    expect(labelsOf(rungs)).toEqual(beforeTheEnd)
    expect(beforeTheEnd.slice(0, 9)).toEqual([
      '> ClientHello',
      '< ServerHello',
      '< ChangeCipherSpec',
      '< EncryptedExtensions',
      '< Certificate',
      '< CertificateVerify',
      '< Finished',
      '> ChangeCipherSpec',
      '> Finished',
    ])
    expect(beforeTheEnd).toContain('< Alert: close_notify')
    expect(beforeTheEnd.filter((label) => label.includes('Encrypted,'))).toEqual([])
    expect(plainText(plain, 'sent')).toMatch(/^GET \/echo HTTP\/1\.1\r\n/)
    expect(plainText(plain, 'received')).toMatch(/^HTTP\/1\.1 101 /)
    expect(plainText(plain, 'received')).toContain('\x05hello')
    // In the order in which they were told, and at their own times.
    const times = rungs.map(({ atMs }) => atMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })
})
