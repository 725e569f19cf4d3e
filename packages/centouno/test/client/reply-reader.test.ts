import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSwitch, ReplyReader, type Reply } from '../../src/client/reply-reader.ts'
import { StageFailure } from '../../src/client/stage-failure.ts'
import { utf8 } from '../protocol/wire.ts'

const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'

/** Feeds pieces until the reply is whole; bytes that come after that are added to `early`, as a socket would see them. */
function read(...pieces: readonly Uint8Array[]): Reply | undefined {
  const reader = new ReplyReader(isSwitch)
  let reply: Reply | undefined
  for (const piece of pieces) {
    if (reply === undefined) reply = reader.receive(piece)
    else reply = { ...reply, early: Uint8Array.from([...reply.early, ...piece]) }
  }
  return reply
}

/** What is thrown when these bytes come and then the end; undefined when they make a reply. */
function failureOf(bytes: Uint8Array): unknown {
  const reader = new ReplyReader(isSwitch)
  try {
    if (reader.receive(bytes) === undefined) reader.ended()
    return undefined
  } catch (error) {
    return error
  }
}

describe('a reply reader', () => {
  test('H-RES-15: any split of the bytes gives the same reply', () => {
    const wire = utf8(`HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n${switching}\x81\x05hello`)
    const whole = read(wire)
    expect(whole?.head.status).toBe(101)
    fc.assert(
      fc.property(fc.nat(wire.length), fc.nat(wire.length), (one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)]
        expect(read(wire.subarray(0, first), wire.subarray(first, second), wire.subarray(second))).toEqual(whole)
      }),
    )
  })

  test('H-RES-01: any split of a refusal gives the same refusal', () => {
    const wire = utf8('HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
    const whole = read(wire)
    expect(whole).toMatchObject({ body: 'hello', bodyCut: false })
    for (let split = 0; split <= wire.length; split++) {
      expect(read(wire.subarray(0, split), wire.subarray(split))).toEqual(whole)
    }
  })

  test('has two outcomes: it never throws anything but a stage failure', () => {
    const beginnings = fc.constantFrom('', 'HTTP/1.1 ', 'HTTP/1.1 101 x\r\n', 'HTTP/1.1 200 x\r\n\r\n')
    fc.assert(
      fc.property(beginnings, fc.uint8Array({ maxLength: 300 }), (beginning, rest) => {
        const failure = failureOf(Uint8Array.from([...utf8(beginning), ...rest]))
        expect(failure === undefined || failure instanceof StageFailure).toBe(true)
      }),
    )
  })

  test('recognizes what is not HTTP by the first byte', () => {
    expect(() => new ReplyReader(isSwitch).receive(utf8('S'))).toThrow(
      expect.objectContaining({ code: 'UPGRADE_GARBAGE' }),
    )
    expect(() => new ReplyReader(isSwitch).receive(Uint8Array.of(0x15))).toThrow(
      expect.objectContaining({ code: 'UPGRADE_TLS_EXPECTED' }),
    )
    expect(new ReplyReader(isSwitch).receive(utf8('HTT'))).toBeUndefined()
  })

  test('takes 16 interim responses, and no more', () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\n\r\n'
    expect(read(utf8(interim.repeat(16) + switching))?.head.status).toBe(101)
    expect(() => read(utf8(interim.repeat(17)))).toThrow(expect.objectContaining({ code: 'UPGRADE_ENDLESS_INTERIM' }))
  })
})
