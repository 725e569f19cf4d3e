import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConnectError } from '../../../src/client/connect-error.ts'
import { NotConnectedError, ReconnectStoppedError } from '../../../src/client/reconnect/reconnect-errors.ts'
import type { ReconnectEvent, ReconnectOptions, ReconnectUrl } from '../../../src/client/reconnect/reconnect-options.ts'
import { reconnecting } from '../../../src/client/reconnect/reconnecting.ts'
import type { ReconnectingSocket } from '../../../src/client/reconnect/reconnecting-socket.ts'
import { VirtualClock } from '../../../src/testing/virtual-clock.ts'
import { frame, join, utf8 } from '../../protocol/wire.ts'
import { closeScriptedServers, head, scriptedServer, switchLines, type Script } from '../../support/scripted-server.ts'

type EventOf<Kind extends ReconnectEvent['kind']> = Extract<ReconnectEvent, { kind: Kind }>

/** What the link told, to be waited for event by event. */
class Events {
  readonly seen: ReconnectEvent[] = []
  #read = 0
  #news: (() => void) | undefined

  readonly watch = (event: ReconnectEvent): void => {
    this.seen.push(event)
    this.#news?.()
  }

  /** The next of this kind; those between are passed over. */
  async next<Kind extends ReconnectEvent['kind']>(kind: Kind): Promise<EventOf<Kind>> {
    for (;;) {
      const event = this.seen[this.#read]
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          this.#news = resolve
        })
      } else {
        this.#read++
        if (event.kind === kind) return event as EventOf<Kind>
      }
    }
  }

  kinds(): string[] {
    return this.seen.map(({ kind }) => kind)
  }
}

let clock: VirtualClock
let events: Events
let link: ReconnectingSocket | undefined
const unhandled: unknown[] = []
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason)

beforeEach(() => {
  clock = new VirtualClock()
  events = new Events()
  process.on('unhandledRejection', noteUnhandled)
})

afterEach(async () => {
  const closed = link?.close()
  // They do not answer a Close.
  await closeScriptedServers()
  await closed
  link = undefined
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', noteUnhandled)
  if (unhandled.length > 0) throw new AggregateError(unhandled.splice(0), 'unhandled rejections')
})

function begin(url: ReconnectUrl, options: ReconnectOptions = {}): ReconnectingSocket {
  link = reconnecting(url, { clock, random: () => 0.5, watch: events.watch, ...options })
  return link
}

/** A server whose next connection follows the next script; the last goes on. */
function serving(...scripts: readonly Script[]) {
  let count = 0
  return scriptedServer((socket, request) => {
    const script = scripts[Math.min(count++, scripts.length - 1)]
    script?.(socket, request)
  })
}

const opening =
  (...frames: readonly Uint8Array[]): Script =>
  (socket, request) =>
    socket.write(join(utf8(head(switchLines(request))), ...frames))

/** The same, and ends the connection behind it. */
const ending =
  (...frames: readonly Uint8Array[]): Script =>
  (socket, request) =>
    socket.end(join(utf8(head(switchLines(request))), ...frames))

const closingWith = (code: number, reason = ''): Uint8Array =>
  frame(8, Uint8Array.of(code >>> 8, code & 0xff, ...utf8(reason)))

/** Opens, and is gone without a Close. */
const dropping = ending()

/** Something to wait for, and what ends the wait. */
function gate(): { opened: Promise<void>; open: () => void } {
  const open: (() => void)[] = []
  const opened = new Promise<void>((resolve) => open.push(resolve))
  return { opened, open: () => open[0]?.() }
}

const refusing =
  (status: string, ...fields: readonly string[]): Script =>
  (socket) =>
    socket.end(head([`HTTP/1.1 ${status}`, 'Content-Length: 0', ...fields]))

