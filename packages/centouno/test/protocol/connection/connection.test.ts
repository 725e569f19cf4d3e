import { describe, expect, test } from 'vitest'
import { Connection } from '../../../src/protocol/connection/connection.ts'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { SendError } from '../../../src/protocol/connection/send-error.ts'
import { client, failureOf, server } from '../endpoint-fixture.ts'
import { RecordingSink } from '../recording-sink.ts'
import { clientFrame, frame, framesOf, hex, join, toHex, utf8 } from '../wire.ts'

function refusal(code: string): unknown {
  return expect.objectContaining({ name: 'SendError', code })
}

/** A source that must not be asked. */
function forbiddenKey(): Uint8Array {
  throw new Error('asked for a masking key')
}

describe('sending', () => {
  test('a server sends unmasked, each message as one write', () => {
    const { connection, sink } = server()
    connection.sendText('Hello')
    connection.sendBinary(hex('01 02'))
    connection.ping(hex('aa'))
    connection.pong(hex(''))
    expect(sink.writes.map(toHex)).toEqual(['81 05 48 65 6c 6c 6f', '82 02 01 02', '89 01 aa', '8a 00'])
  })

  test('fragments: the opcode stands in the first, FIN in the last, control frames may come between', () => {
    const { connection, sink } = server()
    connection.sendFragment('text', utf8('a'), false)
    connection.ping(hex(''))
    connection.sendFragment('text', utf8('b'), false)
    connection.sendFragment('text', utf8(''), true)
    connection.sendFragment('binary', utf8('c'), true)
    expect(sink.writes.map(toHex)).toEqual(['01 01 61', '89 00', '00 01 62', '80 00', '82 01 63'])
  })

  test('no message begins inside another', () => {
    const { connection, sink } = server()
    connection.sendFragment('text', utf8('a'), false)
    expect(() => connection.sendText('b')).toThrow(refusal('MESSAGE_UNFINISHED'))
    expect(() => connection.sendBinary(hex('00'))).toThrow(refusal('MESSAGE_UNFINISHED'))
    expect(() => connection.sendFragment('binary', hex('00'), true)).toThrow(refusal('MESSAGE_UNFINISHED'))
    connection.sendFragment('text', utf8(''), true)
    connection.sendText('b')
    expect(sink.writes.map(toHex)).toEqual(['01 01 61', '80 00', '81 01 62'])
  })

  test('a Ping or Pong takes 125 bytes and no more', () => {
    const { connection, sink } = server()
    connection.ping(new Uint8Array(125))
    connection.pong(new Uint8Array(125))
    expect(() => connection.ping(new Uint8Array(126))).toThrow(refusal('CONTROL_PAYLOAD_TOO_LONG'))
    expect(() => connection.pong(new Uint8Array(126))).toThrow(refusal('CONTROL_PAYLOAD_TOO_LONG'))
    expect(sink.writes).toHaveLength(2)
  })

  test('when not open, every way of sending is refused with a coded error', () => {
    const { connection } = server()
    connection.close(1000, '', 0)
    for (const send of [
      () => connection.sendText('x'),
      () => connection.sendBinary(hex('00')),
      () => connection.sendFragment('text', hex('00'), true),
      () => connection.ping(hex('')),
      () => connection.pong(hex('')),
    ]) {
      expect(send).toThrow(SendError)
      expect(send).toThrow(refusal('CONNECTION_NOT_OPEN'))
    }
  })

  test('a client without masking keys cannot be made; a server needs none and uses none', () => {
    const sink = new RecordingSink()
    const limits = defaultConnectionLimits
    expect(() => new Connection({ role: 'client', sink, limits })).toThrow(refusal('MASKING_KEY_INVALID'))
    new Connection({ role: 'server', sink, limits, maskingKey: forbiddenKey }).sendText('')
    expect(toHex(sink.written)).toBe('81 00')
  })
})

