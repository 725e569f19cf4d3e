import { describe, expect, test } from 'vitest'
import { client, eventsOf, failureOf, server } from './protocol/endpoint-fixture.ts'
import { clientFrame, frame, framesOf, hex, join, toHex, utf8 } from './protocol/wire.ts'

/*
 * RFC 6455 §5.5.1 and §7, closing the connection, as one endpoint shows it. In the order of the sections; what no
 * connection can show stands as a comment.
 */

const normalClosure = hex('03 e8')
const closeFromClient = clientFrame(8, normalClosure)
const closeFromServer = frame(8, normalClosure)

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}

describe('§5.5.1 Close', () => {
  test('the payload is empty, or a status code of two bytes with a reason', () => {
    for (const [payload, code, reason] of [
      ['', 1005, ''],
      ['03e8', 1000, ''],
      ['03e9 627965', 1001, 'bye'],
      ['0fa0 e5868de8a781', 4000, '再见'],
    ] as const) {
      const { connection, sink } = server()
      connection.receive(clientFrame(8, hex(payload)), 0)
      expect(sink.events[0]).toEqual(['closeReceived', code, reason])
    }
  })

  test('one byte is no payload', () => {
    const endpoint = server()
    endpoint.connection.receive(clientFrame(8, hex('03')), 0)
    expect(failureOf(endpoint)).toBe('CLOSE_PAYLOAD_ONE_BYTE')
  })

  test('a reason that is not UTF-8 fails the connection with 1007', () => {
    const endpoint = client()
    endpoint.connection.receive(frame(8, hex('03e8 ff')), 0)
    expect(failureOf(endpoint)).toBe('CLOSE_REASON_NOT_UTF8')
  })

  test('a reason of 123 bytes passes, a longer one makes the control frame too long', () => {
    const passing = server()
    passing.connection.receive(clientFrame(8, join(normalClosure, utf8('x'.repeat(123)))), 0)
    expect(passing.sink.events[0]).toEqual(['closeReceived', 1000, 'x'.repeat(123)])
    const failing = server()
    failing.connection.receive(clientFrame(8, join(normalClosure, utf8('x'.repeat(124)))), 0)
    expect(failureOf(failing)).toBe('CONTROL_TOO_LONG')
  })

  test('nothing is sent after a Close: not a message, not a Pong, not another Close', () => {
    const { connection, sink } = client()
    connection.close(1000, '', 0)
    expect(() => connection.sendText('x')).toThrow(expect.objectContaining({ code: 'CONNECTION_NOT_OPEN' }))
    connection.receive(frame(9, ''), 0)
    connection.close(1001, '', 0)
    connection.receive(closeFromServer, 0)
    expect(framesOf(sink.written).map(({ opcode }) => opcode)).toEqual([8])
  })

  test("a Close is answered with one that echoes its status code and reason, before the application hears of the peer's", () => {
    const { connection, sink } = client()
    sink.onEvent = () => expect(framesOf(sink.written)).toHaveLength(1)
    connection.receive(frame(8, hex('0fa1 627965')), 0)
    const [answer] = framesOf(sink.written)
    expect(answer?.opcode).toBe(8)
    expect(toHex(answer?.payload ?? hex(''))).toBe('0f a1 62 79 65')
  })

  test('an empty Close is answered with an empty one', () => {
    const { connection, sink } = server()
    connection.receive(clientFrame(8, ''), 0)
    expect(toHex(sink.written)).toBe('88 00')
  })

  test('it is answered at once, also inside a fragmented message of ours or of the peer', () => {
    const { connection, sink } = server()
    connection.sendFragment('text', utf8('a'), false)
    connection.receive(join(clientFrame(1, 'b', { fin: false }), closeFromClient), 0)
    expect(toHex(sink.written)).toBe('01 01 61 88 02 03 e8')
    expect(sink.names).toEqual(['closeReceived', 'finish'])
  })

  test('a Close that both send at the same time needs no other answer', () => {
    const { connection, sink } = server()
    connection.close(4000, 'ours', 0)
    connection.receive(clientFrame(8, hex('0fa1')), 0)
    connection.transportClosed(0)
    expect(framesOf(sink.written)).toHaveLength(1)
    expect(sink.closing).toMatchObject({ code: 4001, clean: true, initiator: 'local' })
  })
})

