import type { FieldValue } from '../../wire/field-value.ts'
import type { FieldReader } from '../field-reader.ts'
import { byteCountWords, textWords } from '../field-reader.ts'
import { extensionType } from '../names/extensions.ts'
import { groups } from '../names/groups.ts'
import { signatureSchemes } from '../names/signature-schemes.ts'
import { named, nameOnly, versionName, versionOnly } from '../names/value-name.ts'

/** In which message an extension stands: the same one is written differently in some. */
export type ExtensionPlace = 'client-hello' | 'server-hello' | 'retry' | 'other'

/** Reads the body of an extension; returns its value in words. */
export type ExtensionBody = (reader: FieldReader, place: ExtensionPlace) => FieldValue

const pointFormats: ReadonlyMap<number, string> = new Map([
  [0, 'uncompressed'],
  [1, 'ansiX962_compressed_prime'],
  [2, 'ansiX962_compressed_char2'],
])
const keyExchangeModes: ReadonlyMap<number, string> = new Map([
  [0, 'psk_ke'],
  [1, 'psk_dhe_ke'],
])
const empty: FieldValue = { en: 'empty', zh: '空' }
const hostName = 0
const ocsp = 1

/** The bodies of the extensions that are taken apart, by type; of the others the bytes are shown. */
export const extensionBodies: ReadonlyMap<number, ExtensionBody> = new Map<number, ExtensionBody>([
  [extensionType.serverName, serverName],
  [extensionType.statusRequest, statusRequest],
  [extensionType.supportedGroups, (reader) => list(reader, 'named_group_list', 2, 'NamedGroup', groups)],
  [extensionType.pointFormats, (reader) => list(reader, 'ec_point_format_list', 1, 'ECPointFormat', pointFormats)],
  [extensionType.signatureAlgorithms, signatureAlgorithms],
  [extensionType.signatureAlgorithmsCertificate, signatureAlgorithms],
  [extensionType.alpn, protocolNames],
  [extensionType.padding, (reader) => byteCountWords(reader.rest('padding', byteCountWords))],
  [extensionType.recordSizeLimit, (reader) => String(reader.number('record_size_limit', 2))],
  [extensionType.sessionTicket, (reader) => (reader.left === 0 ? empty : byteCountWords(reader.rest('ticket')))],
  [extensionType.preSharedKey, preSharedKey],
  [extensionType.earlyData, (reader) => (reader.left === 0 ? '' : String(reader.number('max_early_data_size', 4)))],
  [extensionType.supportedVersions, supportedVersions],
  [extensionType.cookie, (reader) => byteCountWords(reader.opaque('cookie', 2))],
  [extensionType.keyExchangeModes, (reader) => list(reader, 'ke_modes', 1, 'PskKeyExchangeMode', keyExchangeModes, 1)],
  [extensionType.certificateAuthorities, authorities],
  [extensionType.keyShare, keyShare],
  [extensionType.renegotiationInfo, (reader) => byteCountWords(reader.opaque('renegotiated_connection', 1))],
])

/** A vector of numbers that have names. Returns the names. */
function list(
  reader: FieldReader,
  name: string,
  width: 1 | 2,
  item: string,
  names: ReadonlyMap<number, string>,
  lengthWidth: number = width,
): string {
  const found: string[] = []
  reader.vector(name, lengthWidth, (inner) => {
    while (inner.left > 0) {
      found.push(
        nameOnly(
          names,
          inner.number(item, width, (value) => named(names, value, width * 2)),
        ),
      )
    }
    return found.join(', ')
  })
  return found.join(', ')
}

function signatureAlgorithms(reader: FieldReader): string {
  return list(reader, 'supported_signature_algorithms', 2, 'SignatureScheme', signatureSchemes)
}

