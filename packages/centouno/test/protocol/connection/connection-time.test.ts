import { describe, expect, test } from 'vitest'
import { explainedClose } from '../../../src/protocol/connection/close-to-send.ts'
import { expiries } from '../../../src/protocol/connection/expiries.ts'
import { client, type EndpointFixture, failureOf, server } from '../endpoint-fixture.ts'
import { clientFrame, frame, framesOf, join, toHex, utf8 } from '../wire.ts'

function opcodesOf({ sink }: EndpointFixture): number[] {
  return framesOf(sink.written).map(({ opcode }) => opcode)
}

/** The Close that was sent last, as code and reason. */
function lastClose({ sink }: EndpointFixture): [number, string] {
  const last = framesOf(sink.written).at(-1)
  if (last?.opcode !== 8) throw new Error('the last frame is no Close')
  const [high = 0, low = 0] = last.payload
  return [high * 256 + low, new TextDecoder().decode(last.payload.subarray(2))]
}

function pings(count: number): Uint8Array {
  return join(...Array.from({ length: count }, () => clientFrame(9, 'p')))
}

describe('heartbeat', () => {
  const limits = { heartbeatInterval: 30, heartbeatTimeout: 10 }

  test('a silent peer gets a Ping; its Pong gives the round trip and is not told to the application', () => {
    const { connection, sink } = server(limits)
    expect([connection.wakeAt, connection.latency]).toEqual([30, undefined])
    connection.tick(30)
    const [ping] = framesOf(sink.written)
    expect(ping).toMatchObject({ opcode: 9, payload: utf8('heartbeat 1') })
    expect(connection.wakeAt).toBe(40)
    connection.receive(clientFrame(10, ping?.payload ?? ''), 37)
    expect(connection.latency).toBe(7)
    expect(sink.events).toEqual([])
  })

  /*
   * Behind a proxy that cuts off after a few seconds of silence, a heartbeat that was set below that kept nothing: once a
   * Ping was out, the next look was at the end of heartbeatTimeout, however soon the Pong had come.
   */
  test('an interval shorter than the timeout is kept', () => {
    const endpoint = server({ heartbeatInterval: 10, heartbeatTimeout: 1000 })
    const { connection, sink } = endpoint
    const pingedAt: number[] = []
    for (let waking = 0; waking < 6; waking++) {
      const now = connection.wakeAt ?? 0
      connection.tick(now)
      const sent = framesOf(sink.written)
      if (sent.length === pingedAt.length) continue
      pingedAt.push(now)
      connection.receive(clientFrame(10, sent.at(-1)?.payload ?? ''), now + 2)
    }
    expect(pingedAt.slice(0, 3)).toEqual([10, 22, 34])
  })

  test('an interval shorter than the timeout ends a silent connection no sooner', () => {
    const { connection, sink } = server({ heartbeatInterval: 10, heartbeatTimeout: 1000 })
    for (let waking = 0; waking < 2; waking++) connection.tick(connection.wakeAt ?? 0)
    expect(connection.wakeAt).toBe(1010)
    connection.tick(1010)
    expect(sink.closing.cause).toBe('heartbeat-timeout')
  })

  test('a client masks its Ping', () => {
    const endpoint = client(limits)
    endpoint.connection.tick(30)
    expect(framesOf(endpoint.sink.written)).toMatchObject([{ opcode: 9, masked: true, payload: utf8('heartbeat 1') }])
  })

  test('a peer that speaks is never pinged, and its bytes do not move the timer', () => {
    const endpoint = server(limits)
    const { connection } = endpoint
    for (let now = 10; now <= 1000; now += 10) {
      const before = connection.wakeAt
      connection.receive(clientFrame(1, 'x').subarray(0, 0), now)
      expect(connection.wakeAt).toBe(before)
      connection.tick(now)
    }
    expect(opcodesOf(endpoint)).toEqual([])
    expect(connection.wakeAt).toBeLessThanOrEqual(1030)
  })

  test('a part of a frame is life enough', () => {
    const endpoint = server(limits)
    endpoint.connection.tick(30)
    endpoint.connection.receive(clientFrame(2, new Uint8Array(100)).subarray(0, 50), 39)
    endpoint.connection.tick(40)
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.tick(68.9)
    expect(opcodesOf(endpoint)).toEqual([9])
    endpoint.connection.tick(69)
    expect(opcodesOf(endpoint)).toEqual([9, 9])
  })

  test('a peer that stays silent is left at once; the Close is for the case that it wakes up', () => {
    const endpoint = server(limits)
    endpoint.connection.tick(30)
    endpoint.connection.tick(39.9)
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.tick(40)
    expect(endpoint.connection.state).toBe('closed')
    expect(endpoint.sink.names).toEqual(['abort', 'ended'])
    expect(lastClose(endpoint)).toEqual([1011, explainedClose(expiries['heartbeat-timeout']).reason])
    expect(endpoint.sink.closing).toMatchObject({
      code: 1006,
      clean: false,
      cause: 'heartbeat-timeout',
      initiator: 'local',
      violation: undefined,
    })
    expect(endpoint.connection.wakeAt).toBeUndefined()
  })

  test('times count from the opening', () => {
    const endpoint = server(limits, 5000)
    expect(endpoint.connection.wakeAt).toBe(5030)
  })

  test('a Pong with another payload is the application’s', () => {
    const { connection, sink } = server(limits)
    connection.tick(30)
    connection.receive(clientFrame(10, 'mine'), 31)
    expect(sink.events).toEqual([['pong', toHex(utf8('mine'))]])
    expect(connection.latency).toBeUndefined()
  })

  test('while reading is paused, nobody dies of silence', () => {
    const endpoint = server(limits)
    endpoint.connection.tick(30)
    endpoint.connection.readingPaused(31)
    endpoint.connection.tick(40)
    endpoint.connection.tick(10_000)
    expect([endpoint.connection.state, opcodesOf(endpoint)]).toEqual(['open', [9]])
    endpoint.connection.readingResumed(10_000)
    expect(endpoint.connection.wakeAt).toBe(10_030)
    endpoint.connection.tick(10_030)
    endpoint.connection.tick(10_040)
    expect(endpoint.sink.closing.cause).toBe('heartbeat-timeout')
  })

  test('a transport that fails within the Ping: the end is told once', () => {
    const { connection, sink } = server(limits)
    sink.onWrite = () => connection.transportFailed(new Error('gone'), 30)
    connection.tick(30)
    expect(sink.names).toEqual(['abort', 'ended'])
    expect(connection.wakeAt).toBeUndefined()
  })
})

