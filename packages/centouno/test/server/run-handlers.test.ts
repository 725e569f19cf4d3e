import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import type { Closing } from '../../src/protocol/connection/closing.ts'
import { endpoint, type Endpoint } from '../../src/server/endpoint.ts'
import { listen, type ListenOptions, type Server } from '../../src/server/listen.ts'
import { refuse } from '../../src/server/refuse.ts'
import type { ServerSocket } from '../../src/server/server-socket.ts'
import { clientFrame, hex, join, toHex } from '../protocol/wire.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'

const servers: Server[] = []
afterEach(async () => {
  resetRawPeers()
  for (const server of servers.splice(0)) await server.close()
})

async function serve(served: Endpoint, options: Partial<ListenOptions> = {}): Promise<Server> {
  const server = await listen({ port: 0, host: '127.0.0.1', ...options }, served)
  servers.push(server)
  return server
}

/** A peer whose request has been sent, with whatever is glued to it. */
async function open(server: Server, path: string, ...glued: readonly Uint8Array[]): Promise<RawPeer> {
  const peer = await RawPeer.connect(server.port)
  await peer.send(join(Buffer.from(openingRequest(path), 'latin1'), ...glued))
  return peer
}

/** A promise and what settles it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const releases: (() => void)[] = []
  const opened = new Promise<void>((resolve) => releases.push(resolve))
  return { opened, open: () => releases[0]?.() }
}

/** A callback that fails later than it returns. */
function rejecting(text: string): () => Promise<void> {
  return async () => {
    await turn()
    throw new Error(text)
  }
}

const normalClose = clientFrame(8, hex('03 e8'))

test('authorize sees the request, and what it returns stays with the socket', async () => {
  const seen: unknown[] = []
  const server = await serve(
    endpoint('/rooms/:room', {
      async authorize(request) {
        await turn()
        const { path, params, host, origin, subprotocols, remoteAddress, secure, head } = request
        seen.push({ path, room: params.room, host, origin, subprotocols, remoteAddress, secure, method: head.method })
        seen.push([
          request.searchParams.get('nick'),
          request.header('COOKIE'),
          request.header('X-Two'),
          request.header('X-None'),
        ])
        return { user: 'ada' }
      },
      open: (socket) => socket.send(`${socket.data.user} in ${socket.params.room}`),
    }),
  )
  const peer = await RawPeer.connect(server.port)
  const fields = ['Cookie: a=1', 'Cookie: b=2', 'X-Two: 1', 'x-two: 2', 'Sec-WebSocket-Protocol: one, two']
  await peer.send(openingRequest('/rooms/a%20b?nick=ada%20l', ...fields))
  expect(await peer.texts(1)).toEqual(['ada in a b'])
  expect(seen).toEqual([
    {
      path: '/rooms/a%20b',
      room: 'a b',
      host: 'server.example',
      origin: undefined,
      subprotocols: ['one', 'two'],
      remoteAddress: '127.0.0.1',
      secure: false,
      method: 'GET',
    },
    ['ada l', 'a=1; b=2', '1, 2', undefined],
  ])
})

test.each([false, true])(
  'authorize refuses (in a promise: %o): status, reason and fields, and no socket',
  async (later) => {
    const opened = vi.fn()
    const refused = vi.fn()
    const server = await serve(
      endpoint('/', {
        authorize() {
          const refusal = refuse(429, 'Too many, try later.', { 'Retry-After': '30' })
          return later ? Promise.resolve(refusal) : refusal
        },
        open: opened,
      }),
      { onRefused: refused },
    )
    const peer = await open(server, '/', clientFrame(1, 'never seen'))
    const answer = await peer.all()
    expect(answer).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\nRetry-After: 30\r\n/)
    expect(answer).toContain('Too many, try later.')
    expect(opened).not.toHaveBeenCalled()
    expect(refused).toHaveBeenCalledWith(expect.objectContaining({ refusal: expect.objectContaining({ status: 429 }) }))
  },
)

test.each(['throws', 'rejects'])('authorize %s: 500, and onError is told', async (way) => {
  const error = new Error('no database')
  const told = vi.fn()
  const server = await serve(
    endpoint('/', {
      authorize() {
        if (way === 'throws') throw error
        return Promise.reject(error)
      },
    }),
    { onError: told },
  )
  const answer = await (await open(server, '/')).all()
  expect(answer).toMatch(/^HTTP\/1\.1 500 /)
  expect(answer).not.toContain('database')
  expect(told).toHaveBeenCalledExactlyOnceWith(error, expect.objectContaining({ socket: undefined }))
})