describe('§7.1.1 close the WebSocket connection', () => {
  test('H-CLS-03: the server ends TCP as soon as the handshake is done', () => {
    const answering = server()
    answering.connection.receive(closeFromClient, 0)
    expect(answering.sink.names).toEqual(['closeReceived', 'finish'])
    expect(answering.connection.state).toBe('finishing')

    const beginning = server()
    beginning.connection.close(1000, '', 0)
    expect(beginning.sink.names).toEqual([])
    beginning.connection.receive(closeFromClient, 0)
    expect(beginning.sink.names).toEqual(['closeReceived', 'finish'])
  })

  test("H-CLS-03: the client waits for the server's FIN, then sends its own", () => {
    for (const first of [true, false]) {
      const { connection, sink } = client()
      if (first) connection.close(1000, '', 0)
      connection.receive(closeFromServer, 0)
      expect(connection.state).toBe('close-received')
      expect(sink.names).toEqual(['closeReceived'])
      connection.transportEnded(10)
      expect(sink.names).toEqual(['closeReceived', 'finish'])
      connection.transportClosed(11)
      expect(sink.closing).toMatchObject({ code: 1000, clean: true, cause: 'closing-handshake' })
    }
  })

  test('H-CLS-03: the client may end TCP itself when it has waited long enough, and then drop it', () => {
    const { connection, sink } = client({ closeTimeout: 100 })
    connection.receive(closeFromServer, 0)
    connection.tick(99)
    expect(sink.names).toEqual(['closeReceived'])
    connection.tick(100)
    expect(sink.names).toEqual(['closeReceived', 'finish'])
    connection.tick(200)
    expect(sink.names).toEqual(['closeReceived', 'finish', 'abort', 'ended'])
    expect(sink.closing, 'the closing handshake was completed all the same').toMatchObject({
      clean: true,
      cause: 'closing-handshake',
    })
  })

  test('H-CLS-03: a server whose client never ends its side drops it after the close timeout', () => {
    const { connection, sink } = server({ closeTimeout: 100 })
    connection.receive(closeFromClient, 0)
    connection.tick(100)
    expect(sink.names).toEqual(['closeReceived', 'finish', 'abort', 'ended'])
    expect(sink.closing.clean).toBe(true)
  })
})