describe('idle', () => {
  const limits = { heartbeatInterval: false, idleTimeout: 100 } as const

  test('it begins a closing handshake, which may end well', () => {
    const endpoint = server(limits)
    endpoint.connection.tick(100)
    expect(endpoint.connection.state).toBe('close-sent')
    expect(lastClose(endpoint)).toEqual([1001, explainedClose(expiries['idle-timeout']).reason])
    endpoint.connection.receive(clientFrame(8, Uint8Array.of(3, 0xe9)), 110)
    endpoint.connection.transportClosed(111)
    expect(endpoint.sink.closing).toMatchObject({ code: 1001, clean: true, cause: 'idle-timeout', initiator: 'local' })
  })

  test('or in silence: the first cause stands', () => {
    const endpoint = server(limits)
    endpoint.connection.tick(100)
    expect(endpoint.connection.wakeAt).toBe(5100)
    endpoint.connection.tick(5100)
    expect(endpoint.sink.closing).toMatchObject({ code: 1006, clean: false, cause: 'idle-timeout' })
  })

  test.each([
    ['a message that comes', (endpoint: EndpointFixture) => endpoint.connection.receive(clientFrame(1, 'x'), 60)],
    [
      'a part of one',
      (endpoint: EndpointFixture) => endpoint.connection.receive(clientFrame(1, 'xyz').subarray(0, -1), 60),
    ],
    ['text that goes', (endpoint: EndpointFixture) => endpoint.connection.sendText('x', 60)],
    ['bytes that go', (endpoint: EndpointFixture) => endpoint.connection.sendBinary(utf8('x'), 60)],
    [
      'a fragment that goes',
      (endpoint: EndpointFixture) => endpoint.connection.sendFragment('text', utf8('x'), false, 60),
    ],
  ])('%s puts it off', (_what, act) => {
    const endpoint = server(limits)
    act(endpoint)
    endpoint.connection.tick(159)
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.tick(160)
    expect(endpoint.connection.state).toBe('close-sent')
  })

  test('Pings and Pongs do not', () => {
    const endpoint = server(limits)
    endpoint.connection.receive(join(clientFrame(9, 'x'), clientFrame(10, 'x')), 60)
    endpoint.connection.ping(utf8(''))
    endpoint.connection.tick(100)
    expect(endpoint.connection.state).toBe('close-sent')
  })

  test('a message sent without a time counts from the time told last', () => {
    const endpoint = server(limits)
    endpoint.connection.tick(50)
    endpoint.connection.sendText('x')
    endpoint.connection.tick(149)
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.tick(150)
    expect(endpoint.connection.state).toBe('close-sent')
  })
})