// RFC 6066 §3. A server answers with an empty one.
function serverName(reader: FieldReader): FieldValue {
  if (reader.left === 0) return { en: 'acknowledged', zh: '已确认' }
  const names: string[] = []
  reader.vector('server_name_list', 2, (inner) => {
    while (inner.left > 0) {
      inner.number('name_type', 1, (type) => (type === hostName ? 'host_name (0)' : String(type)))
      names.push(textWords(inner.opaque('HostName', 2, textWords)))
    }
    return names.join(', ')
  })
  return names.join(', ')
}

// RFC 6066 §8; in a certificate's entry it is the answer of the authority (RFC 8446 §4.4.2.1).
function statusRequest(reader: FieldReader, place: ExtensionPlace): FieldValue {
  if (reader.left === 0) return { en: 'will be sent', zh: '将会发送' }
  const type = reader.number('status_type', 1, (value) => (value === ocsp ? 'ocsp (1)' : String(value)))
  if (type !== ocsp) return { en: `type ${type}`, zh: `类型 ${type}` }
  if (place !== 'client-hello') {
    const size = byteCountWords(reader.opaque('OCSPResponse', 3, byteCountWords))
    return { en: `OCSP response, ${size.en}`, zh: `OCSP 响应，${size.zh}` }
  }
  reader.opaque('responder_id_list', 2)
  reader.opaque('request_extensions', 2)
  return 'ocsp'
}

// RFC 7301 §3.1
function protocolNames(reader: FieldReader): string {
  const names: string[] = []
  reader.vector('protocol_name_list', 2, (inner) => {
    while (inner.left > 0) names.push(textWords(inner.opaque('ProtocolName', 1, textWords)))
    return names.join(', ')
  })
  return names.join(', ')
}

// RFC 8446 §4.2.11
function preSharedKey(reader: FieldReader, place: ExtensionPlace): FieldValue {
  if (place !== 'client-hello') {
    const chosen = reader.number('selected_identity', 2)
    return { en: `key ${chosen}`, zh: `密钥 ${chosen}` }
  }
  let count = 0
  reader.vector('identities', 2, (inner) => {
    for (; inner.left > 0; count += 1) {
      inner.opaque('identity', 2)
      inner.number('obfuscated_ticket_age', 4)
    }
    return String(count)
  })
  reader.vector('binders', 2, (inner) => {
    while (inner.left > 0) inner.opaque('PskBinderEntry', 1)
    return ''
  })
  return { en: count === 1 ? '1 key' : `${count} keys`, zh: `${count} 个密钥` }
}

// RFC 8446 §4.2.1
function supportedVersions(reader: FieldReader, place: ExtensionPlace): string {
  if (place !== 'client-hello') return versionOnly(reader.number('selected_version', 2, versionName))
  const found: string[] = []
  reader.vector('versions', 1, (inner) => {
    while (inner.left > 0) found.push(versionOnly(inner.number('ProtocolVersion', 2, versionName)))
    return found.join(', ')
  })
  return found.join(', ')
}

// RFC 8446 §4.2.8: a list from the client, one from the server, only a group from a server that asks for another one.
function keyShare(reader: FieldReader, place: ExtensionPlace): string {
  if (place === 'retry') return readGroup(reader)
  if (place !== 'client-hello') return readShare(reader)
  const found: string[] = []
  reader.vector('client_shares', 2, (inner) => {
    while (inner.left > 0) found.push(readShare(inner))
    return found.join(', ')
  })
  return found.join(', ')
}

function readGroup(reader: FieldReader): string {
  return nameOnly(
    groups,
    reader.number('group', 2, (value) => named(groups, value)),
  )
}

function readShare(reader: FieldReader): string {
  const group = readGroup(reader)
  reader.opaque('key_exchange', 2)
  return group
}

// RFC 8446 §4.2.4
function authorities(reader: FieldReader): string {
  let count = 0
  reader.vector('authorities', 2, (inner) => {
    for (; inner.left > 0; count += 1) inner.opaque('DistinguishedName', 2)
    return String(count)
  })
  return String(count)
}
