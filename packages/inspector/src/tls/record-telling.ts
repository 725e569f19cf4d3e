import type { Text } from 'centouno/telling'
import { bytesValue, fieldValue } from '../wire/field-value.ts'
import type { WireField } from '../wire/rung.ts'
import { FieldReader, hexWords } from './field-reader.ts'
import { alerts } from './names/alerts.ts'
import { versionName } from './names/value-name.ts'
import { contentType, recordHeaderLength } from './record-stream.ts'

/** What is told of a record that is no handshake message: text and fields, without the place in the ladder. */
export interface ToldRecord {
  readonly label: Text
  readonly sentence: Text
  readonly clause: string
  readonly alarming: boolean
  readonly bytes: Uint8Array
  readonly fields: readonly WireField[]
}

const contentTypes: ReadonlyMap<number, string> = new Map([
  [contentType.changeCipherSpec, 'change_cipher_spec'],
  [contentType.alert, 'alert'],
  [contentType.handshake, 'handshake'],
  [contentType.applicationData, 'application_data'],
  [contentType.heartbeat, 'heartbeat'],
])

const disguise: Text = {
  en: 'Every encrypted record of TLS 1.3 says application_data; what it really is stands inside.',
  zh: 'TLS 1.3 的加密记录一律写作 application_data；真正的类型在加密内容里面。',
}

/** The fields of a record's header at the front of `bytes` (RFC 8446 §5.1, §5.2). */
export function recordHeader(bytes: Uint8Array, encrypted: boolean): WireField {
  const outer = new FieldReader(bytes, 0, recordHeaderLength)
  outer.structure(encrypted ? 'TLSCiphertext header' : 'TLSPlaintext header', recordHeaderLength, (header) => {
    const disguised = encrypted && bytes[0] === contentType.applicationData
    const type = header.number(encrypted ? 'opaque_type' : 'type', 1, typeWords, disguised ? disguise : undefined)
    header.number('legacy_record_version', 2, versionName)
    const length = header.number('length', 2)
    const size = bytesValue(length)
    return { en: `${typeWords(type)}, ${size.en}`, zh: `${typeWords(type)}，${size.zh}` }
  })
  const [field] = outer.fields
  return field ?? { name: 'TLSPlaintext header', value: '', start: 0, end: 0 }
}

function typeWords(type: number): string {
  return `${contentTypes.get(type) ?? '?'} (${type})`
}

function count(bytes: number): { en: string; zh: string } {
  return { en: bytes === 1 ? '1 byte' : `${bytes} bytes`, zh: `${bytes} 字节` }
}

const closeNotify = 0
const userCanceled = 90
const fatal = 2

/** @param content two bytes, level and description, when it is well-formed */
export function tellAlert(header: Uint8Array, content: Uint8Array, encrypted: boolean, isTls13: boolean): ToldRecord {
  const bytes = Buffer.concat([header, content])
  const reader = new FieldReader(bytes, recordHeaderLength)
  const [level = 0, description = 0] = content
  const row = alerts.get(description)
  if (content.length >= 2) {
    reader.number('level', 1, (value) => (value === fatal ? 'fatal (2)' : value === 1 ? 'warning (1)' : String(value)))
    reader.number('description', 1, (value) => `${row?.name ?? '?'} (${value})`)
  }
  reader.rest('unread')
  const alertName = row?.name ?? String(description)
  const said = row?.text ?? { en: 'An alert that this reader does not know.', zh: '这里不认识的一种警报。' }
  const goodbye = description === closeNotify || description === userCanceled
  // In TLS 1.3 the level has no meaning: all but those two end the connection (RFC 8446 §6).
  const alarming = !goodbye && (isTls13 || level === fatal)
  const begins = goodbye ? goodbyes : alarming ? givesUp : warns
  return {
    label: { en: `Alert: ${alertName}`, zh: `警报：${alertName}` },
    sentence: { en: `${begins.en} ${said.en}`, zh: `${begins.zh}${said.zh}` },
    clause: isTls13 ? 'RFC 8446 §6' : 'RFC 5246 §7.2',
    alarming,
    bytes,
    fields: [recordHeader(bytes, encrypted), ...reader.fields],
  }
}

const goodbyes: Text = { en: 'The sender says goodbye.', zh: '发送方道别。' }
const givesUp: Text = { en: 'The sender gives up the connection.', zh: '发送方放弃这条连接。' }
const warns: Text = { en: 'The sender warns, and goes on.', zh: '发送方发出警告，但仍继续。' }

/** @param isTls13 whether it is only sent for middleboxes (RFC 8446 appendix D.4) */
export function tellChangeCipherSpec(header: Uint8Array, content: Uint8Array, isTls13: boolean): ToldRecord {
  const bytes = Buffer.concat([header, content])
  const reader = new FieldReader(bytes, recordHeaderLength)
  if (content.length > 0) reader.number('type', 1, (value) => (value === 1 ? 'change_cipher_spec (1)' : String(value)))
  reader.rest('unread')
  return {
    label: { en: 'ChangeCipherSpec', zh: 'ChangeCipherSpec' },
    sentence: isTls13
      ? {
          en: 'Means nothing in TLS 1.3: it makes the handshake look like TLS 1.2 to old devices on the way.',
          zh: '在 TLS 1.3 中没有含义：只是让途中的旧设备以为这是 TLS 1.2 握手。',
        }
      : {
          en: 'From the next record on, the sender encrypts with the new keys.',
          zh: '从下一条记录起，发送方使用新密钥加密。',
        },
    clause: isTls13 ? 'RFC 8446 §D.4' : 'RFC 5246 §7.1',
    alarming: false,
    bytes,
    fields: [recordHeader(bytes, false), ...reader.fields],
  }
}