test('a connection that has been open for as long as it may says so with a Close', () => {
  const endpoint = server({ maxLifetime: 1000, heartbeatInterval: false })
  for (let now = 100; now < 1000; now += 100) {
    endpoint.connection.receive(clientFrame(1, 'x'), now)
    endpoint.connection.tick(now)
  }
  expect(endpoint.connection.state).toBe('open')
  endpoint.connection.tick(1000)
  expect(lastClose(endpoint)).toEqual([1001, explainedClose(expiries.lifetime).reason])
  endpoint.connection.receive(clientFrame(8, Uint8Array.of(3, 0xe9)), 1001)
  endpoint.connection.transportClosed(1002)
  expect(endpoint.sink.closing).toMatchObject({ clean: true, cause: 'lifetime', initiator: 'local' })
})

describe('a transport that takes nothing', () => {
  const limits = { writeTimeout: 80 }

  test('is dropped after the write timeout, without a Close that could not leave', () => {
    const endpoint = server(limits)
    endpoint.connection.outputBlocked(100)
    expect(endpoint.connection.wakeAt).toBe(110)
    endpoint.connection.outputBlocked(170)
    endpoint.connection.tick(179)
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.tick(180)
    expect(endpoint.sink.names).toEqual(['abort', 'ended'])
    expect(endpoint.sink.writes).toEqual([])
    expect(endpoint.sink.closing).toMatchObject({ code: 1006, cause: 'write-timeout', initiator: 'local' })
  })

  test('is left alone while it takes something now and then, however slowly', () => {
    const endpoint = server(limits)
    endpoint.connection.outputBlocked(0)
    for (let now = 70; now < 10_000; now += 70) {
      endpoint.connection.outputTaken(now)
      endpoint.connection.tick(now)
    }
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.outputDrained(10_000)
    endpoint.connection.tick(20_000)
    expect(endpoint.connection.state).toBe('open')
  })

  test('during the closing handshake its time is the close timeout', () => {
    const endpoint = server({ ...limits, closeTimeout: 50 })
    endpoint.connection.outputBlocked(0)
    endpoint.connection.close(1000, '', 10)
    endpoint.connection.outputBlocked(11)
    endpoint.connection.readingResumed(12)
    expect(endpoint.connection.wakeAt).toBeLessThan(60)
    endpoint.connection.tick(59)
    expect([endpoint.connection.state, endpoint.connection.wakeAt]).toEqual(['close-sent', 60])
    endpoint.connection.tick(60)
    expect(endpoint.sink.closing.cause).toBe('close-timeout')
  })
})