describe('§7.1.2 start the closing handshake', () => {
  test('H-CLS-01: Close with the code and the reason is sent at once', () => {
    const { connection, sink } = server()
    connection.close(4001, 'moved', 0)
    expect(connection.state).toBe('close-sent')
    expect(toHex(sink.written)).toBe('88 07 0f a1 6d 6f 76 65 64')
  })

  test('H-CLS-01: without a code, an empty Close', () => {
    const { connection, sink } = server()
    connection.close(undefined, '', 0)
    expect(toHex(sink.written)).toBe('88 00')
    connection.receive(clientFrame(8, ''), 0)
    connection.transportClosed(0)
    expect(sink.closing).toMatchObject({ sent: { code: 1005, reason: '' }, received: { code: 1005, reason: '' } })
  })

  test('H-CLS-01: a Close that may not be sent is refused, and nothing has happened', () => {
    for (const [code, reason] of [
      [1006, ''],
      [999, ''],
      [1000, 'x'.repeat(124)],
      [undefined, 'why'],
    ] as const) {
      const { connection, sink } = client()
      expect(() => connection.close(code, reason, 0)).toThrow(expect.objectContaining({ name: 'SendError' }))
      expect(connection.state).toBe('open')
      expect(sink.writes).toEqual([])
    }
  })

  test('H-CLS-02: once a Close was sent and received, nothing more is read and TCP is closed', () => {
    const { connection, sink } = server()
    connection.close(1000, '', 0)
    connection.receive(join(closeFromClient, clientFrame(1, 'late'), clientFrame(9, ''), frame(3, 'wrong')), 0)
    connection.receive(clientFrame(1, 'later'), 0)
    expect(sink.names).toEqual(['closeReceived', 'finish'])
    expect(framesOf(sink.written)).toHaveLength(1)
  })

  test('what the peer sends before its Close is delivered, though ours was sent: §7.1.2 lets it finish', () => {
    const { connection, sink } = client()
    connection.close(1000, '', 0)
    connection.receive(join(frame(1, 'still'), frame(2, 'here'), closeFromServer, frame(1, 'no more')), 0)
    expect(sink.names).toEqual(['text', 'binary', 'closeReceived'])
  })

  test('a peer that does not answer is dropped after the close timeout', () => {
    for (const endpoint of [client({ closeTimeout: 100 }), server({ closeTimeout: 100 })]) {
      endpoint.connection.close(1000, '', 50)
      expect(endpoint.connection.wakeAt).toBe(150)
      endpoint.connection.tick(150)
      expect(endpoint.sink.names).toEqual(['abort', 'ended'])
      expect(endpoint.sink.closing).toMatchObject({
        code: 1006,
        clean: false,
        cause: 'close-timeout',
        initiator: 'local',
        sent: { code: 1000, reason: '' },
        received: undefined,
      })
    }
  })

  test('messages of the peer do not put off the close timeout', () => {
    const { connection, sink } = server({ closeTimeout: 100 })
    connection.close(1000, '', 0)
    connection.receive(clientFrame(1, 'talking on'), 99)
    connection.tick(100)
    expect(sink.closing.cause).toBe('close-timeout')
  })
})