describe('the sink may come back', () => {
  const three = join(clientFrame(1, 'one'), clientFrame(1, 'two'), clientFrame(1, 'three'))

  test('sending from within a message keeps the order', () => {
    const { connection, sink } = server()
    sink.onEvent = ([kind, value]) => {
      if (kind === 'text') connection.sendText(`${value}!`)
    }
    connection.receive(three, 0)
    expect(framesOf(sink.written).map(({ payload }) => new TextDecoder().decode(payload))).toEqual([
      'one!',
      'two!',
      'three!',
    ])
  })

  test('terminate in the middle of a chunk: nothing more is read of it', () => {
    const { connection, sink } = server()
    sink.onEvent = () => connection.terminate(0)
    connection.receive(three, 0)
    expect(sink.names).toEqual(['text', 'abort', 'ended'])
    expect(connection.state).toBe('closed')
    connection.receive(three, 0)
    expect(sink.names).toHaveLength(3)
  })

  test('close in the middle of a chunk: what the peer sent before its Close is still delivered', () => {
    const { connection, sink } = server()
    sink.onEvent = () => connection.close(1000, '', 0)
    connection.receive(three, 0)
    expect(sink.names).toEqual(['text', 'text', 'text'])
    expect(framesOf(sink.written)).toHaveLength(1)
  })

  test('terminate from within each call of the sink is safe, and ends once', () => {
    const input = join(
      clientFrame(1, 'text'),
      clientFrame(2, 'binary'),
      clientFrame(9, 'ping'),
      clientFrame(10, 'pong'),
      clientFrame(8, hex('03e8')),
    )
    for (const at of ['text', 'binary', 'ping', 'pong', 'closeReceived', 'finish', 'abort', 'ended'] as const) {
      const { connection, sink } = server()
      sink.onEvent = ([kind]) => {
        if (kind === at) connection.terminate(1)
      }
      connection.receive(input, 0)
      connection.terminate(2)
      const { names } = sink
      expect({ at, ended: names.indexOf('ended'), wakeAt: connection.wakeAt }).toEqual({
        at,
        ended: names.length - 1,
        wakeAt: undefined,
      })
    }
  })

  test('a transport that fails within a write: nothing is told after the end', () => {
    for (const input of [clientFrame(9, 'ping'), clientFrame(8, ''), frame(1, 'unmasked')]) {
      const { connection, sink } = server()
      sink.onWrite = () => connection.transportFailed(new Error('gone'), 0)
      connection.receive(join(input, three), 0)
      expect(sink.names).toEqual(['abort', 'ended'])
    }
  })

  test('a transport that closes within finish: the end is told once, and no clock runs on', () => {
    const { connection, sink } = server()
    sink.onEvent = ([kind]) => {
      if (kind === 'finish') connection.transportClosed(0)
    }
    connection.receive(clientFrame(8, hex('03e8')), 0)
    expect(sink.names).toEqual(['closeReceived', 'finish', 'ended'])
    expect(connection.wakeAt).toBeUndefined()
    expect(sink.closing.clean).toBe(true)
  })

  test('bytes that come in while bytes are being read wait for their turn', () => {
    const { connection, sink } = server()
    const later = clientFrame(1, 'later')
    sink.onEvent = () => {
      if (sink.events.length !== 1) return
      connection.receive(later.subarray(0, 3), 0)
      connection.receive(later.subarray(3), 0)
      later.fill(0)
    }
    connection.receive(three, 0)
    expect(sink.events).toEqual([
      ['text', 'one'],
      ['text', 'two'],
      ['text', 'three'],
      ['text', 'later'],
    ])
  })

  test('a sink that throws ends the connection, and the error is not lost', () => {
    const { connection, sink } = server()
    sink.onEvent = ([kind]) => {
      if (kind === 'text') throw new Error('the handler broke')
    }
    expect(() => connection.receive(three, 0)).toThrow('the handler broke')
    expect(sink.names).toEqual(['text', 'abort', 'ended'])
    expect(sink.closing).toMatchObject({ cause: 'local-abort', clean: false })
    connection.receive(three, 0)
    expect(sink.names).toHaveLength(3)
  })
})

describe('memory', () => {
  test('the bytes received are left as they were', () => {
    const { connection } = server()
    const bytes = join(clientFrame(1, 'text'), clientFrame(2, new Uint8Array(300)), clientFrame(9, 'ping'))
    const before = bytes.slice()
    connection.receive(bytes, 0)
    expect(bytes).toEqual(before)
  })

  test('a binary message does not share memory with the chunk it came in, in either role', () => {
    for (const [make, bytes] of [
      [server, clientFrame(2, 'abc')],
      [client, frame(2, 'abc')],
    ] as const) {
      const { connection, sink } = make()
      const messages: Uint8Array[] = []
      sink.binary = (message) => void messages.push(message)
      connection.receive(bytes, 0)
      bytes.fill(0)
      expect(messages.map(toHex)).toEqual(['61 62 63'])
      expect(messages[0]?.buffer.byteLength).toBe(3)
    }
  })

  test('a view into a larger buffer, such as a pooled one of Node, is read in its own bounds', () => {
    const { connection, sink } = server()
    const pooled = Buffer.concat([Buffer.from('xx'), clientFrame(2, 'abc'), clientFrame(1, 'd'), Buffer.from('xx')])
    connection.receive(pooled.subarray(2, -2), 0)
    expect(sink.events).toEqual([
      ['binary', '61 62 63'],
      ['text', 'd'],
    ])
  })
})

describe('time', () => {
  test('with every clock of it off, an open connection wants no waking, and a tick does nothing', () => {
    const { connection, sink } = server({ heartbeatInterval: false })
    expect(connection.wakeAt).toBeUndefined()
    connection.tick(1e9)
    expect(connection.state).toBe('open')
    expect(sink.events).toEqual([])
  })

  test('a tick before the time does nothing, one at the time does', () => {
    const { connection, sink } = server({ closeTimeout: 100 })
    connection.close(1000, '', 1000)
    expect(connection.wakeAt).toBe(1100)
    connection.tick(1099.9)
    expect(connection.state).toBe('close-sent')
    connection.tick(1100)
    expect(connection.state).toBe('closed')
    expect(sink.names).toEqual(['abort', 'ended'])
    connection.tick(1200)
    expect(sink.names).toHaveLength(2)
  })

  test('each wait has the whole time', () => {
    const { connection } = client({ closeTimeout: 100 })
    connection.close(1000, '', 0)
    connection.receive(frame(8, hex('03e8')), 90)
    expect(connection.wakeAt).toBe(190)
    connection.tick(190)
    expect(connection.state).toBe('finishing')
    expect(connection.wakeAt).toBe(290)
  })
})

test('a violation found by the decoder, the assembler or in a Close ends in the same way', () => {
  for (const [bytes, code] of [
    [frame(1, 'x'), 'FRAME_UNMASKED'],
    [clientFrame(0, 'x'), 'CONTINUATION_WITHOUT_START'],
    [clientFrame(1, hex('ff')), 'TEXT_NOT_UTF8'],
    [clientFrame(8, hex('03')), 'CLOSE_PAYLOAD_ONE_BYTE'],
  ] as const) {
    const endpoint = server()
    endpoint.connection.receive(join(bytes, clientFrame(1, 'ignored'), clientFrame(8, hex('03e8'))), 0)
    expect(failureOf(endpoint)).toBe(code)
  }
})
