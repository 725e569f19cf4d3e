import { formatExtensionList } from '../protocol/handshake/extension-list.ts'
import type { AcceptedResponse } from '../protocol/handshake/judgement.ts'

/** What both sides agreed on, to be told of the stage `open`; nothing for what was not. */
export function agreedFacts({ subprotocol, extensions }: AcceptedResponse): Readonly<Record<string, string>> {
  return {
    ...(subprotocol === '' ? {} : { subprotocol }),
    ...(extensions.length === 0 ? {} : { extensions: formatExtensionList(extensions) }),
  }
}