test('H-SRV-09: the subprotocol is the server’s first that was offered; none is no field', async () => {
  const server = await serve(
    endpoint('/', { subprotocols: ['b', 'a'], open: (socket) => socket.send(`[${socket.subprotocol}]`) }),
  )
  for (const [offer, agreed] of [
    ['a, b', 'b'],
    ['a', 'a'],
    ['c', ''],
  ]) {
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/', `Sec-WebSocket-Protocol: ${offer}`))
    expect(await peer.texts(1)).toEqual([`[${agreed}]`])
    const line = /\r\nSec-WebSocket-Protocol: (\S*)/.exec(await peer.head())
    expect(line?.[1] ?? '').toBe(agreed)
  }
})

test('messages that come while open is pending wait, and keep their order', async () => {
  const slow = gate()
  const server = await serve(
    endpoint('/', {
      async open(socket) {
        await slow.opened
        void socket.send('opened')
      },
      message: (socket, data) => socket.send(data),
    }),
  )
  const peer = await open(server, '/', clientFrame(1, 'glued'))
  await peer.head()
  await peer.send(clientFrame(1, 'sent'))
  // A Pong shows that all of it has been read while `open` is still pending.
  await peer.send(clientFrame(9, 'p'))
  expect(await peer.frames(1)).toMatchObject([{ opcode: 10 }])
  slow.open()
  expect((await peer.texts(4)).slice(1)).toEqual(['opened', 'glued', 'sent'])
})

test('async handlers take one message at a time, in order, and close comes last', async () => {
  const story: string[] = []
  const done = gate()
  const server = await serve(
    endpoint('/', {
      async message(_, data) {
        story.push(`begin ${String(data)}`)
        await turn()
        await turn()
        story.push(`end ${String(data)}`)
      },
      close() {
        story.push('close')
        done.open()
      },
    }),
  )
  await open(server, '/', clientFrame(1, 'a'), clientFrame(1, 'b'), clientFrame(1, 'c'), normalClose)
  await done.opened
  expect(story).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c', 'close'])
})

test('a handler that is busy stops the reading; nothing is lost', async () => {
  const busy = gate()
  const got: number[] = []
  const total = 400
  const done = gate()
  const server = await serve(
    endpoint('/', {
      async message(_, data) {
        await busy.opened
        got.push(Number(String(data).slice(0, 4)))
        if (got.length === total) done.open()
      },
    }),
    { limits: { inboxBytes: 64 * 1024 } },
  )
  const peer = await open(server, '/')
  await peer.head()
  const frames = Array.from({ length: total }, (_, index) =>
    clientFrame(1, String(index).padStart(4, '0').padEnd(16_000, '.')),
  )
  // 6.4 MB: more than loopback buffers, so the last write is only done when the server reads again.
  const sending = peer.send(...frames)
  busy.open()
  await sending
  await done.opened
  expect(got).toEqual(Array.from({ length: total }, (_, index) => index))
})

test.each([
  ['open', 'throws'],
  ['open', 'rejects'],
  ['message', 'throws'],
  ['message', 'rejects'],
  ['ping', 'throws'],
] as const)('%s %s: 1011, onError is told once, close still comes', async (which, way) => {
  const error = new Error('broken handler')
  const told = vi.fn()
  const closed = gate()
  let closing: Closing | undefined
  const fail = (): Promise<void> => {
    if (way === 'throws') throw error
    return Promise.reject(error)
  }
  const server = await serve(
    endpoint('/', {
      [which]: fail,
      close(_: ServerSocket, how: Closing) {
        closing = how
        closed.open()
      },
    }),
    { onError: told },
  )
  const peer = await open(server, '/', clientFrame(9, ''), clientFrame(1, 'a'), clientFrame(1, 'b'))
  await peer.until((received) => received.includes(Buffer.from([0x88, 0x02, 0x03, 0xf3])))
  await peer.send(clientFrame(8, hex('03 f3')))
  await closed.opened
  expect(closing).toMatchObject({ sent: { code: 1011 } })
  expect(told).toHaveBeenCalledExactlyOnceWith(error, expect.objectContaining({ socket: expect.anything() }))
})

