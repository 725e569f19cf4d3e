import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { accept } from '../../src/server/accept.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { refuse } from '../../src/server/refuse.ts'
import { clientFrame, framesOf, hex } from '../protocol/wire.ts'
import { openingRequest, RawPeer } from '../support/raw-peer.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

afterEach(stopServing)

/** A promise and what settles it. */
function gate<Value>(): { readonly passed: Promise<Value>; readonly pass: (value: Value) => void } {
  const passes: ((value: Value) => void)[] = []
  const passed = new Promise<Value>((resolve) => passes.push(resolve))
  return { passed, pass: (value) => passes[0]?.(value) }
}

const normalClose = clientFrame(8, hex('03 e8'))

test('messages that come while it is being decided wait, none is lost, in order', async () => {
  const asked = gate<void>()
  const answer = gate<{ user: string }>()
  const server = await serve(
    endpoint('/', {
      authorize() {
        asked.pass()
        return answer.passed
      },
      message: (socket, data) => socket.send(`${socket.data.user}: ${String(data).length}`),
    }),
  )
  const peer = await ask(server, '/')
  await asked.passed
  // More than is read ahead: the rest waits with the system.
  const lengths = [1, 70_000, 70_000, 2]
  const sent = (async () => {
    for (const length of lengths) await peer.send(clientFrame(1, 'x'.repeat(length)))
  })()
  await turn()
  answer.pass({ user: 'ada' })
  await sent
  expect(await peer.texts(4)).toEqual(lengths.map((length) => `ada: ${length}`))
})

test('a frame glued to the request comes before those that follow', async () => {
  const answer = gate<undefined>()
  const server = await serve(
    endpoint('/', { authorize: () => answer.passed, message: (socket, data) => socket.send(data) }),
  )
  const peer = await RawPeer.connect(server.port)
  await peer.send(Buffer.concat([Buffer.from(openingRequest('/'), 'latin1'), clientFrame(1, 'first')]))
  await peer.send(clientFrame(1, 'second'))
  answer.pass(undefined)
  expect(await peer.texts(2)).toEqual(['first', 'second'])
})

describe('request.signal', () => {
  test.each(['reset', 'finish'] as const)('is aborted when the client leaves (%s)', async (way) => {
    const reasons: unknown[] = []
    const told = vi.fn()
    const opened = vi.fn()
    const asked = gate<void>()
    const left = gate<void>()
    const server = await serve(
      endpoint('/', {
        async authorize({ signal }) {
          asked.pass()
          await once(signal, 'abort')
          reasons.push(signal.reason)
          left.pass()
          signal.throwIfAborted()
        },
        open: opened,
      }),
      { onError: told, onRefused: told },
    )
    const peer = await ask(server, '/')
    await asked.passed
    peer[way]()
    await left.passed
    await peer.closed
    expect(reasons).toEqual([expect.objectContaining({ name: 'AbortError' })])
    expect(peer.received.length).toBe(0)
    expect(told).not.toHaveBeenCalled()
    expect(opened).not.toHaveBeenCalled()
  })

  test('asked for late, it is aborted already', async () => {
    const states: boolean[] = []
    const asked = gate<void>()
    const answer = gate<void>()
    const looked = gate<void>()
    const server = await serve(
      endpoint('/', {
        async authorize(request) {
          asked.pass()
          await answer.passed
          states.push(request.signal.aborted)
          looked.pass()
        },
      }),
    )
    const peer = await ask(server, '/')
    await asked.passed
    peer.reset()
    await peer.closed
    await vi.waitFor(async () => expect(server.sockets.size).toBe(0))
    await turn()
    await turn()
    answer.pass()
    await looked.passed
    expect(states).toEqual([true])
  })

  test('is not aborted by what comes after the 101', async () => {
    const signals: AbortSignal[] = []
    const closed = gate<void>()
    const server = await serve(
      endpoint('/', {
        async authorize(request) {
          await turn()
          signals.push(request.signal)
        },
        close: () => closed.pass(),
      }),
    )
    const peer = await ask(server, '/')
    await peer.head()
    peer.reset()
    await closed.passed
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  })
})

