import type { RequestHead } from '../http/head.ts'
import { fieldValues } from '../http/field-lookup.ts'
import { parseExtensionList } from './extension-list.ts'
import type { RequestPolicy } from './judgement.ts'
import { listNames } from './list-names.ts'
import type { RequestTarget } from './request-target.ts'
import { readRequestTarget } from './request-target.ts'
import { parseSubprotocols } from './subprotocol.ts'

/** What the rules look at in a request, found once for all of them. Field values are in the order they came. */
export interface RequestFacts {
  readonly head: RequestHead
  readonly policy: RequestPolicy
  readonly target: RequestTarget
  readonly hosts: readonly string[]
  readonly upgradeLines: readonly string[]
  /** Protocols named in `Upgrade`, in lower case. */
  readonly upgrades: readonly string[]
  readonly connectionLines: readonly string[]
  /** Options named in `Connection`, in lower case. */
  readonly connectionOptions: readonly string[]
  readonly keys: readonly string[]
  readonly versions: readonly string[]
  readonly origins: readonly string[]
  /** Undefined when the field is absent. */
  readonly subprotocols: ReturnType<typeof parseSubprotocols> | undefined
  /** Undefined when the field is absent. */
  readonly extensions: ReturnType<typeof parseExtensionList> | undefined
  readonly contentLengths: readonly string[]
  readonly transferEncodings: readonly string[]
  readonly expectations: readonly string[]
}

/** Finds what the rules look at. Never throws: what cannot be read is said so in the facts. */
export function requestFacts(head: RequestHead, policy: RequestPolicy): RequestFacts {
  const { fields } = head
  const subprotocolLines = fieldValues(fields, 'sec-websocket-protocol')
  const extensionLines = fieldValues(fields, 'sec-websocket-extensions')
  const upgradeLines = fieldValues(fields, 'upgrade')
  const connectionLines = fieldValues(fields, 'connection')
  return {
    head,
    policy,
    target: readRequestTarget(head.target),
    hosts: fieldValues(fields, 'host'),
    upgradeLines,
    upgrades: listNames(upgradeLines),
    connectionLines,
    connectionOptions: listNames(connectionLines),
    keys: fieldValues(fields, 'sec-websocket-key'),
    versions: fieldValues(fields, 'sec-websocket-version'),
    origins: fieldValues(fields, 'origin'),
    subprotocols: subprotocolLines.length === 0 ? undefined : parseSubprotocols(subprotocolLines),
    extensions: extensionLines.length === 0 ? undefined : parseExtensionList(extensionLines),
    contentLengths: fieldValues(fields, 'content-length'),
    transferEncodings: fieldValues(fields, 'transfer-encoding'),
    expectations: listNames(fieldValues(fields, 'expect')),
  }
}
