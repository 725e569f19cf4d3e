import {
  agreedFacts,
  defaultRequestPolicy,
  judgeRequest,
  judgeUri,
  readWebSocketUri,
  Recorder,
  redactor,
  verdictOf,
  writeEnd,
} from 'centouno/telling'
import type { CodeDetails, StageName, ToldFailure } from 'centouno/telling'
import { tellCaptured } from '../ladder/captured-ladder.ts'
import { ConnectionRecording } from '../session-file/connection-recording.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import { keptHeads } from '../session-file/kept-heads.ts'
import type { CapturedConnection } from '../tcp/captured-connection.ts'
import { seenVerdict } from '../telling/verdict-words.ts'
import type { SeenCode } from '../telling/verdict-words.ts'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'
import type { Rung } from '../wire/rung.ts'
import { seenClosing, seenTcpEnd } from './seen-end.ts'
import type { SeenTcpEnd } from './seen-end.ts'
import { endFailure, judgeReply, silenceFailure, tlsFailure } from './seen-failures.ts'
import { SeenTalk } from './seen-talk.ts'
import type { SeenExchange } from './seen-talk.ts'
import { seenTls } from './seen-tls.ts'
import type { SeenTls } from './seen-tls.ts'

export interface SeenOptions {
  /** TLS keys in the format of SSLKEYLOGFILE. */
  readonly keyLog: string
  /** Tells cookies, authorization and tokens as they crossed. */
  readonly withSecrets: boolean
}

/** A connection of a capture, told as if this program had made it: report, ladder, messages and end. */
export function seenConnection(
  connection: CapturedConnection,
  { keyLog, withSecrets }: SeenOptions,
): RecordedConnection {
  const talk = new SeenTalk()
  const recording = new ConnectionRecording()
  tellCaptured(connection, keyLog, recording.rung, { watcher: talk, withSecrets })
  for (const message of talk.messages) recording.message(message)
  const account = new SeenAccount(connection, talk, recording.rungs)
  const closing = account.write()
  const report = account.recorder.report()
  const { upgrade } = talk
  const told =
    withSecrets && upgrade !== undefined ? keptHeads(report, account.url, upgrade.request, upgrade.response) : report
  return recording.finish(told, closing)
}

/** Writes the report of what was seen, stage by stage. */
class SeenAccount {
  readonly url: string
  readonly recorder: Recorder
  readonly #connection: CapturedConnection
  readonly #talk: SeenTalk
  readonly #rungs: readonly Rung[]
  readonly #tls: SeenTls | undefined
  readonly #end: SeenTcpEnd
  #now = 0

