import { randomBytes } from 'node:crypto'
import { judgeRequest } from '../protocol/handshake/judge-request.ts'
import { judgeUri } from '../protocol/handshake/judge-uri.ts'
import { buildRequest } from '../protocol/handshake/build-request.ts'
import type { ExtensionOffer } from '../protocol/handshake/extension-list.ts'
import { HandshakeInputError } from '../protocol/handshake/handshake-input-error.ts'
import type { SentRequest } from '../protocol/handshake/judgement.ts'
import { keyFrom } from '../protocol/handshake/key.ts'
import type { WebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import { readWebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import { encodeLatin1 } from '../protocol/encoding/latin1.ts'
import type { Field, RequestHead } from '../protocol/http/head.ts'
import { parseRequestHead } from '../protocol/http/request-head.ts'
import { isTraceparent } from '../protocol/http/trace-context.ts'
import type { Recorder } from '../report/recorder.ts'
import { formatAddress } from './address.ts'
import type { ConnectOptions } from './connect-options.ts'
import { fieldsOf } from './fields.ts'
import { StageFailure, wordsOf } from './stage-failure.ts'

/** The opening request, ready to be sent. */
export interface PreparedRequest {
  readonly uri: WebSocketUri
  readonly bytes: Uint8Array
  /** What a server reads in those bytes. */
  readonly head: RequestHead
  /** What the reply has to fit. */
  readonly sent: SentRequest
}

const keyBytes = 16

/**
 * Reads the URL and builds the request. All that can be wrong with the call itself comes out here, before a single
 * packet is sent (H-URI-02).
 */
export function prepareRequest(
  url: string,
  options: ConnectOptions,
  extensions: readonly ExtensionOffer[],
  recorder: Recorder,
): PreparedRequest {
  const reading = readWebSocketUri(url)
  recorder.judged(judgeUri(reading))
  if (!reading.ok) throw new StageFailure('URI_INVALID', { rule: reading.rule, found: reading.found })
  const { uri } = reading
  const known = { host: uri.host, port: uri.port, address: formatAddress(uri.host, uri.port), target: uri.resource }
  try {
    // Fresh for every attempt, and unpredictable (H-REQ-09).
    const key = keyFrom(randomBytes(keyBytes))
    const subprotocols = [...(options.subprotocols ?? [])]
    const origin = options.origin === undefined ? {} : { origin: options.origin }
    const fields = [...fieldsOf(options.headers ?? {}), ...traceFields(options)]
    const bytes = encodeLatin1(buildRequest({ uri, key, ...origin, subprotocols, extensions, fields }))
    const relaxed = new Set(options.relaxed)
    const requireSubprotocol = options.requireSubprotocol ?? true
    const head = parseRequestHead(bytes)
    return { uri, bytes, head, sent: { key, subprotocols, extensions, requireSubprotocol, relaxed } }
  } catch (error) {
    const rule = error instanceof HandshakeInputError ? { rule: error.rule } : {}
    throw new StageFailure('OPTIONS_INVALID', { ...known, ...rule, reason: wordsOf(error) }, error)
  }
}

/** The trace context as fields (W3C Trace Context §3). */
function traceFields({ traceparent, tracestate }: ConnectOptions): Field[] {
  if (traceparent === undefined) return []
  if (!isTraceparent(traceparent)) {
    throw new Error(`traceparent is ${JSON.stringify(traceparent)}, which is not of the form of W3C Trace Context`)
  }
  const fields = [{ name: 'traceparent', value: traceparent }]
  return tracestate === undefined ? fields : [...fields, { name: 'tracestate', value: tracestate }]
}

/** Judges the own request as a server would see it, so that the report shows its rules too. */
export function judgeOwnRequest({ uri, head, sent }: PreparedRequest, recorder: Recorder): void {
  const policy = { relaxed: sent.relaxed, origins: 'any', requireOrigin: false, secure: uri.secure } as const
  recorder.judged(judgeRequest(head, policy).verdicts)
}
