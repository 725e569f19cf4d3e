import type { Text } from 'centouno/telling'
import type { FieldReader } from '../field-reader.ts'
import { cipherSuites } from '../names/cipher-suites.ts'
import { extensionType } from '../names/extensions.ts'
import { named, versionName, versionOnly } from '../names/value-name.ts'
import { readExtensions } from './extension-list.ts'
import type { ExtensionValues } from './extension-list.ts'
import { name } from './message.ts'
import type { ToldMessage } from './message.ts'

export const randomLength = 32

const legacyVersion: Text = {
  en: 'Always says TLS 1.2 nowadays, since old devices stumbled over newer numbers; supported_versions has the truth.',
  zh: '如今总是写 TLS 1.2，因为旧设备会被更新的版本号绊倒；真正的版本在 supported_versions 里。',
}
const random: Text = {
  en: 'Fresh random bytes, so that no two connections have the same keys and none can be replayed.',
  zh: '全新的随机字节，使任何两条连接的密钥都不相同，也无法重放。',
}
const sessionId: Text = {
  en: 'Names a session to resume in TLS 1.2. In TLS 1.3 it means nothing, and lets old middleboxes believe in a resumption.',
  zh: '在 TLS 1.2 中指明要恢复的会话；在 TLS 1.3 中没有含义，只是让旧的中间设备以为这是会话恢复。',
}

/**
 * RFC 8446 §4.1.2, RFC 5246 §7.4.1.2:
 *
 *     ClientHello = legacy_version random legacy_session_id cipher_suites legacy_compression_methods [extensions]
 */
export function readClientHello(body: FieldReader): ToldMessage {
  const version = body.number('legacy_version', 2, versionName, legacyVersion)
  const clientRandom = body.bytes('random', randomLength, undefined, random)
  body.opaque('legacy_session_id', 1, undefined, sessionId)
  let suites = 0
  body.vector(
    'cipher_suites',
    2,
    (list) => {
      for (; list.left > 0; suites += 1) list.number('CipherSuite', 2, (suite) => named(cipherSuites, suite))
      return { en: suites === 1 ? '1 suite' : `${suites} suites`, zh: `${suites} 个套件` }
    },
    { en: 'The ways of encrypting that it can, the preferred one first.', zh: '它支持的加密套件，最偏好的在前。' },
  )
  body.vector('legacy_compression_methods', 1, (list) => {
    while (list.left > 0) list.number('CompressionMethod', 1, (method) => (method === 0 ? 'null (0)' : String(method)))
    return ''
  })
  // Before TLS 1.2 there may be none.
  const extensions: ExtensionValues = body.left === 0 ? new Map() : readExtensions(body, 'client-hello')
  return {
    label: name('ClientHello'),
    sentence: sentence(extensions, version),
    clause: 'RFC 8446 §4.1.2',
    fact: { kind: 'client-hello', random: clientRandom.slice(), earlyData: extensions.has(extensionType.earlyData) },
  }
}

function sentence(extensions: ExtensionValues, version: number): Text {
  const versions = withoutGrease(extensions.get(extensionType.supportedVersions)) ?? versionOnly(version)
  const server = extensions.get(extensionType.serverName)
  const shares = withoutGrease(extensions.get(extensionType.keyShare))
  const resumes = extensions.has(extensionType.preSharedKey)
  return {
    en: [
      `The client opens TLS: it can speak ${versions}`,
      server === undefined ? ', names no server' : `, wants the server ${server}`,
      shares === undefined || shares === '' ? '.' : `, and brings its half of a key exchange (${shares}).`,
      resumes ? ' It would like to resume an earlier session.' : '',
    ].join(''),
    zh: [
      `客户端开始 TLS 握手：它支持 ${versions}`,
      server === undefined ? '，没有指明服务器名称' : `，要访问服务器 ${server}`,
      shares === undefined || shares === '' ? '。' : `，并带来它那一半密钥交换数据（${shares}）。`,
      resumes ? '它希望恢复之前的会话。' : '',
    ].join(''),
  }
}

function withoutGrease(values: string | undefined): string | undefined {
  return values
    ?.split(', ')
    .filter((value) => value !== 'GREASE')
    .join(', ')
}
