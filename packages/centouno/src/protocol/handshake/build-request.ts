import { isTargetText } from '../http/grammar.ts'
import type { Field } from '../http/head.ts'
import { quote } from '../http/quote.ts'
import { callerFieldLines, fieldLine } from './caller-fields.ts'
import type { ExtensionOffer } from './extension-list.ts'
import { formatExtensionList } from './extension-list.ts'
import { HandshakeInputError } from './handshake-input-error.ts'
import { isKey } from './key.ts'
import { isSubprotocolName } from './subprotocol.ts'
import { protocolVersion } from './upgrade-required.ts'
import type { WebSocketUri } from './websocket-uri.ts'

/** What an opening request is made of. */
export interface RequestParts {
  readonly uri: WebSocketUri
  /** The base64 of 16 bytes, random and used once (H-REQ-09). */
  readonly key: string
  /** What browsers send; left out, no `Origin` is sent. */
  readonly origin?: string
  /** In order of preference; may be empty. */
  readonly subprotocols: readonly string[]
  /** In order of preference; may be empty. */
  readonly extensions: readonly ExtensionOffer[]
  /** Any other fields: cookies, credentials. They are sent last, as they are. */
  readonly fields: readonly Field[]
}

/**
 * The text of an opening request, start line to empty line. It is Latin-1: encode it with `encodeLatin1`.
 *
 * @throws HandshakeInputError when a part cannot be sent: the fields of the handshake itself among `fields` (H-REQ-16), a
 * subprotocol that is no token or comes twice (H-REQ-14), a malformed extension (H-REQ-15) or key (H-REQ-08), a line
 * break in a value (H-H1-06).
 */
export function buildRequest(parts: RequestParts): string {
  const { uri, key, origin, subprotocols, extensions, fields } = parts
  if (!isTargetText(uri.resource)) {
    throw new HandshakeInputError('H-URI-04', 'resource', `"${quote(uri.resource)}" cannot be a target. Encode it`)
  }
  if (!isKey(key)) {
    throw new HandshakeInputError('H-REQ-08', 'Sec-WebSocket-Key', `"${quote(key)}" is no key. Make it with keyFrom`)
  }
  if (origin !== undefined && fields.some(({ name }) => name.toLowerCase() === 'origin')) {
    throw new HandshakeInputError('H-REQ-11', 'Origin', 'Origin is given twice. Give it once')
  }
  return [
    `GET ${uri.resource} HTTP/1.1\r\n`,
    fieldLine('Host', uri.hostField),
    'Upgrade: websocket\r\n',
    'Connection: Upgrade\r\n',
    fieldLine('Sec-WebSocket-Key', key),
    fieldLine('Sec-WebSocket-Version', protocolVersion),
    origin === undefined ? '' : fieldLine('Origin', origin),
    subprotocols.length === 0 ? '' : fieldLine('Sec-WebSocket-Protocol', subprotocolList(subprotocols)),
    extensions.length === 0 ? '' : fieldLine('Sec-WebSocket-Extensions', extensionList(extensions)),
    callerFieldLines(fields),
    '\r\n',
  ].join('')
}

function subprotocolList(subprotocols: readonly string[]): string {
  const field = 'Sec-WebSocket-Protocol'
  const malformed = subprotocols.find((name) => !isSubprotocolName(name))
  if (malformed !== undefined) {
    throw new HandshakeInputError(
      'H-REQ-14',
      field,
      `"${quote(malformed)}" cannot name a subprotocol. Use letters, digits and !#$%&'*+-.^_\`|~ only`,
    )
  }
  const twice = subprotocols.find((name, index) => subprotocols.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new HandshakeInputError('H-REQ-14', field, `The subprotocol "${twice}" is given twice. Give it once`)
  }
  return subprotocols.join(', ')
}

function extensionList(extensions: readonly ExtensionOffer[]): string {
  try {
    return formatExtensionList(extensions)
  } catch (error) {
    // It throws nothing but a RangeError.
    throw new HandshakeInputError('H-REQ-15', 'Sec-WebSocket-Extensions', (error as RangeError).message)
  }
}