describe('a peer that reads too slowly for what is sent', () => {
  test('is told so by name', () => {
    const endpoint = server()
    endpoint.connection.overLimit('PEER_READS_TOO_SLOWLY', 0)
    expect(failureOf(endpoint)).toBe('PEER_READS_TOO_SLOWLY')
    expect(endpoint.sink.closing.sent?.code).toBe(1013)
  })

  test('once the connection is closing, nothing more is said of it', () => {
    const endpoint = server()
    endpoint.connection.close(1000, '', 0)
    endpoint.connection.overLimit('PEER_READS_TOO_SLOWLY', 1)
    expect(opcodesOf(endpoint)).toEqual([8])
    expect(endpoint.connection.state).toBe('close-sent')
  })
})

test('an incomplete message is let go of when there is no memory for it', () => {
  const endpoint = server()
  endpoint.connection.receive(clientFrame(2, 'a'.repeat(5000), { fin: false }), 0)
  expect(endpoint.connection.incompleteBytes).toBeGreaterThanOrEqual(5000)
  endpoint.connection.overLimit('MEMORY_EXHAUSTED', 1)
  expect(endpoint.connection.incompleteBytes).toBe(0)
  expect(failureOf(endpoint)).toBe('MEMORY_EXHAUSTED')
})

test('between two messages nothing is held', () => {
  const { connection, sink } = server()
  expect(connection.incompleteBytes).toBe(0)
  connection.receive(clientFrame(2, 'first', { fin: false }), 0)
  connection.receive(clientFrame(0, ' and last'), 0)
  expect(sink.names).toEqual(['binary'])
  expect(connection.incompleteBytes).toBe(0)
})

describe('Pongs while the transport is blocked', () => {
  test('RFC 6455 §5.5.3: one waits, the newest, and leaves when there is room', () => {
    const endpoint = server({ controlFramesPerSecond: 1e7 })
    endpoint.connection.outputBlocked(0)
    for (let count = 0; count < 1000; count++) endpoint.connection.receive(clientFrame(9, `${count}`), 0)
    expect(endpoint.sink.writes).toEqual([])
    expect(endpoint.sink.names.every((name) => name === 'ping')).toBe(true)
    endpoint.connection.outputDrained(1)
    expect(framesOf(endpoint.sink.written)).toMatchObject([{ opcode: 10, payload: utf8('999') }])
    endpoint.connection.outputDrained(2)
    expect(endpoint.sink.writes).toHaveLength(1)
    endpoint.connection.receive(clientFrame(9, 'next'), 3)
    expect(endpoint.sink.writes).toHaveLength(2)
  })

  test('RFC 6455 §5.5.2: it goes before our Close', () => {
    const endpoint = server()
    endpoint.connection.outputBlocked(0)
    endpoint.connection.receive(clientFrame(9, 'x'), 0)
    endpoint.connection.close(1000, '', 1)
    expect(opcodesOf(endpoint)).toEqual([10, 8])
    endpoint.connection.outputDrained(2)
    expect(opcodesOf(endpoint)).toEqual([10, 8])
  })

  test('nothing is written after FIN', () => {
    const endpoint = server()
    endpoint.connection.outputBlocked(0)
    endpoint.connection.receive(clientFrame(9, 'x'), 0)
    endpoint.connection.transportEnded(1)
    endpoint.connection.outputDrained(2)
    expect(endpoint.sink.writes).toEqual([])
  })
})

