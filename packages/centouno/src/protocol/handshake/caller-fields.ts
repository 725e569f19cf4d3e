import { isFieldValue, isToken } from '../http/grammar.ts'
import type { Field } from '../http/head.ts'
import { quote } from '../http/quote.ts'
import { HandshakeInputError } from './handshake-input-error.ts'

/**
 * Fields that make the message what it is (H-REQ-16). `Content-Length`, `Transfer-Encoding` and `Expect` are among them,
 * for neither a handshake nor a 101 has a body (H-SRV-23, H-SRV-18).
 */
const ours: ReadonlySet<string> = new Set([
  'host',
  'upgrade',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
])
const ourPrefix = 'sec-websocket-'

/**
 * The lines of the fields a caller adds to a handshake.
 *
 * @throws HandshakeInputError for a field that is not the caller's to set, a name that is no token, and a value with a
 * CR, an LF, another control character, a character beyond Latin-1, or blanks around it.
 */
export function callerFieldLines(fields: readonly Field[]): string {
  return fields.map(callerFieldLine).join('')
}

function callerFieldLine({ name, value }: Field): string {
  if (!isToken(name)) {
    throw new HandshakeInputError('H-H1-09', name, `"${quote(name)}" cannot be the name of a field: it is no token`)
  }
  const lowerCase = name.toLowerCase()
  if (ours.has(lowerCase) || lowerCase.startsWith(ourPrefix)) {
    throw new HandshakeInputError('H-REQ-16', name, `The field ${name} belongs to the handshake itself. Leave it out`)
  }
  return fieldLine(name, value)
}

/**
 * One field line, its value checked.
 *
 * @throws HandshakeInputError when the value cannot stand in a field.
 */
export function fieldLine(name: string, value: string): string {
  if (!isFieldValue(value)) {
    throw new HandshakeInputError(
      'H-H1-06',
      name,
      `"${quote(value)}" cannot be the value of ${name}. Take out line breaks, control characters, characters beyond Latin-1 and blanks around it`,
    )
  }
  return `${name}: ${value}\r\n`
}