test('after a FIN a decision still counts: what was sent is handled, and a refusal is told', async () => {
  const messages: unknown[] = []
  const closed = gate<void>()
  const server = await serve(
    endpoint('/:user', {
      async authorize({ signal, params }) {
        await once(signal, 'abort')
        return params.user === 'ada' ? undefined : refuse(403, 'not you')
      },
      message: (_socket, data) => void messages.push(data),
      close: () => closed.pass(),
    }),
  )
  const served = await ask(server, '/ada')
  await served.send(clientFrame(1, 'sent before leaving'))
  served.finish()
  expect(await served.status()).toBe(101)
  await closed.passed
  expect(messages).toEqual(['sent before leaving'])

  const refused = await ask(server, '/bob')
  refused.finish()
  expect(await refused.all()).toMatch(/^HTTP\/1\.1 403 [^]*not you/)
})

test('authorizeTimeout: 503 with a code, the signal is aborted, and a late answer changes nothing', async () => {
  const late = gate<undefined>()
  const signals: AbortSignal[] = []
  const opened = vi.fn()
  const refused = vi.fn()
  const server = await serve(
    endpoint('/', {
      authorize(request) {
        signals.push(request.signal)
        return late.passed
      },
      open: opened,
    }),
    { limits: { authorizeTimeout: 20 }, onRefused: refused },
  )
  const peer = await ask(server, '/')
  const answer = await peer.all()
  expect(answer).toMatch(/^HTTP\/1\.1 503 /)
  expect(answer).toContain('code: SERVER_AUTHORIZE_TIMEOUT')
  expect(signals[0]?.reason).toMatchObject({ name: 'TimeoutError' })
  late.pass(undefined)
  await turn()
  expect(opened).not.toHaveBeenCalled()
  expect(refused).toHaveBeenCalledOnce()
})

test('a rejection after the time is up harms nobody', async () => {
  const told = vi.fn()
  const server = await serve(
    endpoint('/', {
      async authorize({ signal }) {
        await once(signal, 'abort')
        throw new Error('too late')
      },
    }),
    { limits: { authorizeTimeout: 10 }, onError: told },
  )
  expect(await (await ask(server, '/')).status()).toBe(503)
  await turn()
  expect(told).not.toHaveBeenCalled()
})

describe('accept', () => {
  test.each([false, true])('adds fields to the 101 (in a promise: %o)', async (later) => {
    const server = await serve(
      endpoint('/', {
        authorize() {
          const accepted = accept('ada', { fields: { 'Set-Cookie': ['a=1; HttpOnly', 'b=2'], 'X-Node': 'n1' } })
          return later ? Promise.resolve(accepted) : accepted
        },
        open: (socket) => socket.send(socket.data),
      }),
    )
    const peer = await ask(server, '/')
    expect(await peer.texts(1)).toEqual(['ada'])
    expect(await peer.head()).toMatch(/\r\nSet-Cookie: a=1; HttpOnly\r\nSet-Cookie: b=2\r\nX-Node: n1$/)
  })

  test.each([{ 'Sec-WebSocket-Accept': 'x' }, { 'Content-Length': '0' }, { 'a b': '1' }, { A: '1\r\nB: 2' }])(
    'refuses %o at once',
    (fields) => {
      expect(() => accept(1, { fields })).toThrow(expect.objectContaining({ name: 'HandshakeInputError' }))
    },
  )
})

