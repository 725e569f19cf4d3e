import type { WireField } from '../../wire/rung.ts'
import { FieldReader } from '../field-reader.ts'
import { readCertificateRequest } from './certificate-request.ts'
import { readCertificate } from './certificate.ts'
import { readClientHello } from './client-hello.ts'
import { readClientKeyExchange, readServerKeyExchange } from './key-exchange.ts'
import type { Agreed, MessageReader, ToldMessage } from './message.ts'
import {
  readCertificateStatus,
  readCertificateVerify,
  readCompressedCertificate,
  readEncryptedExtensions,
  readEndOfEarlyData,
  readFinished,
  readHelloRequest,
  readKeyUpdate,
  readNewSessionTicket,
  readServerHelloDone,
} from './other-messages.ts'
import { readServerHello } from './server-hello.ts'

/** Type, and three bytes of length (RFC 8446 §4). */
export const handshakeHeaderLength = 4

interface MessageRow {
  readonly name: string
  readonly read: MessageReader
}

/** TLS HandshakeType (IANA). */
const messages: ReadonlyMap<number, MessageRow> = new Map([
  [0, { name: 'hello_request', read: readHelloRequest }],
  [1, { name: 'client_hello', read: readClientHello }],
  [2, { name: 'server_hello', read: readServerHello }],
  [4, { name: 'new_session_ticket', read: readNewSessionTicket }],
  [5, { name: 'end_of_early_data', read: readEndOfEarlyData }],
  [8, { name: 'encrypted_extensions', read: readEncryptedExtensions }],
  [11, { name: 'certificate', read: readCertificate }],
  [12, { name: 'server_key_exchange', read: readServerKeyExchange }],
  [13, { name: 'certificate_request', read: readCertificateRequest }],
  [14, { name: 'server_hello_done', read: readServerHelloDone }],
  [15, { name: 'certificate_verify', read: readCertificateVerify }],
  [16, { name: 'client_key_exchange', read: readClientKeyExchange }],
  [20, { name: 'finished', read: readFinished }],
  [22, { name: 'certificate_status', read: readCertificateStatus }],
  [24, { name: 'key_update', read: readKeyUpdate }],
  [25, { name: 'compressed_certificate', read: readCompressedCertificate }],
])

export interface ToldHandshake extends ToldMessage {
  readonly fields: readonly WireField[]
}

/** Reads a whole handshake message, which lies in `bytes` from `start` to the end. Never throws. */
export function readHandshake(bytes: Uint8Array, start: number, agreed: Agreed): ToldHandshake {
  const reader = new FieldReader(bytes, start)
  const type = reader.number('msg_type', 1, (value) => {
    const row = messages.get(value)
    return row === undefined ? String(value) : `${row.name} (${value})`
  })
  reader.number('length', 3)
  const row = messages.get(type)
  let told: ToldMessage = row === undefined ? unknown(type) : malformed(row)
  reader.structure('body', reader.left, (body) => {
    if (row === undefined) body.rest('content')
    else told = row.read(body, agreed)
    return ''
  })
  // The body's own field would only say that everything is in it.
  const body = reader.fields.pop()
  if (body?.value.startsWith('malformed') === true) {
    const unread = { ...body, fields: [] }
    return { ...told, fields: [...reader.fields, ...(body.fields ?? []), unread] }
  }
  return { ...told, fields: [...reader.fields, ...(body?.fields ?? [])] }
}

function malformed({ name: type }: MessageRow): ToldMessage {
  return {
    label: { en: `Malformed ${type}`, zh: `格式错误的 ${type}` },
    sentence: {
      en: `A handshake message of the type ${type} that cannot be read to its end: a length in it is wrong.`,
      zh: `一条 ${type} 类型的握手消息，但无法读到结尾：其中有长度不对。`,
    },
    clause: 'RFC 8446 §4',
    alarming: true,
  }
}

function unknown(type: number): ToldMessage {
  return {
    label: { en: `Handshake message of type ${type}`, zh: `类型为 ${type} 的握手消息` },
    sentence: {
      en: 'A handshake message that this reader does not know.',
      zh: '这里不认识的一种握手消息。',
    },
    clause: 'RFC 8446 §4',
  }
}