test.each(['throws', 'rejects'])('close %s: onError is told', async (way) => {
  const error = new Error('broken close')
  const told = gate()
  const errors: unknown[] = []
  const server = await serve(
    endpoint('/', {
      close() {
        if (way === 'throws') throw error
        return Promise.reject(error)
      },
    }),
    {
      onError(failure) {
        errors.push(failure)
        told.open()
      },
    },
  )
  await open(server, '/', normalClose)
  await told.opened
  expect(errors).toEqual([error])
})

test('without onError, and with one that throws itself, the process gets a warning and lives', async () => {
  const broken = endpoint('/', {
    message() {
      throw new Error('first')
    },
  })
  for (const [options, text] of [
    [{}, 'first'],
    [
      {
        onError() {
          throw new Error('second')
        },
      },
      'second',
    ],
  ] as const) {
    const server = await serve(broken, options)
    const warned = new Promise((resolve) => process.once('warning', resolve))
    await open(server, '/', clientFrame(1, 'x'))
    expect(await warned).toMatchObject({ code: 'CENTOUNO_HANDLER_FAILED', message: expect.stringContaining(text) })
  }
})

// Whoever writes `async` before a callback finds its errors as unhandled rejections, which end the process: a peer's Ping,
// or a request for a path that is not there, would be enough.
test('what a callback rejects with ends neither the process nor anybody else', async () => {
  const told = vi.fn()
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  const handlers = { message() {}, ping: rejecting('ping'), pong: rejecting('pong') }
  const server = await serve(endpoint('/', handlers), {
    async onError(error) {
      told((error as Error).message)
      await rejecting('onError')()
    },
    onRefused: rejecting('onRefused'),
  })
  const warnings: string[] = []
  const warned = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', warned)
  for (const opcode of [9, 10]) {
    const peer = await open(server, '/', clientFrame(opcode, 'x'))
    expect((await peer.frames(opcode === 9 ? 2 : 1)).at(-1)).toMatchObject({
      opcode: 8,
      payload: Buffer.from([0x03, 0xf3]),
    })
  }
  expect(await (await open(server, '/nowhere')).status()).toBe(404)
  while (warnings.length < 3) await turn()
  process.off('warning', warned)
  process.off('unhandledRejection', unhandled)
  expect(told.mock.calls).toEqual([['ping'], ['pong']])
  expect(warnings.map((text) => /Error: (\w+)/.exec(text)?.[1]).sort()).toEqual(['onError', 'onError', 'onRefused'])
  expect(unhandled).not.toHaveBeenCalled()
})

test('answering a socket that has gone is no failure of the handler', async () => {
  const told = vi.fn()
  const closed = gate()
  const server = await serve(
    endpoint('/', {
      async message(socket) {
        await socket.closed
        await socket.send('too late')
      },
      close: closed.open,
    }),
    { onError: told },
  )
  const peer = await open(server, '/', clientFrame(1, 'x'))
  await peer.head()
  peer.reset()
  await closed.opened
  expect(told).not.toHaveBeenCalled()
})

test.each([
  [
    'a code and a reason',
    clientFrame(8, join(hex('0f a0'), Buffer.from('bye'))),
    { code: 4000, reason: 'bye', clean: true },
  ],
  ['an empty Close', clientFrame(8, ''), { code: 1005, reason: '', clean: true }],
  ['a code that must not be sent', clientFrame(8, hex('03 ed')), { clean: false, cause: 'protocol-violation' }],
])('close is told how it ended: %s', async (_, frame, expected) => {
  const closed = gate()
  let closing: Closing | undefined
  const server = await serve(
    endpoint('/', {
      close(_socket, how) {
        closing = how
        closed.open()
      },
    }),
  )
  const peer = await open(server, '/', frame)
  await peer.all()
  peer.finish()
  await closed.opened
  expect(closing).toMatchObject(expected)
})

