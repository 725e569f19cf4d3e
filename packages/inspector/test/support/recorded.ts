import type { RecordedConnection } from '../../src/session-file/recorded-connection.ts'
import { openCapture } from '../../src/capture/open-capture.ts'
import { seenConnection } from '../../src/seen/seen-connection.ts'
import { pcapFile } from './packet-writer.ts'
import { TcpTalk } from './tcp-talk.ts'

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

/** An opening request with secrets in every place where one may stand. */
export const secretRequest =
  'GET /chat?room=7&token=s3cret-token HTTP/1.1\r\nHost: chat.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nCookie: sid=s3cret-cookie\r\n` +
  'Authorization: Bearer s3cret-bearer\r\n\r\n'

export const plainRequest =
  'GET /chat HTTP/1.1\r\nHost: chat.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`

export const switching =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  `Sec-WebSocket-Accept: ${accept}\r\nSet-Cookie: id=s3cret-set; Path=/\r\n\r\n`

/** Unmasked, as a server sends them. */
export function frame(opcode: number, payload: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(payload)
  return Buffer.concat([Buffer.of(0x80 | opcode, bytes.length), bytes])
}

/** Masked with zeros: the payload stands there as it is. */
export function maskedFrame(opcode: number, payload: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(payload)
  return Buffer.concat([Buffer.of(0x80 | opcode, 0x80 | bytes.length, 0, 0, 0, 0), bytes])
}

export const close1000: Uint8Array = Buffer.from('\u0003\u00e8bye', 'latin1')

/** What a capture of one connection tells. */
export function seen(talk: TcpTalk, withSecrets = false): RecordedConnection {
  const { connections, keyLog } = openCapture(pcapFile(talk.packets))
  const [connection] = connections
  if (connection === undefined) throw new Error('nothing was captured')
  return seenConnection(connection, { keyLog, withSecrets })
}

/** A connection that opens, has messages of all kinds, and is closed by the client. */
export function wholeTalk(request = secretRequest): TcpTalk {
  return new TcpTalk()
    .open()
    .say('sent', request)
    .say('received', switching)
    .say('sent', maskedFrame(1, 'hello ü'))
    .say('received', frame(2, Uint8Array.of(1, 2, 255)))
    .say('sent', maskedFrame(9, 'p'))
    .say('received', frame(10, 'p'))
    .say('sent', maskedFrame(8, close1000))
    .say('received', frame(8, close1000))
    .finish('received')
    .raw('sent')
    .finish('sent')
    .raw('received')
}
