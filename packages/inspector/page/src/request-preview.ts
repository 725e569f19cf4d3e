import { buildRequest, HandshakeInputError, keyFrom, offerDeflate, readWebSocketUri } from 'centouno/telling'
import type { RequestParts } from 'centouno/telling'
import type { ConnectOrder } from '../../src/agent/agent-message.ts'

/** The request as it would go, or why it would not. */
export type RequestPreview =
  | { readonly ok: true; readonly text: string; readonly key: string }
  | {
      readonly ok: false
      /** The rule in the way, where there is one. */
      readonly rule: string
      readonly sentence: string
    }

const keyBytes = 16

/** Built by the engine, so that it is what the engine sends but for the key, which is another one each time. */
export function previewRequest(order: ConnectOrder): RequestPreview {
  const parts = requestParts(order)
  if (!('uri' in parts)) return parts
  try {
    return { ok: true, text: buildRequest(parts), key: parts.key }
  } catch (error) {
    const rule = error instanceof HandshakeInputError ? error.rule : ''
    return { ok: false, rule, sentence: error instanceof Error ? error.message : String(error) }
  }
}

/** What the engine builds the request of. */
export function requestParts(order: ConnectOrder): RequestParts | Extract<RequestPreview, { ok: false }> {
  const reading = readWebSocketUri(order.url)
  if (!reading.ok) return { ok: false, rule: reading.rule, sentence: reading.found }
  const { origin, subprotocols, fields } = order
  return {
    uri: reading.uri,
    key: keyFrom(crypto.getRandomValues(new Uint8Array(keyBytes))),
    ...(origin === '' ? {} : { origin }),
    subprotocols,
    extensions: extensionsOf(order),
    fields: fields.map(([name, value]) => ({ name, value })),
  }
}

function extensionsOf({ compression }: ConnectOrder): RequestParts['extensions'] {
  if (typeof compression !== 'object') return []
  const { takeover = true, peerTakeover = true, windowBits = 0, peerWindowBits = 0 } = compression
  const keepWindowBits = peerTakeover ? peerWindowBits : 0
  return [offerDeflate({ sendWindowBits: windowBits, sendTakeover: takeover, keepWindowBits })]
}
