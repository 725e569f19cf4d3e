import type { ExtensionOffer, Field, RequestHead, ResponseHead } from 'centouno/telling'
import { defaultRequestPolicy, judgeRequest, judgeResponse } from 'centouno/telling'

/** What both sides agreed to speak after the 101, as far as frames are read by it. */
export interface Agreement {
  readonly extensions: readonly ExtensionOffer[]
}

const relaxEverything = { relaxed: new Set<string>() } as const

/** True when a request means to open a WebSocket, however badly. */
export function isUpgrade({ fields }: { readonly fields: readonly Field[] }): boolean {
  return fields.some(({ name, value }) => {
    const lowered = name.toLowerCase()
    return lowered.startsWith('sec-websocket-') || (lowered === 'upgrade' && /\bwebsocket\b/i.test(value))
  })
}

/** What a response has to fit. */
export function sentRequest(head: RequestHead): Parameters<typeof judgeResponse>[1] {
  const judgement = judgeRequest(head, { ...defaultRequestPolicy, origins: 'any' })
  const accepted = judgement.ok ? judgement.accepted : undefined
  return {
    ...relaxEverything,
    key: accepted?.key ?? head.fields.find(({ name }) => name.toLowerCase() === 'sec-websocket-key')?.value ?? '',
    subprotocols: accepted?.subprotocols ?? [],
    extensions: accepted?.extensions ?? [],
    requireSubprotocol: true,
  }
}

/** What a 101 agreed to; nothing, when it does not fit what was asked: the client then fails the connection anyway. */
export function agreementOf(response: ResponseHead, request: RequestHead | undefined): Agreement {
  if (request === undefined) return { extensions: [] }
  const judgement = judgeResponse(response, sentRequest(request))
  return { extensions: judgement.ok ? judgement.accepted.extensions : [] }
}