describe('a client that stays connected', () => {
  test('connects at once, and again after a random first delay', async () => {
    const server = await serving(dropping, opening())
    const live = begin(server.url)
    expect(live.state).toBe('connecting')
    const first = await events.next('open')
    expect(first.report.verdict.code).toBe('OPEN')
    expect(first.socket).toBe(live.socket)
    const lost = await events.next('lost')
    expect(lost).toMatchObject({ attempt: 1, closing: { cause: 'peer-fin' } })
    expect(lost.report.stages.at(-1)?.name).toBe('disconnect')
    expect(await events.next('waiting')).toEqual({ kind: 'waiting', delay: 2_500, why: 'backoff', failures: 1 })
    expect(live.state).toBe('waiting')
    await clock.advance(2_499)
    expect(live.state).toBe('waiting')
    await clock.advance(1)
    expect(await events.next('open')).toMatchObject({ attempt: 2 })
    expect(live.state).toBe('open')
  })

  test('waits longer with each failure, and reports each attempt', async () => {
    const server = await serving(refusing('503 Busy'))
    begin(server.url)
    for (const [index, delay] of [2_500, 5_000, 10_000, 20_000, 30_000, 30_000].entries()) {
      const { error, attempt } = await events.next('failed')
      expect(attempt).toBe(index + 1)
      expect(error).toBeInstanceOf(ConnectError)
      expect((error as ConnectError).report.verdict.code).toBe('UPGRADE_UNAVAILABLE')
      expect(await events.next('waiting')).toMatchObject({ delay, failures: index + 1 })
      await clock.advance(delay)
    }
  })

  test('begins anew only after a connection that lasted', async () => {
    const server = await serving(refusing('503 Busy'), refusing('503 Busy'), dropping, opening(), opening())
    const live = begin(server.url)
    for (const failures of [1, 2]) {
      expect(await events.next('waiting')).toMatchObject({ failures })
      await clock.advance(60_000)
    }
    // Open for no time at all: it counts with the failures.
    expect(await events.next('waiting')).toMatchObject({ failures: 3 })
    await clock.advance(60_000)
    await events.next('open')
    await clock.advance(10_000)
    live.socket?.terminate()
    expect(await events.next('waiting')).toMatchObject({ failures: 1, delay: 2_500 })
  })

  test('obeys Retry-After of a refusal', async () => {
    const server = await serving(refusing('503 Busy', 'Retry-After: 120'), opening())
    begin(server.url)
    expect(await events.next('waiting')).toMatchObject({ delay: 122_500, why: 'retry-after' })
    await clock.advance(122_500)
    await events.next('open')
  })

  test('obeys the hint in the reason of a Close', async () => {
    const server = await serving(ending(closingWith(1001, 'moving; retry-after=40')), opening())
    begin(server.url)
    expect(await events.next('waiting')).toMatchObject({ delay: 42_500, why: 'retry-after' })
  })

  test.each([
    [1012, 17_500, 'service-restart'],
    [1013, 45_000, 'try-again-later'],
  ])('comes back after %i as the code asks', async (code, delay, why) => {
    const server = await serving(ending(closingWith(code)))
    begin(server.url)
    expect(await events.next('waiting')).toMatchObject({ delay, why })
  })

  test.each([
    [1000, 'closed'],
    [1008, 'final'],
    [4042, 'final'],
  ])('stops when the server closes with %i', async (code, why) => {
    const server = await serving(ending(closingWith(code)))
    const live = begin(server.url)
    expect(await live.stopped).toMatchObject({ why, end: { kind: 'closed', closing: { code } } })
    expect(live.state).toBe('stopped')
    expect(events.kinds()).toEqual(['open', 'lost', 'stopped'])
  })

  test.each(['401 No', '403 No', '404 No'])('stops at %s', async (status) => {
    const server = await serving(refusing(status))
    expect(await begin(server.url).stopped).toMatchObject({ why: 'final', end: { kind: 'failed' } })
    expect(events.kinds()).toEqual(['failed', 'stopped'])
  })

  test('asks the caller whether to try again, and is not confused by an error there', async () => {
    const server = await serving(refusing('404 No'), refusing('404 No'), refusing('503 Busy'))
    const asked: boolean[] = []
    const live = begin(server.url, {
      retries(_end, byDefault) {
        asked.push(byDefault)
        if (asked.length === 2) throw new Error('confused')
        return true
      },
    })
    await events.next('waiting')
    await clock.advance(60_000)
    expect(await live.stopped).toMatchObject({ why: 'final' })
    expect(asked).toEqual([false, false])
  })

  test('stops after as many failures as it is allowed', async () => {
    const server = await serving(refusing('503 Busy'))
    const live = begin(server.url, { maxFailures: 2 })
    for (let failure = 0; failure < 2; failure++) {
      await events.next('waiting')
      await clock.advance(60_000)
    }
    expect(await live.stopped).toMatchObject({ why: 'attempts' })
  })

  test('takes its URL and options from functions, anew for each attempt', async () => {
    const server = await serving(dropping, opening())
    let ticket = 0
    begin(
      async () => {
        ticket++
        if (ticket === 1) throw new Error('no ticket yet')
        return `${server.url}&ticket=${ticket}`
      },
      { connect: () => ({ headers: { 'X-Ticket': String(ticket) } }) },
    )
    expect(await events.next('failed')).toMatchObject({ error: { message: 'no ticket yet' } })
    for (const expected of ['2', '3']) {
      await events.next('waiting')
      await clock.advance(60_000)
      await events.next('open')
      expect(server.received()).toContain(`X-Ticket: ${expected}`)
      expect(server.received()).toContain(`&ticket=${expected} `)
    }
  })

  test('goes on when whoever watches throws', async () => {
    const server = await serving(ending(closingWith(1000)))
    const live = begin(server.url, {
      watch() {
        throw new Error('from the watcher')
      },
    })
    expect(await live.stopped).toMatchObject({ why: 'closed' })
  })
})