/** Application data is shown as it crossed: what was inside is told by the layer above, which hides secrets. */
export function tellApplicationData(bytes: Uint8Array, plainBytes: number, opened: boolean): ToldRecord {
  const size = count(plainBytes)
  return {
    label: { en: `Application data, ${size.en}`, zh: `应用数据，${size.zh}` },
    sentence: opened
      ? {
          en: `One record of what is spoken inside TLS: ${size.en} once opened. What they say stands in the layer above.`,
          zh: `TLS 内部通信的一条记录：解开后有 ${size.zh}，其内容见上一层。`,
        }
      : { en: 'Data that crossed in the clear, in a record of TLS.', zh: '装在 TLS 记录里、以明文传送的数据。' },
    clause: 'RFC 8446 §5.2',
    alarming: !opened,
    bytes,
    fields: [recordHeader(bytes, opened), ...sealedFields(bytes, opened)],
  }
}

function sealedFields(bytes: Uint8Array, encrypted: boolean): readonly WireField[] {
  const reader = new FieldReader(bytes, recordHeaderLength)
  reader.rest(encrypted ? 'encrypted_record' : 'fragment', hexWords)
  return reader.fields
}

/** Why a record stays closed. */
export type Closed = 'no-key' | 'wrong-key' | 'other-cipher' | 'early-data'

const reasons: Readonly<Record<Closed, Text>> = {
  'no-key': {
    en: 'There is no key for it, so only its length can be told.',
    zh: '没有它的密钥，只能看出长度。',
  },
  'wrong-key': {
    en: 'It does not open with the key there is: bytes before it are missing, or it was changed.',
    zh: '现有的密钥打不开它：可能缺少之前的字节，或者它被改动过。',
  },
  'other-cipher': {
    en: 'Its cipher is not one of the AEAD ciphers that this reader can open.',
    zh: '它使用的加密套件不属于这里能够解开的 AEAD 类型。',
  },
  'early-data': {
    en: 'The client sends data before the handshake is done, with a key from an earlier connection, which is not there.',
    zh: '客户端在握手完成之前就用先前连接的密钥发送数据，而这里没有那个密钥。',
  },
}

export function tellClosed(header: Uint8Array, fragment: Uint8Array, why: Closed): ToldRecord {
  const bytes = Buffer.concat([header, fragment])
  const size = count(fragment.length)
  const early = why === 'early-data'
  const short = why === 'no-key' || early ? { en: 'no key', zh: '没有密钥' } : { en: 'not opened', zh: '未解开' }
  return {
    label: {
      en: `${early ? 'Early data, encrypted' : 'Encrypted'}, ${size.en}: ${short.en}`,
      zh: `${early ? '早期数据（已加密）' : '已加密'}，${size.zh}：${short.zh}`,
    },
    sentence: { en: `An encrypted record. ${reasons[why].en}`, zh: `一条加密的记录。${reasons[why].zh}` },
    clause: 'RFC 8446 §5.2',
    alarming: why === 'wrong-key',
    bytes,
    fields: [recordHeader(bytes, true), ...sealedFields(bytes, true)],
  }
}

/** A record of a type that has no messages here: heartbeat, or one that TLS does not know. */
export function tellUnknownRecord(header: Uint8Array, content: Uint8Array, encrypted: boolean): ToldRecord {
  const bytes = Buffer.concat([header, content])
  const type = contentTypes.get(header[0] ?? 0) ?? '?'
  return {
    label: { en: `Record: ${type}`, zh: `记录：${type}` },
    sentence: { en: 'A record of a kind that this reader does not take apart.', zh: '这里不作解析的一类记录。' },
    clause: 'RFC 8446 §5.1',
    alarming: false,
    bytes,
    fields: [recordHeader(bytes, encrypted), ...sealedFields(bytes, encrypted)],
  }
}

export function tellCutShort(bytes: Uint8Array, what: Text): ToldRecord {
  const size = count(bytes.length)
  return {
    label: { en: `Cut short: ${what.en}, ${size.en}`, zh: `中断：${what.zh}，${size.zh}` },
    sentence: {
      en: 'The bytes end in the middle of it: the connection was broken off, or the rest was not seen.',
      zh: '字节在它中间就结束了：连接被中断，或者后面的部分没有被看到。',
    },
    clause: 'RFC 8446 §5.1',
    alarming: true,
    bytes,
    fields:
      bytes.length === 0 ? [] : [{ name: 'fragment', ...fieldValue(hexWords(bytes)), start: 0, end: bytes.length }],
  }
}

const looksLikeHttp = /^(?:HTTP|GET |POST|HEAD|PUT |CONN|OPTI|DELE|PATC)/

export function tellNotTls(bytes: Uint8Array): ToldRecord {
  const http = looksLikeHttp.test(Buffer.from(bytes).toString('latin1'))
  return {
    label: { en: 'Not TLS', zh: '不是 TLS' },
    sentence: http
      ? {
          en: 'This is plain HTTP where a record of TLS should be: the two do not agree on whether to encrypt.',
          zh: '本应是 TLS 记录的地方出现了明文 HTTP：双方对是否加密没有达成一致。',
        }
      : {
          en: 'These bytes are no record of TLS, so nothing after them in this direction can be read.',
          zh: '这些字节不是 TLS 记录，因此这个方向上之后的内容都无法解读。',
        },
    clause: 'RFC 8446 §5.1',
    alarming: true,
    bytes,
    fields: bytes.length === 0 ? [] : [{ name: 'bytes', ...fieldValue(hexWords(bytes)), start: 0, end: bytes.length }],
  }
}
