import type { ExtensionOffer } from '../../../src/protocol/handshake/extension-list.ts'
import { parseExtensionList } from '../../../src/protocol/handshake/extension-list.ts'

/** The offers in the value of a `Sec-WebSocket-Extensions` field. */
export function offersOf(text: string): readonly ExtensionOffer[] {
  const reading = parseExtensionList([text])
  if (!reading.ok) throw new Error(reading.found)
  return reading.offers
}
