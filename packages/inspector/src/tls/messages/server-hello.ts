import type { Text } from 'centouno/telling'
import type { FieldReader } from '../field-reader.ts'
import { cipherSuites } from '../names/cipher-suites.ts'
import { extensionType } from '../names/extensions.ts'
import { named, nameOnly, versionName, versionOnly } from '../names/value-name.ts'
import { randomLength } from './client-hello.ts'
import { readExtensions } from './extension-list.ts'
import type { ExtensionValues } from './extension-list.ts'
import { name, tls13 } from './message.ts'
import type { ToldMessage } from './message.ts'

/** The random of a ServerHello that asks for another ClientHello: SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'

const random: Text = {
  en: 'Fresh random bytes of the server. A server that could do better than the version it chose says so in the last eight.',
  zh: '服务器的全新随机字节。如果服务器本可使用更新的版本，它会在最后八个字节里表明。',
}
const retryMeaning: Text = {
  en: 'This fixed value marks a HelloRetryRequest.',
  zh: '这个固定值表示这是一个 HelloRetryRequest。',
}

/**
 * RFC 8446 §4.1.3, RFC 5246 §7.4.1.3:
 *
 *     ServerHello = legacy_version random legacy_session_id_echo cipher_suite legacy_compression_method [extensions]
 */
export function readServerHello(body: FieldReader): ToldMessage {
  const written = body.number('legacy_version', 2, versionName)
  const serverRandom = readRandom(body)
  const retry = Buffer.from(serverRandom).toString('hex') === retryRandom
  body.opaque('legacy_session_id_echo', 1)
  const suite = body.number('cipher_suite', 2, (value) => named(cipherSuites, value))
  body.number('legacy_compression_method', 1, (method) => (method === 0 ? 'null (0)' : String(method)))
  const extensions: ExtensionValues =
    body.left === 0 ? new Map() : readExtensions(body, retry ? 'retry' : 'server-hello')
  // TLS 1.3 is never written into the field of old (RFC 8446 §4.2.1).
  const version = extensions.has(extensionType.supportedVersions) ? tls13 : written
  return {
    label: name(retry ? 'HelloRetryRequest' : 'ServerHello'),
    sentence: retry ? retrySentence(extensions) : sentence(extensions, version, nameOnly(cipherSuites, suite)),
    clause: retry ? 'RFC 8446 §4.1.4' : version === tls13 ? 'RFC 8446 §4.1.3' : 'RFC 5246 §7.4.1.3',
    fact: { kind: 'server-hello', random: serverRandom.slice(), version, suite, retry },
  }
}

function readRandom(body: FieldReader): Uint8Array {
  const value = body.bytes('random', randomLength)
  const field = body.fields.pop()
  const retry = Buffer.from(value).toString('hex') === retryRandom
  if (field !== undefined) body.note({ ...field, meaning: retry ? retryMeaning : random })
  return value
}

function sentence(extensions: ExtensionValues, version: number, suite: string): Text {
  const group = extensions.get(extensionType.keyShare)
  const resumed = extensions.has(extensionType.preSharedKey)
  if (version !== tls13) {
    return {
      en: `The server chooses ${versionOnly(version)} and ${suite}. Nothing is encrypted yet.`,
      zh: `服务器选定 ${versionOnly(version)} 和 ${suite}。此时还没有任何加密。`,
    }
  }
  return {
    en: [
      `The server chooses TLS 1.3 and ${suite}`,
      group === undefined ? '.' : `, and answers with its half of the key exchange (${group}).`,
      resumed ? ' It resumes the earlier session, so no certificate is needed.' : '',
      ' Both can now make the same keys: what follows is encrypted.',
    ].join(''),
    zh: [
      `服务器选定 TLS 1.3 和 ${suite}`,
      group === undefined ? '。' : `，并回以它那一半密钥交换数据（${group}）。`,
      resumed ? '它恢复了之前的会话，因此不需要证书。' : '',
      '双方由此可以算出同样的密钥：此后的内容都是加密的。',
    ].join(''),
  }
}

function retrySentence(extensions: ExtensionValues): Text {
  const group = extensions.get(extensionType.keyShare)
  return group === undefined
    ? {
        en: 'The server asks the client to say hello once more, and to send back what it was given.',
        zh: '服务器请客户端再打一次招呼，并把所给的内容原样带回。',
      }
    : {
        en: `The server asks for another ClientHello, with a key exchange in ${group}: what the client brought does not suit it.`,
        zh: `服务器要求客户端重发 ClientHello，并改用 ${group} 做密钥交换：客户端先前带来的不合适。`,
      }
}
