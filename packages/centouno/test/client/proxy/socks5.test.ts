import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Socks5Handshake, type Socks5Step } from '../../../src/client/proxy/socks5.ts'
import { StageFailure } from '../../../src/client/stage-failure.ts'

const credentials = { username: 'ada', password: 'pw' }
const name = [...new TextEncoder().encode('h.example')]

function begin(given?: typeof credentials): Socks5Handshake {
  return new Socks5Handshake({ host: 'h.example', port: 443, credentials: given })
}

/** The last step, or the code of the failure. */
function outcome(socks: Socks5Handshake, chunks: readonly Uint8Array[]): string {
  let kind: string = 'more'
  try {
    for (const chunk of chunks) {
      kind = socks.receive(chunk).kind
      if (kind === 'tunnel') break
    }
  } catch (error) {
    if (error instanceof StageFailure) return error.code
    throw error
  }
  return kind
}

describe('the client of SOCKS5', () => {
  test('says which methods it has (RFC 1928 §3)', () => {
    // version 5, number of methods, methods
    expect([...begin().begin()]).toEqual([5, 1, 0])
    expect([...begin(credentials).begin()]).toEqual([5, 2, 0, 2])
  })

  test('asks for the name, not for an address (§4)', () => {
    const socks = begin()
    expect(socks.receive(Uint8Array.of(5, 0))).toEqual({
      kind: 'send',
      // version 5, CONNECT, reserved, type name, length, name, port 443
      bytes: Uint8Array.of(5, 1, 0, 3, name.length, ...name, 1, 187),
    })
  })

  test('gives user name and password when it is asked for them (RFC 1929)', () => {
    const socks = begin(credentials)
    expect(socks.receive(Uint8Array.of(5, 2))).toEqual({
      kind: 'send',
      // version 1, length, user name, length, password
      bytes: Uint8Array.of(1, 3, 0x61, 0x64, 0x61, 2, 0x70, 0x77),
    })
    expect(socks.receive(Uint8Array.of(1, 0))).toMatchObject({ kind: 'send' })
    expect(socks.receive(Uint8Array.of(5, 0, 0, 1, 1, 2, 3, 4, 0, 80, 9))).toEqual({
      kind: 'tunnel',
      rest: Uint8Array.of(9),
    })
  })

  test('keeps them to itself when it is not asked', () => {
    expect(begin(credentials).receive(Uint8Array.of(5, 0))).toMatchObject({ kind: 'send' })
  })

  test.each([
    ['IPv4', [5, 0, 0, 1, 1, 2, 3, 4, 0, 80]],
    ['IPv6', [5, 0, 0, 4, ...Array.from({ length: 16 }, () => 1), 0, 80]],
    ['a name', [5, 0, 0, 3, 2, 0x61, 0x62, 0, 80]],
    ['an empty name', [5, 0, 0, 3, 0, 0, 80]],
  ])('gets to the tunnel for any split of a reply with %s', (_what, reply) => {
    const bytes = Uint8Array.of(5, 0, ...reply, 0xaa, 0xbb)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 6 }), (cuts) => {
        const socks = begin()
        // The method is answered before the rest may come.
        expect(socks.receive(bytes.subarray(0, 2)).kind).toBe('send')
        const rest: number[] = []
        let tunnel = false
        let from = 2
        for (const to of [...cuts.toSorted((one, other) => one - other), bytes.length]) {
          if (to <= from) continue
          const piece = bytes.subarray(from, to)
          from = to
          if (tunnel) {
            rest.push(...piece)
            continue
          }
          const step: Socks5Step = socks.receive(piece)
          if (step.kind !== 'tunnel') continue
          tunnel = true
          rest.push(...step.rest)
        }
        expect(tunnel).toBe(true)
        expect(rest).toEqual([0xaa, 0xbb])
      }),
    )
  })

  test('for any bytes there is a step or a failure with a code', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 6 }),
        fc.boolean(),
        (chunks, known) => {
          expect(outcome(begin(known ? credentials : undefined), chunks)).toMatch(/^(?:more|send|tunnel|SOCKS_|PROXY_)/)
        },
      ),
    )
  })

  test('acts on a refusal that is cut short', () => {
    const socks = begin()
    socks.receive(Uint8Array.of(5, 0))
    expect(() => socks.receive(Uint8Array.of(5, 5))).toThrow('SOCKS_CONNECTION_REFUSED')
  })

  test('cannot ask for a name of more than 255 bytes', () => {
    const socks = new Socks5Handshake({ host: 'a'.repeat(256), port: 80, credentials: undefined })
    expect(() => socks.receive(Uint8Array.of(5, 0))).toThrow('SOCKS_ADDRESS_TYPE')
  })
})
