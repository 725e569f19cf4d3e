import { expect } from 'vitest'
import type { Closing } from '../../src/protocol/connection/closing.ts'
import type { ConnectOptions } from '../../src/client/connect-options.ts'
import { connect } from '../../src/client/connect.ts'
import { closingText } from '../../src/report/closing-text.ts'
import { verdictText } from '../../src/report/verdict.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type Server } from '../../src/server/listen.ts'
import { refused } from '../support/refused.ts'

/** Faults of a real reverse proxy between a client and a server of ours, and what both of them tell. */

/** One fault, and how it has to be named. */
export interface Fault {
  readonly what: string
  readonly url: string
  readonly options?: ConnectOptions
  readonly code: string
  /** Of the details: who did it, what, and what the server of ours named. */
  readonly told?: Readonly<Record<string, string>>
  /** What the hint has to say: where it happened, and the line to change. */
  readonly hint: readonly (string | RegExp)[]
  /** The same in Chinese; by default only what is the same in both languages is looked for. */
  readonly zh?: readonly (string | RegExp)[]
  /** What a server of ours tells, where the request came as far. */
  readonly server?: string
}

/** A server of ours that remembers what it refused and how its connections ended. */
export interface ToldServer {
  readonly server: Server
  readonly refusals: string[]
  readonly hints: string[]
  readonly ends: Closing[]
}

export async function toldServer(): Promise<ToldServer> {
  const refusals: string[] = []
  const hints: string[] = []
  const ends: Closing[] = []
  const server = await listen(
    {
      port: 0,
      host: '127.0.0.1',
      limits: { heartbeatInterval: false },
      ownOrigin: 'https://chat.example',
      onRefused({ refusal }) {
        refusals.push(refusal.code)
        hints.push(refusal.hint?.en ?? '')
      },
    },
    endpoint('*', {
      message: (socket, data) => socket.send(data),
      close: (_socket, closing) => void ends.push(closing),
    }),
  )
  return { server, refusals, hints, ends }
}

/** Makes it happen and checks what both sides tell of it. */
export async function expectTold(fault: Fault, { refusals }: ToldServer): Promise<void> {
  refusals.length = 0
  const error = await refused(fault.url, { handshakeTimeout: 20_000, ...fault.options })
  expect(error.code).toBe(fault.code)
  if (fault.told !== undefined) expect(error.details).toMatchObject(fault.told)
  for (const words of fault.hint) expect(error.hint).toMatch(words)
  const zh = verdictText(error.report.verdict, 'zh').hint
  for (const words of fault.zh ?? []) expect(zh).toMatch(words)
  expect(`${error.hint}${zh}`).not.toMatch(/[[\]{}]|undefined/)
  expect(refusals).toEqual(fault.server === undefined ? [] : [fault.server])
}

/** An open connection on which nobody says anything is cut off by what stands between; both sides tell it. */
export async function expectIdleCut(url: string, { ends }: ToldServer): Promise<void> {
  ends.length = 0
  const socket = await connect(url, { limits: { heartbeatInterval: false } })
  const closing = await socket.closed
  await expect.poll(() => ends.length).toBe(1)
  for (const end of [closing, ...ends]) {
    const told = closingText(end, 'en')
    // nginx sends FIN to both sides, HAProxy a reset to the server.
    expect(told.code).toMatch(/^END_PEER_(?:FIN|RESET)$/)
    expect(told.sentence).toMatch(/after \d+(?:\.\d)? s in which neither side had sent anything/)
    expect(told.hint).toMatch(/client → proxy ✗ server/)
    expect(told.hint).toMatch(/nginx \(proxy_read_timeout\) or HAProxy \(timeout tunnel/)
    expect(told.hint).toMatch(/heartbeatInterval below/)
    expect(closingText(end, 'zh').hint).toMatch(/客户端 → 代理 ✗ 服务器.*proxy_read_timeout/)
  }
  expect(closing.cause).toBe('peer-fin')
  expect(socket.report.stages.at(-1)).toMatchObject({ name: 'disconnect', facts: { firstFin: 'remote' } })
  expect(socket.report.stages.at(-1)?.facts['silenceMs']).toBeGreaterThanOrEqual(1_000)
}

/** The cure that the hint names: with a heartbeat the same connection outlives the limit several times. */
export async function expectKeptByHeartbeat(url: string, milliseconds: number): Promise<void> {
  const socket = await connect(url, { limits: { heartbeatInterval: 250 } })
  const began = performance.now()
  await expect.poll(() => performance.now() - began > milliseconds || socket.state !== 'open').toBe(true)
  expect(socket.state).toBe('open')
  await socket.send('still there')
  expect((await socket[Symbol.asyncIterator]().next()).value).toBe('still there')
  expect((await socket.close(1000)).clean).toBe(true)
}

/** A connection that works: one message there and back, and a goodbye in good order. */
export async function expectOpen(url: string, options: ConnectOptions = {}): Promise<void> {
  const socket = await connect(url, { handshakeTimeout: 20_000, ...options })
  await socket.send('through the proxy, 穿过代理')
  expect((await socket[Symbol.asyncIterator]().next()).value).toBe('through the proxy, 穿过代理')
  expect((await socket.close(1000, 'done')).clean).toBe(true)
}

/** What the blocks of code of a language say in a document. */
export function blocksOf(document: string, language: string): string[] {
  return [...document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code)
}
