import {
  agreedFacts,
  defaultRequestPolicy,
  hidden,
  judgeRequest,
  judgeUri,
  parseRequestHead,
  parseResponseHead,
  readWebSocketUri,
  Recorder,
  verdictOf,
  writeEnd,
} from 'centouno/telling'
import type { CodeDetails, RequestHead, ResponseHead } from 'centouno/telling'
import { judgeReply } from '../seen/seen-failures.ts'
import type { SeenReply } from '../seen/seen-failures.ts'
import { seenClosing } from '../seen/seen-end.ts'
import { ConnectionRecording } from '../session-file/connection-recording.ts'
import { keptHeads } from '../session-file/kept-heads.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'
import { seenVerdict } from '../telling/verdict-words.ts'
import { latin1Bytes } from '../wire/base64.ts'
import { harRungs } from './har-rungs.ts'
import { readHar } from './har-shape.ts'
import type { ReadHarEntry } from './har-shape.ts'
import type { HarPair } from './har.ts'

/**
 * The WebSockets of a HAR, told as connections. A HAR has the parts of the heads and not their bytes, so that both are
 * rebuilt, and the rungs say that they are inferred.
 *
 * @throws RecordedFileError
 */
export function connectionsOfHar(value: unknown, withSecrets: boolean): RecordedConnection[] {
  return readHar(value).map((entry) => connectionOf(entry, withSecrets))
}

function connectionOf(entry: ReadHarEntry, withSecrets: boolean): RecordedConnection {
  const url = entry.url.replace(/^http/i, 'ws')
  const { pathname, search } = new URL(url)
  const request = requestHead(`${entry.method} ${pathname}${search} HTTP/1.1`, entry.requestFields)
  const response =
    entry.status === 0 ? undefined : responseHead(`HTTP/1.1 ${entry.status} ${entry.reason}`, entry.responseFields)
  const account = new HarAccount(entry, url, request, response)
  const closing = account.write()
  const recording = new ConnectionRecording()
  const times = { askedAtMs: account.askedAtMs, answeredAtMs: account.answeredAtMs }
  for (const rung of harRungs(request, response, entry.messages, { ...times, withSecrets })) recording.rung(rung)
  for (const message of entry.messages) recording.message(message)
  const report = account.recorder.report()
  return recording.finish(withSecrets ? keptHeads(report, url, request, response) : report, closing)
}

class HarAccount {
  readonly recorder: Recorder
  askedAtMs = 0
  answeredAtMs = 0
  readonly #entry: ReadHarEntry
  readonly #url: string
  readonly #request: RequestHead
  readonly #response: ResponseHead | undefined
  #now = 0