describe('sending', () => {
  test('while there is no connection rejects, and keeps nothing for later', async () => {
    const server = await serving(dropping, opening())
    const live = begin(server.url, { connect: { limits: { closeTimeout: 50 } } })
    await expect(live.send('too early')).rejects.toBeInstanceOf(NotConnectedError)
    await events.next('waiting')
    // Nobody looks at this one: it is no unhandled rejection.
    void live.send('too late')
    await expect(live.send('too late')).rejects.toMatchObject({ code: 'NOT_CONNECTED', state: 'waiting' })
    expect(() => live.send(5 as never)).toThrow(expect.objectContaining({ code: 'DATA_TYPE' }))
    await clock.advance(60_000)
    const socket = await live.opened()
    expect(socket).toBe(live.socket)
    await live.send('now')
    await live.close()
    expect(server.received()).not.toContain('too')
  })
})

describe('the messages', () => {
  test('of one connection are followed by those of the next', async () => {
    const server = await serving(ending(frame(1, 'one'), frame(1, 'two')), ending(frame(1, 'three'), closingWith(1000)))
    const live = begin(server.url)
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const message of live) seen.push(message)
    })()
    await events.next('waiting')
    await clock.advance(60_000)
    await reading
    expect(seen).toEqual(['one', 'two', 'three'])
  })

  test('end with an error when it stopped otherwise than by being closed', async () => {
    const server = await serving(ending(frame(1, 'one'), closingWith(1008, 'no')))
    const seen: unknown[] = []
    await expect(async () => {
      for await (const message of begin(server.url)) seen.push(message)
    }).rejects.toMatchObject({ code: 'RECONNECT_STOPPED', outcome: { why: 'final' } })
    expect(seen).toEqual(['one'])
  })

  test('of a connection that came and went while the loop was busy are not lost', async () => {
    const server = await serving(
      ending(frame(1, 'one')),
      ending(frame(1, 'two')),
      ending(frame(1, 'three'), closingWith(1000)),
    )
    const live = begin(server.url)
    const seen: unknown[] = []
    const busy = gate()
    const reading = (async () => {
      for await (const message of live) {
        seen.push(message)
        await busy.opened
      }
    })()
    for (let connection = 0; connection < 2; connection++) {
      await events.next('waiting')
      await clock.advance(60_000)
    }
    await events.next('open')
    busy.open()
    await reading
    expect(seen).toEqual(['one', 'two', 'three'])
  })
})

describe('ending it', () => {
  test('while it waits', async () => {
    const server = await serving(refusing('503 Busy'))
    const live = begin(server.url)
    await events.next('waiting')
    expect(await live.close()).toMatchObject({ why: 'closed', end: undefined })
    await expect(live.opened()).rejects.toBeInstanceOf(ReconnectStoppedError)
    expect(live.state).toBe('stopped')
  })

  test('during an attempt', async () => {
    const connecting = gate()
    const server = await scriptedServer(() => connecting.open())
    const live = begin(server.url)
    void live.opened()
    await connecting.opened
    expect(await live.close()).toMatchObject({ why: 'closed', end: { error: { code: 'ABORTED' } } })
    await server.gone
  })

  test('while it is open, with a closing handshake', async () => {
    const server = await scriptedServer((socket, request) => {
      socket.write(head(switchLines(request)))
      socket.once('data', () => socket.end(closingWith(1000)))
    })
    const live = begin(server.url)
    await live.opened()
    expect(() => live.close(1006)).toThrow(expect.objectContaining({ code: 'CLOSE_CODE_NOT_SENDABLE' }))
    expect(live.state).toBe('open')
    expect(await live.close(1000, 'bye')).toMatchObject({ why: 'closed', end: { closing: { clean: true } } })
  })

  test('before it has begun', async () => {
    const server = await serving(opening())
    const live = begin(server.url)
    await live.close()
    expect(events.kinds()).toEqual(['stopped'])
    expect(server.received()).toBe('')
  })

  test.each(['before', 'while open', 'while waiting'])('by a signal, %s', async (when) => {
    const controller = new AbortController()
    if (when === 'before') controller.abort()
    const server = await serving(when === 'while open' ? opening() : refusing('503 Busy'))
    const live = begin(server.url, { signal: controller.signal, connect: { limits: { closeTimeout: 50 } } })
    if (when === 'while open') await events.next('open')
    if (when === 'while waiting') await events.next('waiting')
    controller.abort()
    expect(await live.stopped).toMatchObject({ why: 'closed' })
  })

  test('at the end of a block', async () => {
    const server = await serving(refusing('503 Busy'))
    {
      await using live = begin(server.url)
      expect(live.state).toBe('connecting')
    }
    expect(link?.state).toBe('stopped')
  })
})
