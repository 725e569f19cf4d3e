import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ConnectError } from 'centouno'
import { openPassage } from 'centouno/passage'
import type { Passage, PassageOptions } from 'centouno/passage'
import { parseRequestHead, redactTarget } from 'centouno/telling'
import type { RequestHead, Text } from 'centouno/telling'
import { bodyFraming, BodyScanner } from '../http/body-scanner.ts'
import { isUpgrade } from '../http/upgrade-request.ts'
import { foreignHost } from './foreign-host.ts'
import { rewriteHead } from './head-rewriting.ts'
import type { RewrittenHead, Rewriting } from './head-rewriting.ts'
import { oneWay } from './one-way.ts'
import type { OneWay } from './one-way.ts'
import { readRequest } from './read-request.ts'
import { misdirected, unreachableTarget } from './own-replies.ts'
import { ReplyFollower } from './reply-follower.ts'
import type { TapListener } from './tap-listener.ts'
import type { TapTarget } from './tap-target.ts'
import { TargetConnection } from './target-connection.ts'
import { TappedConnection } from './tapped-connection.ts'

/** What all connections of a tap have in common. */
export interface TapSettings {
  readonly target: TapTarget
  /** The tap's own. */
  readonly port: number
  readonly rewriting: Rewriting
  /** Further names by which the tap may be called. */
  readonly allowedHosts: readonly string[]
  readonly reaching: Pick<PassageOptions, 'handshakeTimeout' | 'proxy' | 'tls'>
  readonly withLadder: boolean
  readonly listener: TapListener
  /** A name for the next connection that is told. */
  nextId(): string
}

/**
 * One connection of a client, request after request. One that asks for a WebSocket gets a connection to the target of its
 * own, and is told; so is one that cannot be read. All others go over one connection that they share.
 */
export class ClientConnection {
  readonly #client: Socket
  readonly #settings: TapSettings
  readonly #left = new AbortController()
  #server: TargetConnection | undefined

  constructor(client: Socket, settings: TapSettings) {
    this.#client = client
    this.#settings = settings
    client.on('error', () => {})
    client.once('close', () => this.#left.abort(new Error('the client broke the connection off')))
  }

  /** Resolves when the connection is over. */
  async serve(): Promise<void> {
    try {
      while (await this.#next()) {
        // Request after request.
      }
    } finally {
      await lingeringClose(this.#client)
      this.#server?.leave()
    }
  }

  /** True when another request may follow. */
  async #next(): Promise<boolean> {
    const reading = await readRequest(this.#client)
    // The target has ended the connection, and so did we: what crossed with its FIN is not answered any more.
    if (this.#client.writableEnded && reading.kind !== 'ended') return false
    switch (reading.kind) {
      case 'gone':
        this.#server?.reset()
        return false
      case 'ended':
        await this.#server?.finish()
        return false
      case 'tls':
        this.#settings.listener.turnedAway(tlsNotSpoken)
        return false
      case 'unreadable': {
        const { received } = reading
        const head = parseRequestHead(received)
        if (!this.#turnsAway(head)) await this.#carryTold({ bytes: received, changes: [] }, head)
        return false
      }
      case 'head':
        return this.#carry(reading.head)
    }
  }

  async #carry(bytes: Uint8Array): Promise<boolean> {
    const { target, port, rewriting } = this.#settings
    const head = parseRequestHead(bytes)
    if (this.#turnsAway(head)) return false
    const rewritten = rewriteHead(bytes, target, port, rewriting)
    return isUpgrade(head)
      ? this.#carryTold(rewritten, parseRequestHead(rewritten.bytes))
      : this.#carryOrdinary(rewritten, head)
  }

  /** True when the request calls the tap by a stranger's name, and was answered so. */
  #turnsAway({ fields }: RequestHead): boolean {
    const { target, port, allowedHosts, listener } = this.#settings
    const stranger = foreignHost(fields, target, port, allowedHosts)
    if (stranger === undefined) return false
    const { why, reply } = misdirected(stranger)
    listener.turnedAway(why)
    this.#client.end(reply)
    return true
  }

  async #carryTold({ bytes, changes }: RewrittenHead, head: RequestHead): Promise<boolean> {
    const { target, listener, withLadder, nextId } = this.#settings
    this.#server?.leave()
    this.#server = undefined
    const tapped = new TappedConnection(nextId(), urlOf(target, head), listener, withLadder)
    const passage = await this.#reach(head, tapped)
    if (passage === undefined) return false
    tapped.begins(passage, bytes, head, changes.length === 0 ? {} : { rewritten: changes })
    this.#server = new TargetConnection(passage, this.#client)
    const reply = this.#server.follow(new ReplyFollower(head.method), tapped)
    passage.stream.write(bytes)
    const toServer = this.#toServer(passage, (chunk) => {
      tapped.sent(chunk)
      return chunk.length
    })
    void toServer.done.then((how) => how === 'ended' && tapped.fin('sent'))
    const again = await reply
    if (again) toServer.stop()
    tapped.over()
    return again
  }