describe('subprotocols by a function', () => {
  const choosing = endpoint('/:want', {
    subprotocols: (offered, { params }) =>
      params.want === 'none' ? undefined : offered.find((name) => name === params.want),
    open: (socket) => socket.send(`[${socket.subprotocol}]`),
  })

  test.each([
    ['b', 'b'],
    ['a', 'a'],
    ['c', ''],
    ['none', ''],
  ])('that wants %s agrees on %o', async (want, agreed) => {
    const peer = await ask(await serve(choosing), `/${want}`, 'Sec-WebSocket-Protocol: a, b')
    expect(await peer.texts(1)).toEqual([`[${agreed}]`])
    expect(/\r\nSec-WebSocket-Protocol: (\S*)/.exec(await peer.head())?.[1] ?? '').toBe(agreed)
  })

  test('H-SRV-09: one that was not offered is never sent: 500, and onError is told why', async () => {
    const told = vi.fn()
    const server = await serve(endpoint('/', { subprotocols: () => 'c' }), { onError: told })
    expect(await (await ask(server, '/', 'Sec-WebSocket-Protocol: a, b')).all()).toMatch(/^HTTP\/1\.1 500 /)
    expect(told).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'SUBPROTOCOL' }), expect.anything())
  })
})

test('Deno 2.9.6: resets between request and 101 leave nothing behind', async () => {
  const server = await serve(
    endpoint('/', {
      async authorize({ signal }) {
        await once(signal, 'abort')
      },
    }),
  )
  const peers = await Promise.all(Array.from({ length: 100 }, () => ask(server, '/')))
  for (const peer of peers) peer.reset()
  await Promise.all(peers.map(({ closed }) => closed))
  const witness = await serve(endpoint('/', {}))
  expect(await (await ask(witness, '/')).status()).toBe(101)
  expect(server.sockets.size).toBe(0)
})

test('a peer that floods while it is being decided is read only so far', async () => {
  const asked = gate<void>()
  const answer = gate<ReturnType<typeof refuse>>()
  const server = await serve(
    endpoint('/', {
      authorize() {
        asked.pass()
        return answer.passed
      },
    }),
  )
  const peer = await ask(server, '/')
  await asked.passed
  let accepted = 0
  const piece = Buffer.alloc(256 * 1024)
  const flooding = (async () => {
    for (let index = 0; index < 400; index += 1) {
      await peer.send(piece)
      accepted += piece.length
    }
  })()
  // Whatever the system takes, it is far less than all of it.
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(accepted).toBeLessThan(50 * 1024 * 1024)
  answer.pass(refuse(403, 'no'))
  await peer.closed
  await Promise.race([flooding, peer.closed])
})

/*
 * Reading ahead stopped at its bound again with every chunk, also when a refusal had been sent and the rest was only to be
 * thrown away: the client was held until lingerTimeout instead of until its FIN.
 */
test('a client that is refused while it is being decided, having sent much, is read off to its FIN', async () => {
  const asked = gate<void>()
  const busy = gate<void>()
  const server = await serve(
    endpoint('/*', {
      authorize(request) {
        if (request.path === '/open') return undefined
        asked.pass()
        return new Promise<undefined>(() => {})
      },
      open: () => busy.passed,
    }),
    { limits: { lingerTimeout: 60_000 } },
  )
  const opened = await ask(server, '/open')
  await opened.head()
  const peer = await ask(server, '/')
  await asked.passed
  const sent = peer.send(clientFrame(2, new Uint8Array(200_000)))
  await turn()
  // The socket that is open, and its handler, keep the drain from coming to its end, at which all are cut off.
  const drained = server.drain({ within: 60_000 })
  expect(await peer.status()).toBe(503)
  await sent
  peer.finish()
  await vi.waitFor(() => expect(server.stats().lingering).toBe(0), { timeout: 5_000 })
  opened.reset()
  busy.pass()
  await drained
})

test('a Close that comes while it is being decided is answered after the 101', async () => {
  const answer = gate<undefined>()
  const server = await serve(endpoint('/', { authorize: () => answer.passed }))
  const peer = await ask(server, '/')
  await peer.send(normalClose)
  answer.pass(undefined)
  const [frame] = await peer.frames(1)
  expect(frame?.opcode).toBe(8)
  expect(framesOf(normalClose)).toHaveLength(1)
})
