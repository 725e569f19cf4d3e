import { fieldValues } from '../protocol/http/field-lookup.ts'
import type { Field, HeadFault, RequestHead, ResponseHead } from '../protocol/http/head.ts'
import { quote } from '../protocol/http/quote.ts'
import type { Refusal } from '../protocol/handshake/judgement.ts'
import type { RuleVerdict } from '../protocol/handshake/rule.ts'
import type { Text } from '../protocol/text.ts'
import {
  hideFragments,
  hideNamedLines,
  hideQueryValues,
  hideUserInformation,
  hideWords,
  hidden,
  queryValues,
} from './hiding.ts'

/*
 * Whoever reads a token can act as its owner, and what is told about a connection ends up in logs, tickets and chats. So
 * everything that is told passes through here: of secrets, only the place is left.
 */

/** Where secrets stand in a handshake, besides the fields that always hold one (`Authorization`, `Cookie`, …). */
export interface SecretPlaces {
  /** Names of query parameters whose value is a secret, in lower case. */
  readonly queryParameters: ReadonlySet<string>
  /** How an entry of `Sec-WebSocket-Protocol` begins that carries a token. */
  readonly subprotocolPrefixes: readonly string[]
}

/** Fields whose value lets somebody act as the user (RFC 9110 §11, RFC 6265), and usual ones beside the standard. */
const secretFields: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
  'x-access-token',
  'x-amz-security-token',
])

/** Names that secrets usually go by in a URL; `access_token` is that of RFC 6750 §2.3. */
const usualParameters = [
  'access_token',
  'accesstoken',
  'api_key',
  'apikey',
  'auth',
  'auth_token',
  'authorization',
  'bearer',
  'id_token',
  'jwt',
  'passwd',
  'password',
  'refresh_token',
  'secret',
  'session',
  'session_id',
  'sessionid',
  'sig',
  'signature',
  'ticket',
  'token',
  'x-amz-security-token',
  'x-amz-signature',
]

/** What a subprotocol that carries a token usually begins with; the last is that of every JSON Web Token. */
const usualPrefixes = ['bearer.', 'base64url.bearer.', 'token.', 'access_token.', 'auth.', 'jwt.', 'eyJ']

/** The places where secrets usually are, and those that an application names. */
export function secretPlaces(
  queryParameters: readonly string[] = [],
  subprotocolPrefixes: readonly string[] = [],
): SecretPlaces {
  return {
    queryParameters: new Set([...usualParameters, ...queryParameters.map((name) => name.toLowerCase())]),
    // A shorter prefix would also fit where a longer one does, and leave the rest of it to be seen.
    subprotocolPrefixes: [...usualPrefixes, ...subprotocolPrefixes].sort((one, other) => other.length - one.length),
  }
}

const usualPlaces = secretPlaces()

/** Whether an entry of `Sec-WebSocket-Protocol` looks like one that carries a token. */
export function isSecretSubprotocol(entry: string): boolean {
  return usualPlaces.subprotocolPrefixes.some((prefix) => entry.startsWith(prefix))
}

export function isSecretField(name: string): boolean {
  return secretFields.has(name.toLowerCase())
}

/** A field as it may be told. */
export function redactField({ name, value }: Field, places: SecretPlaces = usualPlaces): Field {
  return { name, value: redactValue(name, value, places) }
}

/** A request target or a URL as it may be told: user, password and the secrets of its query replaced. */
export function redactTarget(target: string, places: SecretPlaces = usualPlaces): string {
  return hideQueryValues(hideUserInformation(target), places.queryParameters)
}