describe('CONTROL_FRAMES_TOO_MANY', () => {
  const limits = { controlFramesPerSecond: 5 }

  test('n control frames in a second pass, n + 1 fail the connection with 1008, by name', () => {
    const endpoint = server(limits)
    endpoint.connection.receive(pings(5), 0)
    endpoint.connection.receive(pings(5), 1000)
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.receive(pings(1), 1999)
    expect(failureOf(endpoint)).toBe('CONTROL_FRAMES_TOO_MANY')
    expect(endpoint.sink.closing.sent).toMatchObject({
      code: 1008,
      reason: expect.stringContaining('limit controlFramesPerSecond'),
    })
  })

  test('a client holds its server to it as well', () => {
    const endpoint = client(limits)
    endpoint.connection.receive(join(...Array.from({ length: 6 }, () => frame(10, ''))), 0)
    expect(failureOf(endpoint)).toBe('CONTROL_FRAMES_TOO_MANY')
  })

  test('the Pongs that we asked for do not count', () => {
    const endpoint = server(limits)
    for (let count = 0; count < 50; count++) endpoint.connection.ping(utf8(`${count}`))
    endpoint.connection.receive(join(...Array.from({ length: 55 }, (_, count) => clientFrame(10, `${count}`))), 0)
    expect(endpoint.connection.state).toBe('open')
  })

  test('what gathered while reading was paused does not count', () => {
    const endpoint = server(limits)
    endpoint.connection.readingPaused(0)
    endpoint.connection.readingResumed(10_000)
    endpoint.connection.receive(pings(55), 10_000)
    expect(endpoint.connection.state).toBe('open')
    endpoint.connection.receive(pings(1), 10_000)
    expect(failureOf(endpoint)).toBe('CONTROL_FRAMES_TOO_MANY')
  })
})

describe('closing while the transport is blocked', () => {
  const limits = { closeTimeout: 80, heartbeatInterval: false, writeTimeout: false } as const

  test('goes on waiting as long as something is taken, and gives up closeTimeout after the last of it', () => {
    const { connection, sink } = server(limits)
    connection.outputBlocked(0)
    connection.close(1000, '', 0)
    for (let now = 10; now <= 400; now += 10) {
      connection.outputTaken(now)
      connection.tick(now)
    }
    expect([connection.state, connection.wakeAt]).toEqual(['close-sent', 410])
    connection.outputDrained(420)
    expect(connection.wakeAt).toBe(500)
    connection.tick(499)
    expect(connection.state).toBe('close-sent')
    connection.tick(500)
    expect(sink.closing).toMatchObject({ cause: 'close-timeout', clean: false })
  })

  test('gives up after closeTimeout when nothing is taken', () => {
    const { connection, sink } = server(limits)
    connection.close(1000, '', 0)
    // The Close itself found no room.
    connection.outputBlocked(0)
    for (let now = 10; now <= 80; now += 10) connection.tick(now)
    expect(sink.closing).toMatchObject({ cause: 'close-timeout' })
  })

  test('a peer that broke a rule gets no time by reading slowly', () => {
    const { connection, sink } = server(limits)
    connection.outputBlocked(0)
    connection.receive(frame(1, 'not masked'), 0)
    for (let now = 10; now <= 80; now += 10) {
      connection.outputTaken(now)
      connection.tick(now)
    }
    expect(sink.closing).toMatchObject({ cause: 'protocol-violation' })
  })
})

describe('a connection that is cut off after silence', () => {
  const silent = { heartbeatInterval: false, heartbeatTimeout: false } as const
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

  test('tells how long nothing had come or gone', () => {
    const { connection, sink } = server(silent)
    connection.receive(clientFrame(1, 'x'), 1_000)
    connection.sendText('y', 2_000)
    connection.transportEnded(62_000)
    connection.transportClosed(62_001)
    expect(sink.closing).toMatchObject({ cause: 'peer-fin', silence: 60_000 })
  })

  test('a reset tells it too', () => {
    const { connection, sink } = client(silent)
    connection.transportFailed(reset, 50_000)
    connection.transportClosed(50_000)
    expect(sink.closing).toMatchObject({ cause: 'peer-reset', silence: 50_000 })
  })

  test('after a Close the silence is part of the goodbye', () => {
    const { connection, sink } = server({ ...silent, closeTimeout: 100_000 })
    connection.close(1000, '', 0)
    connection.transportEnded(60_000)
    connection.transportClosed(60_000)
    expect(sink.closing).toMatchObject({ cause: 'peer-fin' })
    expect(sink.closing).not.toHaveProperty('silence')
  })
})
