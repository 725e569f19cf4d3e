import type { ResponseHead } from '../http/head.ts'
import { fieldValues } from '../http/field-lookup.ts'
import { parseExtensionList } from './extension-list.ts'
import type { SentRequest } from './judgement.ts'
import { acceptValue } from './key.ts'
import { listNames } from './list-names.ts'

/** What the rules look at in a 101, found once for all of them. Field values are in the order they came. */
export interface ResponseFacts {
  readonly head: ResponseHead
  readonly sent: SentRequest
  /** The only right value of `Sec-WebSocket-Accept`. */
  readonly accept: string
  readonly upgradeLines: readonly string[]
  /** Protocols named in `Upgrade`, in lower case. */
  readonly upgrades: readonly string[]
  readonly connectionLines: readonly string[]
  /** Options named in `Connection`, in lower case. */
  readonly connectionOptions: readonly string[]
  readonly accepts: readonly string[]
  readonly subprotocols: readonly string[]
  readonly extensionLines: readonly string[]
  /** Undefined when the field is absent. */
  readonly extensions: ReturnType<typeof parseExtensionList> | undefined
  readonly contentLengths: readonly string[]
  readonly transferEncodings: readonly string[]
}

/** Finds what the rules look at. Never throws: what cannot be read is said so in the facts. */
export function responseFacts(head: ResponseHead, sent: SentRequest): ResponseFacts {
  const { fields } = head
  const extensionLines = fieldValues(fields, 'sec-websocket-extensions')
  const upgradeLines = fieldValues(fields, 'upgrade')
  const connectionLines = fieldValues(fields, 'connection')
  return {
    head,
    sent,
    accept: acceptValue(sent.key),
    upgradeLines,
    upgrades: listNames(upgradeLines),
    connectionLines,
    connectionOptions: listNames(connectionLines),
    accepts: fieldValues(fields, 'sec-websocket-accept'),
    subprotocols: fieldValues(fields, 'sec-websocket-protocol'),
    extensionLines,
    extensions: extensionLines.length === 0 ? undefined : parseExtensionList(extensionLines),
    contentLengths: fieldValues(fields, 'content-length'),
    transferEncodings: fieldValues(fields, 'transfer-encoding'),
  }
}
