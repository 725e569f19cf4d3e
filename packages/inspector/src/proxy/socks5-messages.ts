import { hidden } from 'centouno/telling'
import type { Text } from 'centouno/telling'
import { fieldValue } from '../wire/field-value.ts'
import type { WireField } from '../wire/rung.ts'
import { addressText, addressTypes, commands, methods, replies } from './socks5-names.ts'

/** One message of the dialogue with a SOCKS5 proxy, read. */
export interface Socks5Message {
  /** As it may be told: a password in it is replaced. */
  readonly bytes: Uint8Array
  /** Bytes it took on the wire. */
  readonly length: number
  readonly label: Text
  readonly sentence: Text
  readonly clause: string
  /** It ends the dialogue: there will be no tunnel. */
  readonly alarming: boolean
  /** The proxy chose to be told a name and a password. */
  readonly asksPassword: boolean
  readonly redacted: boolean
  readonly fields: readonly WireField[]
}

type Reading = Socks5Message | undefined

const plain = { alarming: false, asksPassword: false, redacted: false } as const
const passwordMethod = 2
const noMethod = 0xff

/**
 *     greeting = VER NMETHODS 1*METHOD
 */
export function greeting(bytes: Uint8Array): Reading {
  const [version = 0, count] = bytes
  if (count === undefined || bytes.length < 2 + count) return undefined
  const length = 2 + count
  const offered = [...bytes.subarray(2, length)]
  return {
    ...plain,
    bytes: bytes.slice(0, length),
    length,
    label: { en: 'SOCKS5 greeting', zh: 'SOCKS5 问候' },
    sentence: {
      en: 'The client greets the proxy, and says in which ways it could identify itself.',
      zh: '客户端向代理打招呼，并说明自己可以用哪些方式表明身份。',
    },
    clause: 'RFC 1928 §3',
    fields: [
      { name: 'VER', value: String(version), start: 0, end: 1 },
      { name: 'NMETHODS', value: String(count), start: 1, end: 2 },
      ...offered.map((method, index) => methodField(method, 2 + index)),
    ],
  }
}

/**
 *     choice = VER METHOD
 */
export function methodChoice(bytes: Uint8Array): Reading {
  const [version = 0, method] = bytes
  if (method === undefined) return undefined
  const refused = method === noMethod
  const chosen = named(methods, method)
  return {
    ...plain,
    bytes: bytes.slice(0, 2),
    length: 2,
    label: { en: `Method: ${chosen.en}`, zh: `方式：${chosen.zh}` },
    sentence: refused
      ? {
          en: 'The proxy accepts none of the offered ways to identify oneself.',
          zh: '代理不接受客户端提出的任何一种身份验证方式。',
        }
      : { en: 'The proxy chooses how the client is to identify itself.', zh: '代理选定客户端表明身份的方式。' },
    clause: 'RFC 1928 §3',
    alarming: refused,
    asksPassword: method === passwordMethod,
    fields: [{ name: 'VER', value: String(version), start: 0, end: 1 }, methodField(method, 1)],
  }
}

function methodField(method: number, at: number): WireField {
  return { name: 'METHOD', ...fieldValue(named(methods, method)), start: at, end: at + 1 }
}

/**
 *     password = VER ULEN UNAME PLEN PASSWD
 */
export function password(bytes: Uint8Array): Reading {
  const [version = 0, nameLength] = bytes
  if (nameLength === undefined) return undefined
  const secretAt = 2 + nameLength + 1
  const secretLength = bytes[secretAt - 1]
  if (secretLength === undefined || bytes.length < secretAt + secretLength) return undefined
  // Its length is a part of the secret, too.
  const mark = Buffer.from('***')
  const told = Buffer.concat([bytes.subarray(0, secretAt - 1), Buffer.of(mark.length), mark])
  const name = Buffer.from(bytes.subarray(2, 2 + nameLength)).toString('utf8')
  return {
    ...plain,
    bytes: told,
    length: secretAt + secretLength,
    label: { en: 'User name and password', zh: '用户名和密码' },
    sentence: { en: 'The client identifies itself to the proxy.', zh: '客户端向代理表明身份。' },
    clause: 'RFC 1929 §2',
    redacted: true,
    fields: [
      { name: 'VER', value: String(version), start: 0, end: 1 },
      { name: 'ULEN', value: String(nameLength), start: 1, end: 2 },
      { name: 'UNAME', value: name, start: 2, end: 2 + nameLength },
      { name: 'PLEN', value: hidden, start: secretAt - 1, end: secretAt },
      { name: 'PASSWD', value: hidden, start: secretAt, end: secretAt + mark.length },
    ],
  }
}