  constructor(connection: CapturedConnection, talk: SeenTalk, rungs: readonly Rung[]) {
    this.#connection = connection
    this.#talk = talk
    this.#rungs = rungs
    this.#tls = seenTls(rungs)
    this.#end = seenTcpEnd(connection.segments)
    this.url = urlOf(connection, talk, this.#tls)
    this.recorder = new Recorder({ url: this.url, startedAt: connection.startedAt, now: () => this.#now })
  }

  /** Returns how it ended, when it was open and had ended. */
  write(): ToldClosing | undefined {
    this.recorder.judged(judgeUri(readWebSocketUri(this.url)))
    const stage = this.#reach() ?? this.#secure()
    if (stage !== undefined) return undefined
    const { upgrade, ordinary } = this.#talk
    if (upgrade !== undefined) return this.#upgrade(upgrade)
    if (this.#tls?.closed === true) this.#conclude('secure', 'SEEN_ENCRYPTED')
    else if (this.#connection.gaps.length > 0) this.#conclude('upgrade', 'SEEN_BYTES_MISSING')
    else if (ordinary === undefined) this.#conclude('upgrade', 'SEEN_NO_REQUEST')
    else {
      this.#exchange(ordinary)
      this.#conclude('upgrade', 'SEEN_NO_UPGRADE')
    }
    return undefined
  }

  /** TCP, and a tunnel. Returns the stage at which it failed. */
  #reach(): StageName | undefined {
    const { segments, client, server } = this.#connection
    const syn = segments.find(({ direction, flags }) => direction === 'sent' && flags.includes('SYN'))
    if (syn !== undefined) {
      const facts = { port: server.port, address: server.address }
      const stage = this.recorder.begin('connect', facts, syn.atMs)
      const agreed = segments.find(({ direction, flags }) => direction === 'received' && flags.includes('SYN'))
      const confirmed = segments.find(
        ({ direction, flags, atMs }) => direction === 'sent' && flags.includes('ACK') && atMs >= (agreed?.atMs ?? 0),
      )
      stage.fact('localAddress', client.address)
      stage.fact('localPort', client.port)
      stage.end(agreed !== undefined, (confirmed ?? agreed)?.atMs ?? this.#end.atMs)
      if (agreed === undefined) {
        const refused = this.#end.reset?.by === 'received'
        return this.#fail('connect', { code: refused ? 'CONNECT_REFUSED' : 'CONNECT_TIMEOUT', details: {} })
      }
    }
    return this.#tunnel()
  }

  #tunnel(): StageName | undefined {
    const own = this.#rungs.filter(({ layer }) => layer === 'proxy')
    const [first, last] = [own[0], own.at(-1)]
    if (first === undefined || last === undefined) return undefined
    const asked = this.#talk.tunnel
    const target = asked?.request.target ?? ''
    const stage = this.recorder.begin('proxy', { proxy: this.#address, target }, first.atMs)
    const passed = this.#rungs.some(
      ({ layer, from, to }) => layer !== 'tcp' && layer !== 'proxy' && (from === 'server' || to === 'server'),
    )
    stage.end(passed, last.atMs)
    if (passed) return undefined
    const { status = 0, reason = '' } = asked?.response ?? {}
    const refusal: ToldFailure | undefined =
      status === 0
        ? endFailure('PROXY', this.#end)
        : {
            code: status === authenticationRequired ? 'PROXY_AUTH_REQUIRED' : 'PROXY_REFUSED',
            details: { status, reason },
          }
    const failure = refusal ?? undefined
    if (failure === undefined) return this.#conclude('proxy', 'SEEN_NOT_FINISHED')
    return this.#fail('proxy', { ...failure, details: { ...failure.details, proxy: this.#address, target } })
  }

  #secure(): StageName | undefined {
    const tls = this.#tls
    if (tls === undefined) return undefined
    const stage = this.recorder.begin('secure', tls.facts, tls.startMs)
    stage.end(tls.done !== false, tls.endMs)
    if (tls.done !== false) return undefined
    const failure = tlsFailure(tls, this.#end)
    if (failure !== undefined) return this.#fail('secure', failure)
    return this.#conclude('secure', this.#connection.gaps.length > 0 ? 'SEEN_BYTES_MISSING' : 'SEEN_NOT_FINISHED')
  }

  #upgrade(exchange: SeenExchange): ToldClosing | undefined {
    const { request, response } = exchange
    this.#now = exchange.askedAtMs
    const secure = this.#tls !== undefined
    const stage = this.#exchange(exchange)
    const policy = { ...defaultRequestPolicy, origins: 'any', secure } as const
    this.recorder.judged(judgeRequest(request, policy).verdicts)
    const wentOn = this.#talk.messages.some(({ direction }) => direction === 'sent')
    const reply = judgeReply(exchange, secure, wentOn)
    if (response === undefined || reply === undefined) {
      stage.end(false, this.#end.atMs)
      const failure = silenceFailure(this.#rungs, this.#end)
      if (failure !== undefined) this.#fail('upgrade', failure)
      else this.#conclude('upgrade', this.#connection.gaps.length > 0 ? 'SEEN_BYTES_MISSING' : 'SEEN_NO_REPLY')
      return undefined
    }
    this.recorder.judged(reply.verdicts)
    stage.end(reply.failure === undefined, exchange.answeredAtMs)
    if (reply.failure !== undefined) {
      this.#fail('upgrade', reply.failure)
      return undefined
    }
    const facts = reply.accepted === undefined ? {} : agreedFacts(reply.accepted)
    this.recorder.conclude(verdictOf('OPEN', { ...this.#known, url: this.url, ...facts }))
    return this.#open(facts, exchange.answeredAtMs)
  }

  /** The stage `upgrade` with its heads, still to be ended. */
  #exchange({
    request,
    askedAtMs,
    response,
    answeredAtMs,
    interim,
    body,
    bodyCut,
  }: SeenExchange): ReturnType<Recorder['begin']> {
    const stage = this.recorder.begin('upgrade', {}, askedAtMs)
    const { text: head, method, target, fields } = request
    this.recorder.request({ head, method, target, fields })
    if (interim.length > 0) stage.fact('interim', interim)
    if (response === undefined) return stage
    const { status, reason } = response
    stage.fact('status', status)
    stage.bytes(head.length, response.text.length)
    // It may say again what the request said.
    const shown = redactor(request)(body)
    this.recorder.response({ head: response.text, status, reason, fields: response.fields, body: shown, bodyCut })
    if (status !== switching) stage.end(false, answeredAtMs)
    return stage
  }

  #open(facts: CodeDetails, openedAtMs: number): ToldClosing | undefined {
    const stage = this.recorder.begin('open', facts, openedAtMs)
    const closes = this.#talk.messages.filter(({ kind }) => kind === 'close')
    const { finAtMs, reset, over, atMs } = this.#end
    const ends = [closes[0]?.atMs, finAtMs.sent, finAtMs.received, reset?.atMs].filter((time) => time !== undefined)
    // Where bytes are missing, a Close may be among them.
    const closing =
      this.#connection.gaps.length > 0 && closes.length < 2 ? undefined : seenClosing(this.#talk.messages, this.#end)
    if (closing === undefined) return undefined
    const begins = Math.min(...ends)
    stage.end(true, begins)
    const close = this.recorder.begin('close', {}, begins)
    this.#now = over ? atMs : (closes.at(-1)?.atMs ?? atMs)
    const closedAt = closing.clean ? (closes.at(-1)?.atMs ?? begins) : begins
    writeEnd(this.recorder, close, { ...closing, error: undefined }, { closedAt, firstFin: this.#end.firstFin })
    return closing
  }

  get #address(): string {
    const { address, port } = this.#connection.server
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  }

  /** What every sentence may speak of. */
  get #known(): CodeDetails {
    const { hostname, port } = new URL(this.url)
    const { server } = this.#connection
    return { host: hostname, port: port === '' ? server.port : Number(port), address: this.#address }
  }

  #fail(stage: StageName, { code, details }: ToldFailure): StageName {
    const target = this.#talk.upgrade?.request.target ?? ''
    this.recorder.conclude(verdictOf(code, { stage, ...this.#known, target, ...details }, stage))
    return stage
  }

  #conclude(stage: StageName, code: SeenCode): StageName {
    this.#now = this.#end.atMs
    // Of what is only hidden nobody can say that it failed.
    if (code !== 'SEEN_ENCRYPTED') this.recorder.blame(stage)
    this.recorder.conclude(seenVerdict(code, stage))
    return stage
  }
}

const switching = 101
const authenticationRequired = 407

/** The URL that the client must have had, from its `Host`, the name it asked TLS for, or the address alone. */
function urlOf({ server }: CapturedConnection, talk: SeenTalk, tls: SeenTls | undefined): string {
  const scheme = tls === undefined ? 'ws' : 'wss'
  const exchange = talk.upgrade ?? talk.ordinary
  const host = exchange?.request.fields.find(({ name }) => name.toLowerCase() === 'host')?.value
  const name = tls?.facts['servername']
  const address = server.address.includes(':') ? `[${server.address}]` : server.address
  const authority = host ?? `${typeof name === 'string' ? name : address}:${server.port}`
  const target = exchange?.request.target ?? '/'
  const url = /^[a-z]+:\/\//i.test(target) ? target.replace(/^http/i, 'ws') : `${scheme}://${authority}${target}`
  return URL.canParse(url) ? url : `${scheme}://${address}:${server.port}/`
}