  async #carryOrdinary({ bytes }: RewrittenHead, head: RequestHead): Promise<boolean> {
    const began = performance.now()
    const told = (status: number, failure?: string): void =>
      this.#settings.listener.passed({
        method: head.method,
        target: redactTarget(head.target),
        status,
        tookMs: performance.now() - began,
        ...(failure === undefined ? {} : { failure }),
      })
    if (this.#server?.usable !== true) {
      this.#server?.leave()
      const passage = await this.#reach(head, undefined, told)
      if (passage === undefined) return false
      this.#server = new TargetConnection(passage, this.#client)
    }
    const server = this.#server
    const follower = new ReplyFollower(head.method)
    const reply = server.follow(follower)
    server.stream.write(bytes)
    const body = new RequestBody(head)
    const toServer = this.#toServer(server, (chunk) =>
      // What comes behind a request is the next one, unless the reply has put an end to HTTP.
      follower.progress === 'coming' || follower.progress === 'over' ? body.take(chunk) : chunk.length,
    )
    const replied = await reply
    told(follower.head?.status ?? 0)
    if (replied) await Promise.race([body.over, toServer.done, server.gone])
    toServer.stop()
    return replied
  }

  /** Carries what the client says from now on, its FIN included, even if that has come already. */
  #toServer({ stream }: { readonly stream: Duplex }, take: (bytes: Uint8Array) => number): OneWay {
    if (!this.#client.readableEnded) return oneWay(this.#client, stream, take)
    stream.end()
    return { done: Promise.resolve('ended'), stop() {} }
  }

  /** Reaches the target; otherwise tells so, and answers the client. */
  async #reach(
    head: RequestHead,
    tapped: TappedConnection | undefined,
    failed?: (status: number, code: string) => void,
  ): Promise<Passage | undefined> {
    const { target, reaching } = this.#settings
    try {
      const { signal } = this.#left
      return await openPassage(target.server, head.target, { ...reaching, ...tapped?.watching, signal })
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      const { status, reply } = unreachableTarget(error)
      tapped?.unreachable(error)
      failed?.(status, error.code)
      this.#client.end(reply)
      return undefined
    }
  }
}

/** Where the body of an ordinary request ends. */
class RequestBody {
  readonly over: Promise<void>
  readonly #scanner: BodyScanner | undefined
  #end: () => void = () => {}

  constructor({ fields }: RequestHead) {
    const framing = bodyFraming(fields, { kind: 'request' })
    this.#scanner = framing && new BodyScanner(framing)
    this.over = new Promise((resolve) => (this.#end = resolve))
    if (this.#scanner === undefined) this.#end()
  }

  /** How many of these bytes belong to it. */
  take(bytes: Uint8Array): number {
    const scanner = this.#scanner
    if (scanner === undefined) return 0
    const rest = scanner.receive(bytes)
    if (scanner.over) this.#end()
    return bytes.length - rest.length
  }
}

/** Of a target that is no path, the server alone is told: what it was stands in the request. */
function urlOf({ server }: TapTarget, { target }: RequestHead): string {
  return `${server}${target.startsWith('/') ? redactTarget(target) : '/'}`
}

/** How long a client may take to read the last reply, in milliseconds. */
export const lingerTime = 5_000

/**
 * Ends a connection so that what was sent last can be read: closing a socket on which bytes wait to be read sends RST, and
 * that may destroy the reply at the client (RFC 9112 §9.6).
 */
async function lingeringClose(client: Socket): Promise<void> {
  if (client.closed) return
  client.end()
  client.resume()
  const timer = setTimeout(() => client.destroy(), lingerTime)
  await new Promise((resolve) => client.once('close', resolve))
  clearTimeout(timer)
}

const tlsNotSpoken: Text = {
  en: 'A client spoke TLS to the tap, which listens in the clear on this machine: use ws:// or http:// for its address. To the target TLS is spoken all the same.',
  zh: '有客户端用 TLS 与 tap 通信，但 tap 在本机只接受明文：请用 ws:// 或 http:// 访问它的地址。到目标的一段照样使用 TLS。',
}