/**
 *     password-answer = VER STATUS
 */
export function passwordAnswer(bytes: Uint8Array): Reading {
  const [version = 0, status] = bytes
  if (status === undefined) return undefined
  const accepted = status === 0
  return {
    ...plain,
    bytes: bytes.slice(0, 2),
    length: 2,
    label: accepted ? { en: 'Identified', zh: '验证通过' } : { en: 'Not identified', zh: '验证失败' },
    sentence: accepted
      ? { en: 'The proxy accepts name and password.', zh: '代理接受了用户名和密码。' }
      : { en: 'The proxy does not accept name and password.', zh: '代理不接受这个用户名和密码。' },
    clause: 'RFC 1929 §2',
    alarming: !accepted,
    fields: [
      { name: 'VER', value: String(version), start: 0, end: 1 },
      { name: 'STATUS', value: String(status), start: 1, end: 2 },
    ],
  }
}

/**
 *     request = VER CMD RSV ATYP DST.ADDR DST.PORT
 */
export function request(bytes: Uint8Array): Reading {
  const read = addressed(bytes, ['CMD', commands], 'DST')
  if (read === undefined) return undefined
  return {
    ...plain,
    ...read,
    label: { en: `Connect to ${read.target}`, zh: `请连接 ${read.target}` },
    sentence: {
      en: `The client asks the proxy for a tunnel to ${read.target}.`,
      zh: `客户端请代理建立一条通往 ${read.target} 的隧道。`,
    },
    clause: 'RFC 1928 §4',
  }
}

/**
 *     reply = VER REP RSV ATYP BND.ADDR BND.PORT
 */
export function reply(bytes: Uint8Array): Reading {
  const code = bytes[1]
  const read = addressed(bytes, ['REP', replies], 'BND')
  if (code === undefined) return undefined
  const words = named(replies, code)
  if (code === 0) {
    if (read === undefined) return undefined
    return {
      ...plain,
      ...read,
      label: { en: 'Tunnel is open', zh: '隧道已建立' },
      sentence: {
        en: 'The tunnel is there: from here on every byte goes to the server and comes from it.',
        zh: '隧道已经建立：从这里开始，每个字节都直达服务器，也都来自服务器。',
      },
      clause: 'RFC 1928 §6',
    }
  }
  // Some proxies send no more than the code when they refuse.
  return {
    ...plain,
    bytes: read?.bytes ?? bytes.slice(),
    length: read?.length ?? bytes.length,
    fields: read?.fields ?? [
      { name: 'VER', value: String(bytes[0]), start: 0, end: 1 },
      { name: 'REP', ...fieldValue(words), start: 1, end: 2 },
    ],
    label: words,
    sentence: {
      en: `The proxy does not open a tunnel: ${words.en}.`,
      zh: `代理没有建立隧道：${words.zh}。`,
    },
    clause: 'RFC 1928 §6',
    alarming: true,
  }
}

/** What a request and a reply have in common: a code, then an address with its port. */
function addressed(
  bytes: Uint8Array,
  [codeName, codes]: readonly [string, ReadonlyMap<number, Text>],
  prefix: 'DST' | 'BND',
): (Pick<Socks5Message, 'bytes' | 'length' | 'fields'> & { readonly target: string }) | undefined {
  const [version = 0, code = 0, , type = 0, nameLength = 255] = bytes
  const addressLength = type === 1 ? 4 : type === 4 ? 16 : type === 3 ? 1 + nameLength : undefined
  if (addressLength === undefined) return undefined
  const portAt = 4 + addressLength
  const length = portAt + 2
  if (bytes.length < length) return undefined
  const port = ((bytes[portAt] as number) << 8) | (bytes[portAt + 1] as number)
  const address = addressText(type, bytes.subarray(4, portAt))
  return {
    bytes: bytes.slice(0, length),
    length,
    target: `${type === 4 ? `[${address}]` : address}:${port}`,
    fields: [
      { name: 'VER', value: String(version), start: 0, end: 1 },
      { name: codeName, ...fieldValue(named(codes, code)), start: 1, end: 2 },
      { name: 'RSV', value: String(bytes[2]), start: 2, end: 3 },
      { name: 'ATYP', ...fieldValue(named(addressTypes, type)), start: 3, end: 4 },
      { name: `${prefix}.ADDR`, value: address, start: 4, end: portAt },
      { name: `${prefix}.PORT`, value: String(port), start: portAt, end: length },
    ],
  }
}

function named(names: ReadonlyMap<number, Text>, number: number): Text {
  const { en, zh } = names.get(number) ?? { en: '?', zh: '?' }
  return { en: `${en} (${number})`, zh: `${zh} (${number})` }
}
