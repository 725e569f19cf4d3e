import { isToken } from '../http/grammar.ts'
import type { Field } from '../http/head.ts'
import type { Language } from '../text.ts'
import { callerFieldLines, fieldLine } from './caller-fields.ts'
import type { ExtensionOffer } from './extension-list.ts'
import { formatExtensionList } from './extension-list.ts'
import { HandshakeInputError } from './handshake-input-error.ts'
import type { Refusal } from './judgement.ts'
import { acceptValue } from './key.ts'
import { reasonPhrase } from './reason-phrases.ts'
import { ruleById } from './rule-table.ts'

/** What a 101 is made of. */
export interface SwitchParts {
  /** The client's `Sec-WebSocket-Key`, as received. */
  readonly key: string
  /** The one that was picked; empty for none, and then no field is sent (H-SRV-09). */
  readonly subprotocol: string
  /** Those accepted, in the order they apply; with none, no field is sent (H-SRV-10). */
  readonly extensions: readonly ExtensionOffer[]
  /** Any other fields, such as `Set-Cookie`. */
  readonly fields: readonly Field[]
}

/**
 * The text of the 101 that opens the connection. It is Latin-1: encode it with `encodeLatin1`.
 *
 * @throws HandshakeInputError for fields that belong to the handshake itself or cannot be sent.
 */
export function buildSwitch({ key, subprotocol, extensions, fields }: SwitchParts): string {
  return [
    'HTTP/1.1 101 Switching Protocols\r\n',
    'Upgrade: websocket\r\n',
    'Connection: Upgrade\r\n',
    `Sec-WebSocket-Accept: ${acceptValue(key)}\r\n`,
    subprotocol === '' ? '' : fieldLine('Sec-WebSocket-Protocol', subprotocol),
    extensions.length === 0 ? '' : fieldLine('Sec-WebSocket-Extensions', formatExtensionList(extensions)),
    callerFieldLines(fields),
    '\r\n',
  ].join('')
}

/** Fields of a refusal that are made here, from its body and from the decision to close. */
const made: ReadonlySet<string> = new Set(['connection', 'content-length', 'content-type', 'transfer-encoding'])

/**
 * The whole HTTP response that refuses a request. Its body tells a person with curl which rule was broken, by what, and
 * what to do, in both languages; its line `code:` tells a client of ours, so that both sides name the same code. The text
 * is UTF-8, and `Content-Length` counts it so. The connection is to be closed after it: whatever follows a request that is
 * no handshake is nothing we want to read.
 *
 * @param method The request's method; a `HEAD` gets the head of the response only (RFC 9110 §9.3.2).
 * @throws HandshakeInputError for a field that cannot be sent. Refusals of this table never have one.
 */
export function buildRefusal(refusal: Refusal, method = 'GET'): string {
  const { status, fields } = refusal
  const body = refusalBody(refusal)
  const upgrade = fields.some(({ name }) => name.toLowerCase() === 'upgrade')
  return [
    `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n`,
    ...fields.map(refusalField),
    // RFC 9110 §7.8: whoever sends `Upgrade` also lists it here.
    `Connection: ${upgrade ? 'Upgrade, close' : 'close'}\r\n`,
    'Content-Type: text/plain; charset=utf-8\r\n',
    `Content-Length: ${new TextEncoder().encode(body).length}\r\n`,
    '\r\n',
    method === 'HEAD' ? '' : body,
  ].join('')
}

function refusalField({ name, value }: Field): string {
  return made.has(name.toLowerCase()) ? '' : checkedLine(name, value)
}

function checkedLine(name: string, value: string): string {
  // A refusal may be encoded as UTF-8 only if its head is ASCII.
  if (/^[\u0020-\u007e]*$/.test(value) && isToken(name)) return fieldLine(name, value)
  throw new HandshakeInputError('H-H1-06', name, `The field ${JSON.stringify(name)} cannot be sent: use ASCII only`)
}

function refusalBody(refusal: Refusal): string {
  const { status, code, sentence } = refusal
  const english = paragraph(refusal, 'en')
  const chinese = paragraph(refusal, 'zh')
  // What an application says comes in one language only.
  const both = sentence.en === sentence.zh ? [english] : [english, chinese]
  const summary = `${status} ${reasonPhrase(status)}`.trimEnd() + `\ncode: ${code}`
  return [summary, ...both].join('\n\n') + '\n'
}

function paragraph({ rule, sentence, found, hint }: Refusal, language: Language): string {
  const named = rule === undefined ? '' : `${rule} (${ruleById(rule).clause}): `
  const lines = [`${named}${sentence[language]}`]
  if (found !== undefined) lines.push(found[language])
  if (hint !== undefined) lines.push(hint[language])
  return lines.join('\n')
}