test('a chat room: everybody gets what one says, and who has left is not in `sockets`', async () => {
  const left = gate()
  const sizes: number[] = []
  const room: Server[] = []
  const server = await serve(
    endpoint('/', {
      message(_, data) {
        for (const socket of room[0]?.sockets ?? []) void socket.send(data)
      },
      close() {
        sizes.push(room[0]?.sockets.size ?? -1)
        left.open()
      },
    }),
  )
  room.push(server)
  const peers = [await open(server, '/'), await open(server, '/'), await open(server, '/')]
  for (const peer of peers) await peer.head()
  await peers[0]?.send(clientFrame(1, 'hello, all'))
  for (const peer of peers) expect(await peer.texts(1)).toEqual(['hello, all'])
  await peers[0]?.send(normalClose)
  await peers[0]?.all()
  peers[0]?.finish()
  await left.opened
  expect(sizes).toEqual([2])
})

test('ping and pong handlers see payloads; a socket can measure a round trip', async () => {
  const seen: string[] = []
  let trip: Promise<number> | undefined
  const server = await serve(
    endpoint('/', {
      open(socket) {
        trip = socket.ping('are you there')
      },
      ping: (_, payload) => void seen.push(`ping ${toHex(payload)}`),
      pong: (_, payload) => void seen.push(`pong ${Buffer.from(payload).toString()}`),
    }),
  )
  const peer = await open(server, '/')
  const [ping] = await peer.frames(1)
  expect([ping?.opcode, Buffer.from(ping?.payload ?? []).toString()]).toEqual([9, 'are you there'])
  await peer.send(clientFrame(9, hex('01 02')), clientFrame(10, 'are you there'))
  expect(await trip).toBeGreaterThanOrEqual(0)
  expect(seen).toEqual(['ping 01 02', 'pong are you there'])
})

test('handlers are called on their object', async () => {
  const handlers = {
    greeting: 'hi',
    open(socket: ServerSocket) {
      void socket.send(this.greeting)
    },
  }
  const server = await serve(endpoint('/', handlers))
  expect(await (await open(server, '/')).texts(1)).toEqual(['hi'])
})

test('while the server shuts down, a handshake that is being decided is refused', async () => {
  const deciding = gate()
  const decide = gate()
  const opened = vi.fn()
  const server = await serve(
    endpoint('/', {
      async authorize() {
        deciding.open()
        await decide.opened
      },
      open: opened,
    }),
  )
  const peer = await open(server, '/')
  await deciding.opened
  const closing = server.close()
  expect(await peer.all()).toContain('code: SERVER_DRAINING')
  decide.open()
  await closing
  expect(opened).not.toHaveBeenCalled()
})

test('without a message handler, `open` may iterate the socket', async () => {
  const story: string[] = []
  const done = gate()
  const server = await serve(
    endpoint('/', {
      async open(socket) {
        for await (const message of socket) {
          story.push(String(message))
          // Not awaited: the last message may be read after the Close that came behind it.
          void socket.send(message)
        }
        story.push('loop ends')
      },
      close() {
        story.push('close')
        done.open()
      },
    }),
  )
  const peer = await open(server, '/', clientFrame(1, 'a'), clientFrame(1, 'b'))
  expect(await peer.texts(2)).toEqual(['a', 'b'])
  await peer.send(clientFrame(1, 'c'), normalClose)
  await done.opened
  expect(story).toEqual(['a', 'b', 'c', 'loop ends', 'close'])
})

test('iterating a socket that is reset: the loop throws, which is no failure, and close is told', async () => {
  const errors: unknown[] = []
  const failures = vi.fn()
  const done = gate()
  const server = await serve(
    endpoint('/', {
      async open(socket) {
        try {
          for await (const message of socket) await socket.send(message)
        } catch (error) {
          errors.push(error)
          throw error
        }
      },
      close: done.open,
    }),
    { onError: failures },
  )
  const peer = await open(server, '/')
  await peer.head()
  peer.reset()
  await done.opened
  expect(errors).toMatchObject([{ code: 'SOCKET_CLOSED', closing: { cause: 'peer-reset' } }])
  expect(failures).not.toHaveBeenCalled()
})

test('without a message handler and without iteration, messages are dropped and do not stop the reading', async () => {
  const server = await serve(endpoint('/', {}), { limits: { inboxBytes: 1000 } })
  const peer = await open(server, '/', clientFrame(1, 'early'))
  await peer.head()
  for (let count = 0; count < 20; count += 1) await peer.send(clientFrame(1, '.'.repeat(500)))
  await peer.send(clientFrame(9, 'read to here'))
  const [pong] = await peer.frames(1)
  expect([pong?.opcode, Buffer.from(pong?.payload ?? []).toString()]).toEqual([10, 'read to here'])
})