describe('§7.1.4 to §7.1.6 the connection is closed: code and reason', () => {
  test('H-CLS-05: no Close received: 1006, with the cause told apart', () => {
    const fin = server()
    fin.connection.transportEnded(0)
    expect(fin.sink.names).toEqual(['finish'])
    fin.connection.transportClosed(0)
    expect(fin.sink.closing).toMatchObject({ code: 1006, cause: 'peer-fin', initiator: 'remote', sent: undefined })

    const dropped = server()
    const error = reset()
    dropped.connection.transportFailed(error, 0)
    dropped.connection.transportClosed(0)
    expect(dropped.sink.names).toEqual(['abort', 'ended'])
    expect(dropped.sink.closing).toMatchObject({ code: 1006, cause: 'peer-reset', initiator: 'remote', error })

    const broken = server()
    broken.connection.transportFailed(new Error('ETIMEDOUT'), 0)
    expect(broken.sink.closing).toMatchObject({ code: 1006, cause: 'transport-error' })

    const gone = server()
    gone.connection.transportClosed(0)
    expect(gone.sink.names).toEqual(['ended'])
    expect(gone.sink.closing).toMatchObject({ code: 1006, cause: 'transport-error', error: undefined })

    const terminated = server()
    terminated.connection.terminate(0)
    expect(terminated.sink.names).toEqual(['abort', 'ended'])
    expect(terminated.sink.closing).toMatchObject({ code: 1006, cause: 'local-abort', initiator: 'local' })
  })

  test('H-CLS-05: the same after our Close: 1006, and it was we who began', () => {
    const cases = [
      ['peer-fin', (it: ReturnType<typeof client>) => it.connection.transportEnded(1)],
      ['peer-reset', (it: ReturnType<typeof client>) => it.connection.transportFailed(reset(), 1)],
      ['transport-error', (it: ReturnType<typeof client>) => it.connection.transportClosed(1)],
      ['local-abort', (it: ReturnType<typeof client>) => it.connection.terminate(1)],
    ] as const
    for (const [cause, happen] of cases) {
      const endpoint = client()
      endpoint.connection.close(1000, 'bye', 0)
      happen(endpoint)
      endpoint.connection.transportClosed(2)
      expect(endpoint.sink.closing).toMatchObject({
        code: 1006,
        reason: '',
        clean: false,
        cause,
        initiator: 'local',
        sent: { code: 1000, reason: 'bye' },
      })
    }
  })

  test('H-CLS-05: a FIN in the middle of a frame or of a message is a FIN without a Close', () => {
    for (const bytes of [clientFrame(1, 'half').subarray(0, 7), clientFrame(1, 'half', { fin: false }), hex('81')]) {
      const { events } = eventsOf(server, bytes, [])
      expect(events.map(([kind]) => kind)).toEqual(['finish', 'ended'])
    }
  })

  test('H-CLS-05: a peer that ends TCP and then lets us hang is dropped after the close timeout', () => {
    const { connection, sink } = server({ closeTimeout: 100 })
    connection.transportEnded(0)
    connection.tick(100)
    expect(sink.names).toEqual(['finish', 'abort', 'ended'])
    expect(sink.closing.cause).toBe('peer-fin')
  })

  test('H-CLS-05: a Close without a code: 1005', () => {
    const { connection, sink } = server()
    connection.receive(clientFrame(8, ''), 0)
    connection.transportEnded(0)
    connection.transportClosed(0)
    expect(sink.closing).toMatchObject({ code: 1005, reason: '', clean: true, received: { code: 1005, reason: '' } })
  })

  test('H-CLS-05: both ends may see different codes: each sees what the other sent', () => {
    const { connection, sink } = server()
    connection.close(4000, 'ours', 0)
    connection.receive(clientFrame(8, join(hex('0fa1'), utf8('theirs'))), 0)
    connection.transportClosed(0)
    expect(sink.closing).toMatchObject({
      code: 4001,
      reason: 'theirs',
      sent: { code: 4000, reason: 'ours' },
      received: { code: 4001, reason: 'theirs' },
    })
  })

  test('what becomes of TCP after the closing handshake does not make its end unclean', () => {
    for (const happen of [
      (it: ReturnType<typeof client>) => it.connection.transportFailed(reset(), 1),
      (it: ReturnType<typeof client>) => it.connection.transportClosed(1),
      (it: ReturnType<typeof client>) => it.connection.terminate(1),
    ]) {
      for (const [endpoint, close] of [
        [client(), closeFromServer],
        [server(), closeFromClient],
      ] as const) {
        endpoint.connection.receive(close, 0)
        happen(endpoint)
        expect(endpoint.sink.closing).toMatchObject({
          code: 1000,
          clean: true,
          cause: 'closing-handshake',
          initiator: 'remote',
          error: undefined,
        })
      }
    }
  })
})