  constructor(entry: ReadHarEntry, url: string, request: RequestHead, response: ResponseHead | undefined) {
    this.#entry = entry
    this.#url = url
    this.#request = request
    this.#response = response
    this.recorder = new Recorder({ url, startedAt: entry.startedAt, now: () => this.#now })
  }

  write(): ToldClosing | undefined {
    this.recorder.judged(judgeUri(readWebSocketUri(this.#url)))
    this.#reach()
    this.askedAtMs = this.#now
    const stage = this.recorder.begin('upgrade')
    const { text: head, method, target, fields } = this.#request
    this.recorder.request({ head, method, target, fields })
    const { wait = 0, send = 0 } = this.#entry.timings
    // DevTools count as waiting also what came after the 101: nothing is said before it.
    const firstSaid = this.#entry.messages[0]?.atMs ?? Infinity
    this.#now = Math.max(this.#now, Math.min(this.#now + send + wait, firstSaid))
    this.answeredAtMs = this.#now
    const reply = this.#reply()
    stage.end(reply?.failure === undefined && reply !== undefined)
    if (reply === undefined) this.recorder.conclude(seenVerdict('SEEN_NO_REPLY', 'upgrade'))
    else if (reply.failure !== undefined) this.recorder.conclude(this.#verdict(reply.failure))
    else {
      const facts = reply.accepted === undefined ? {} : agreedFacts(reply.accepted)
      this.recorder.conclude(verdictOf('OPEN', { ...this.#known, url: this.#url, ...facts }))
      return this.#open(facts)
    }
    return undefined
  }

  /** The stages before the request, as far as the timings tell them. */
  #reach(): void {
    const { blocked = 0, dns, connect, ssl } = this.#entry.timings
    this.#now += blocked
    this.#stage('resolve', dns, {})
    const { address } = this.#entry
    const facts = address === undefined || address === '' ? {} : { address }
    this.#stage('connect', connect === undefined ? undefined : Math.max(0, connect - (ssl ?? 0)), facts)
    this.#stage('secure', ssl, {})
  }

  #stage(
    name: 'resolve' | 'connect' | 'secure',
    took: number | undefined,
    facts: Readonly<Record<string, string>>,
  ): void {
    if (took === undefined) return
    const stage = this.recorder.begin(name, facts)
    this.#now += took
    stage.end(true)
  }

  #reply(): SeenReply | undefined {
    const { httpVersion, status, body, messages } = this.#entry
    const response = this.#response
    const secure = /^wss:/i.test(this.#url)
    // RFC 8441 and RFC 9220 open a WebSocket by CONNECT: the rules of HTTP/1.1 are not for it.
    const isFirstVersion = !/[23]/.test(httpVersion.replace(/^http\/1\.[01]$/i, ''))
    if (isFirstVersion) {
      const policy = { ...defaultRequestPolicy, origins: 'any', secure } as const
      this.recorder.judged(judgeRequest(this.#request, policy).verdicts)
    }
    if (response === undefined) return undefined
    const { text: head, reason, fields } = response
    this.recorder.response({ head, status, reason, fields, body, bodyCut: false })
    if (!isFirstVersion && status === okStatus) return { verdicts: [], accepted: undefined, failure: undefined }
    const exchange = {
      request: this.#request,
      askedAtMs: this.askedAtMs,
      toProxy: false,
      response,
      answeredAtMs: this.answeredAtMs,
      interim: [],
      body,
      bodyCut: false,
    }
    const reply = judgeReply(exchange, secure, messages.length > 0)
    if (reply !== undefined) this.recorder.judged(reply.verdicts)
    return reply
  }

  /** What every sentence may speak of. */
  get #known(): CodeDetails {
    const { hostname, port, protocol } = new URL(this.#url)
    const { address = '' } = this.#entry
    const known = port === '' ? (protocol === 'wss:' ? 443 : 80) : Number(port)
    const host = address === '' ? hostname : address.includes(':') ? `[${address}]` : address
    return { host: hostname, port: known, address: `${host}:${known}` }
  }

  #verdict({ code, details }: NonNullable<SeenReply['failure']>): ReturnType<typeof verdictOf> {
    return verdictOf(code, { ...this.#known, ...details }, 'upgrade')
  }

  #open(facts: Readonly<Record<string, string>>): ToldClosing | undefined {
    const { messages } = this.#entry
    const stage = this.recorder.begin('open', facts)
    const closes = messages.filter(({ kind }) => kind === 'close')
    const unknown = { firstFin: 'none', finAtMs: {}, reset: undefined, over: false, atMs: 0 } as const
    const closing = seenClosing(messages, unknown)
    const [first, last] = [closes[0], closes.at(-1)]
    if (closing === undefined || first === undefined || last === undefined) return undefined
    stage.end(true, first.atMs)
    this.#now = last.atMs
    const close = this.recorder.begin('close', {}, first.atMs)
    writeEnd(this.recorder, close, { ...closing, error: undefined }, { closedAt: last.atMs, firstFin: 'none' })
    return closing
  }
}

const okStatus = 200

function requestHead(startLine: string, pairs: readonly HarPair[]): RequestHead {
  const { text, fields } = headOf(startLine, pairs)
  return { ...parseRequestHead(latin1Bytes(text.replaceAll(hidden, '***'))), text, fields }
}

function responseHead(startLine: string, pairs: readonly HarPair[]): ResponseHead {
  const { text, fields } = headOf(startLine, pairs)
  return { ...parseResponseHead(latin1Bytes(text.replaceAll(hidden, '***'))), text, fields }
}

/** HTTP/2 puts the start line among the fields, under names that begin with a colon (RFC 9113 §8.3). */
function headOf(
  startLine: string,
  pairs: readonly HarPair[],
): { readonly text: string; readonly fields: readonly HarPair[] } {
  const fields = pairs.filter(({ name }) => !name.startsWith(':'))
  return { text: `${startLine}\r\n${fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`, fields }
}