/** A head's text as it may be told: every other character as it went over the wire. */
export function redactHeadText(head: string, places: SecretPlaces = usualPlaces): string {
  let name = ''
  return head
    .split(/(?<=\n)/)
    .map((line, index) => {
      const text = line.replace(/\r?\n$/, '')
      const end = line.slice(text.length)
      if (index === 0) return redactTarget(text, places) + end
      // An obsolete line folding goes on with the field before it (RFC 9112 §5.2).
      const folded = text.startsWith(' ') || text.startsWith('\t')
      const colon = folded ? 0 : text.indexOf(':') + 1
      if (!folded) name = text.slice(0, Math.max(0, colon - 1)).trim()
      const value = text.slice(colon)
      const shown = redactValue(name, value, places)
      return `${text.slice(0, colon)}${shown === hidden ? ` ${hidden}` : shown}${end}`
    })
    .join('')
}

/**
 * A head as it may be told, faults and all.
 *
 * @param redact its redactor, where there is one already
 */
export function redactHead<Head extends RequestHead | ResponseHead>(
  head: Head,
  places: SecretPlaces = usualPlaces,
  redact: (text: string) => string = redactor(head, places),
): Head {
  return {
    ...head,
    ...('target' in head && { target: redactTarget(head.target, places) }),
    fields: head.fields.map((field) => redactField(field, places)),
    text: redactHeadText(head.text, places),
    faults: head.faults.map((fault): HeadFault => ({ ...fault, found: redact(fault.found) })),
  }
}

/**
 * Redacts texts that quote a head, such as what was found against a rule. Quotations are cut and may begin in the middle
 * of a secret, so that pieces of the head's secrets are looked for, besides whatever looks like the beginning of one.
 */
export function redactor(
  head: { readonly fields: readonly Field[]; readonly target?: string },
  places: SecretPlaces = usualPlaces,
): (text: string) => string {
  let secrets: readonly string[] | undefined
  return (text) => {
    secrets ??= secretsOf(head.fields, head.target ?? '', places)
    const shown = hideNamedLines(redactSentence(text, places), secretFields)
    return hideFragments(shown, secrets)
  }
}

/** A sentence as it may be told: URLs and subprotocols in it may carry tokens. */
export function redactSentence(sentence: string, places: SecretPlaces = usualPlaces): string {
  return hideWords(redactTarget(sentence, places), places.subprotocolPrefixes)
}

/** Verdicts as they may be told: what was found, with the secrets of the head it was found in replaced. */
export function redactVerdicts(verdicts: readonly RuleVerdict[], redact: (text: string) => string): RuleVerdict[] {
  return verdicts.map((verdict) =>
    verdict.found === undefined ? verdict : { ...verdict, found: redactText(verdict.found, redact) },
  )
}

/** A refusal as it may be sent and told. */
export function redactRefusal(refusal: Refusal, redact: (text: string) => string): Refusal {
  return refusal.found === undefined ? refusal : { ...refusal, found: redactText(refusal.found, redact) }
}

function redactText({ en, zh }: Text, redact: (text: string) => string): Text {
  return { en: redact(en), zh: redact(zh) }
}

function redactValue(name: string, value: string, places: SecretPlaces): string {
  if (isSecretField(name)) return value.trim() === '' ? value : hidden
  if (name.toLowerCase() === 'sec-websocket-protocol') return hideWords(value, places.subprotocolPrefixes)
  // Proxies tell the target they received in fields of their own, and pages theirs in `Referer`.
  return redactTarget(value, places)
}

/** The secrets themselves, spelled as a quotation spells them. */
function secretsOf(fields: readonly Field[], target: string, places: SecretPlaces): string[] {
  const subprotocols = fieldValues(fields, 'sec-websocket-protocol')
    .flatMap((line) => line.split(/[\s,]+/))
    .filter((entry) => places.subprotocolPrefixes.some((prefix) => entry.startsWith(prefix)))
  const secrets = [
    ...fields.flatMap(({ name, value }) => (isSecretField(name) ? [value] : [])),
    ...queryValues(target, places.queryParameters),
    ...subprotocols,
  ]
  return secrets.map((secret) => quote(secret, 0, secret.length * longestEscape))
}

/** Characters of the longest escape of one character in a quotation: `\u{10ffff}`. */
const longestEscape = 10