describe('§7.1.7 fail the WebSocket connection', () => {
  const wrong = clientFrame(3, '')

  test('H-CLS-06: Close with a fitting code first, then FIN', () => {
    const endpoint = server()
    endpoint.connection.receive(wrong, 0)
    expect(endpoint.sink.names).toEqual(['finish'])
    expect(failureOf(endpoint)).toBe('FRAME_RESERVED_OPCODE')
  })

  test("H-CLS-06: nothing is read after it, the peer's Close included", () => {
    const endpoint = server()
    endpoint.connection.receive(join(wrong, clientFrame(1, 'x'), clientFrame(9, ''), closeFromClient), 0)
    endpoint.connection.receive(closeFromClient, 0)
    expect(endpoint.sink.names).toEqual(['finish'])
    expect(failureOf(endpoint)).toBe('FRAME_RESERVED_OPCODE')
  })

  test('H-CLS-06: what came before it is delivered', () => {
    const { connection, sink } = server()
    connection.receive(join(clientFrame(1, 'fine'), wrong), 0)
    expect(sink.events).toEqual([['text', 'fine'], ['finish']])
  })

  test('H-CLS-06: a peer that does not end then is dropped after the close timeout', () => {
    const { connection, sink } = server({ closeTimeout: 100 })
    connection.receive(wrong, 0)
    expect(connection.wakeAt).toBe(100)
    connection.transportEnded(50)
    connection.tick(100)
    expect(sink.names).toEqual(['finish', 'abort', 'ended'])
    expect(sink.closing).toMatchObject({ cause: 'protocol-violation', violation: 'FRAME_RESERVED_OPCODE', code: 1006 })
  })

  test('H-CLS-06: after our Close was sent there is no second one, only FIN', () => {
    const { connection, sink } = server()
    connection.close(1000, '', 0)
    connection.receive(wrong, 0)
    connection.transportClosed(0)
    expect(framesOf(sink.written)).toHaveLength(1)
    expect(sink.names).toEqual(['finish', 'ended'])
    expect(sink.closing).toMatchObject({
      code: 1006,
      cause: 'protocol-violation',
      initiator: 'local',
      sent: { code: 1000, reason: '' },
      violation: 'FRAME_RESERVED_OPCODE',
    })
  })

  test('H-CLS-06: a limit that strikes is told as such, not as a fault of the protocol', () => {
    const endpoint = server({ messageBytes: 3 })
    endpoint.connection.receive(clientFrame(1, 'four'), 0)
    expect(failureOf(endpoint)).toBe('MESSAGE_TOO_LONG')
    expect(endpoint.sink.closing.cause).toBe('over-limit')
  })

  test('H-CLS-07: a client does not close of itself: only when told to, when asked to, or on a fault', () => {
    const { connection, sink } = client()
    connection.receive(join(frame(1, 'a'), frame(9, 'b'), frame(10, 'c'), frame(2, 'd')), 0)
    // Whether the peer is still there may be asked.
    connection.tick(29_999)
    expect(connection.state).toBe('open')
    expect(framesOf(sink.written).map(({ opcode }) => opcode)).toEqual([10])
    connection.tick(30_000)
    expect(connection.state).toBe('open')
    expect(framesOf(sink.written).map(({ opcode }) => opcode)).toEqual([10, 9])
  })
})

// §7.2.3, reconnecting with a growing delay, is the client's: H-SEC-08.

describe('§7.4 status codes', () => {
  test('H-CLS-04: 1005, 1006 and 1015 never go on the wire: not from us', () => {
    for (const endpoint of [client(), server()]) {
      for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535, 66_536]) {
        expect(() => endpoint.connection.close(code, '', 0)).toThrow(
          expect.objectContaining({ code: 'CLOSE_CODE_NOT_SENDABLE' }),
        )
      }
      expect(endpoint.sink.writes).toEqual([])
    }
  })

  test('H-CLS-04: and not from the peer: they fail the connection', () => {
    for (const code of [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]) {
      const endpoint = server()
      endpoint.connection.receive(clientFrame(8, Uint8Array.from([code >> 8, code & 255])), 0)
      expect(failureOf(endpoint)).toBe('CLOSE_CODE_FORBIDDEN')
    }
  })

  test('H-CLS-04: all others are taken and echoed', () => {
    for (const code of [
      1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
    ]) {
      const { connection, sink } = server()
      const payload = Uint8Array.from([code >> 8, code & 255])
      connection.receive(clientFrame(8, payload), 0)
      expect(sink.events[0]).toEqual(['closeReceived', code, ''])
      expect(framesOf(sink.written)[0]?.payload).toEqual(payload)
    }
  })

  test('H-CLS-08: 1010 comes from clients; a server echoes it and never begins with it', () => {
    const asking = client()
    asking.connection.close(1010, 'permessage-deflate', 0)
    expect(framesOf(asking.sink.written)[0]?.opcode).toBe(8)

    const { connection, sink } = server()
    expect(() => connection.close(1010, '', 0)).toThrow(expect.objectContaining({ code: 'CLOSE_CODE_NOT_SENDABLE' }))
    connection.receive(clientFrame(8, hex('03f2')), 0)
    expect(toHex(sink.written)).toBe('88 02 03 f2')
  })
})
