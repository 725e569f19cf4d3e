import { describe, expect, test } from 'vitest'
import { Socks5Reader } from '../../src/proxy/socks5-reader.ts'
import type { RungDraft } from '../../src/wire/layer-reader.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { field, fieldBytes, hex, piece, shown, toldOf } from '../support/tape.ts'

/** The dialogue with a SOCKS5 proxy (RFC 1928, RFC 1929), byte for byte. */

function read(pieces: readonly TapePiece[]): { rungs: RungDraft[]; passed: TapePiece[] } {
  const passed: TapePiece[] = []
  const rungs = toldOf(
    (tell) => new Socks5Reader(tell, () => ({ receive: (one) => passed.push(one), end: () => {} })),
    pieces,
  )
  return { rungs, passed }
}

const greeting = piece('sent', hex('05 02 00 02'))
const noAuthentication = piece('received', hex('05 00'))
// CONNECT, a name of 11 bytes, port 443.
const connect = piece('sent', Buffer.concat([hex('05 01 00 03 0b'), Buffer.from('example.org'), hex('01bb')]))
// Succeeded; the proxy's own end is 127.0.0.1:4660.
const success = piece('received', hex('05 00 00 01 7f000001 1234'))

describe('a tunnel', () => {
  test('is four messages with their fields, and what follows goes to the layer above', () => {
    const { rungs, passed } = read([greeting, noAuthentication, connect, success, piece('sent', 'hello')])
    expect(rungs.map(({ label }) => label.en)).toEqual([
      'SOCKS5 greeting',
      'Method: no authentication (0)',
      'Connect to example.org:443',
      'Tunnel is open',
    ])
    expect(rungs.every(({ layer, alarming }) => layer === 'proxy' && !alarming)).toBe(true)
    const request = rungs[2] as RungDraft
    expect(fieldBytes(request, 'DST.ADDR').subarray(1).toString()).toBe('example.org')
    expect(field(request, 'DST.PORT')).toMatchObject({ value: '443', start: 16, end: 18 })
    expect(field(rungs[3] as RungDraft, 'BND.ADDR').value).toBe('127.0.0.1')
    expect(passed.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['hello'])
  })

  test('with a user name and a password, of which nothing is left', () => {
    const secret = piece('sent', Buffer.concat([hex('01 03'), Buffer.from('ann'), hex('06'), Buffer.from('s3cret')]))
    const { rungs } = read([
      greeting,
      piece('received', hex('05 02')),
      secret,
      piece('received', hex('01 00')),
      connect,
    ])
    const told = rungs[2] as RungDraft
    expect(told).toMatchObject({ label: { en: 'User name and password' }, redacted: true, byteCount: 12 })
    expect(shown(told).toString('latin1')).not.toContain('s3cret')
    expect(fieldBytes(told, 'UNAME').toString()).toBe('ann')
    expect(field(told, 'PLEN').value).toBe('•••')
    expect(rungs[3]?.label.en).toBe('Identified')
  })

  test('an IPv6 address is written as one writes it', () => {
    const request = piece('sent', hex('05 01 00 04 20010db8000000000000000000000001 0050'))
    expect(read([greeting, noAuthentication, request]).rungs[2]?.label.en).toBe('Connect to [2001:db8::1]:80')
  })

  test('cut into single bytes the dialogue is the same', () => {
    const whole = [greeting, noAuthentication, connect, success]
    const cut = whole.flatMap(({ direction, bytes }) => [...bytes].map((byte) => piece(direction, Uint8Array.of(byte))))
    expect(read(cut).rungs).toEqual(read(whole).rungs)
  })
})

describe('no tunnel', () => {
  test('none of the offered methods', () => {
    const { rungs, passed } = read([greeting, piece('received', hex('05 ff')), piece('sent', 'x')])
    expect(rungs[1]).toMatchObject({ alarming: true, clause: 'RFC 1928 §3' })
    expect(passed).toEqual([])
  })

  test('a refusal of two bytes only', () => {
    const { rungs } = read([greeting, noAuthentication, connect, piece('received', hex('05 05'))])
    expect(rungs[3]).toMatchObject({ alarming: true, label: { en: 'connection refused (5)' } })
  })

  test('a proxy that speaks something else', () => {
    const { rungs } = read([greeting, piece('received', 'H')])
    expect(rungs[1]).toMatchObject({ alarming: true, label: { en: 'Not SOCKS5' } })
  })
})
