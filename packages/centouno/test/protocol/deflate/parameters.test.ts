import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreedBy, readDeflateRequest } from '../../../src/protocol/deflate/parameters.ts'
import { offersOf } from './offers.ts'

function request(text: string): unknown {
  const [offer] = offersOf(text)
  return offer && readDeflateRequest(offer)
}

const open = {
  serverNoTakeover: false,
  clientNoTakeover: false,
  serverWindowBits: undefined,
  clientWindowBits: undefined,
}

describe('RFC 7692 §7.1: an offer', () => {
  test.each([
    ['permessage-deflate', open],
    ['permessage-deflate; server_no_context_takeover', { ...open, serverNoTakeover: true }],
    ['permessage-deflate; client_no_context_takeover', { ...open, clientNoTakeover: true }],
    ['permessage-deflate; server_max_window_bits=8', { ...open, serverWindowBits: 8 }],
    ['permessage-deflate; server_max_window_bits="10"', { ...open, serverWindowBits: 10 }],
    ['permessage-deflate; client_max_window_bits', { ...open, clientWindowBits: 15 }],
    ['permessage-deflate; client_max_window_bits=15', { ...open, clientWindowBits: 15 }],
    [
      'permessage-deflate; client_max_window_bits=9; server_max_window_bits=11; server_no_context_takeover; client_no_context_takeover',
      { serverNoTakeover: true, clientNoTakeover: true, serverWindowBits: 11, clientWindowBits: 9 },
    ],
  ])('%s', (text, expected) => {
    expect(request(text)).toEqual(expected)
  })

  test.each([
    'foo',
    'Permessage-Deflate',
    'permessage-deflate; something',
    'permessage-deflate; something=1',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; client_no_context_takeover=true',
    'permessage-deflate; server_max_window_bits',
    'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
    'permessage-deflate; client_max_window_bits; client_max_window_bits',
    'permessage-deflate; client_max_window_bits; client_max_window_bits=10',
    'permessage-deflate; client_max_window_bits=10; client_max_window_bits',
    'permessage-deflate; server_max_window_bits=10; server_max_window_bits=10',
    'permessage-deflate; SERVER_NO_CONTEXT_TAKEOVER',
  ])('H-EXT-01: %s is declined', (text) => {
    expect(request(text)).toBeUndefined()
  })

  test.each(['7', '16', '0', '08', '015', '+9', '-9', '9.0', '9e0', '0x9', '99', '1000000000000', 'nine'])(
    'H-EXT-05: a window of %s bits is declined, and fails the connection in an answer',
    (bits) => {
      expect(request(`permessage-deflate; server_max_window_bits=${bits}`)).toBeUndefined()
      expect(request(`permessage-deflate; client_max_window_bits=${bits}`)).toBeUndefined()
    },
  )

  test('any parameters are read or declined', () => {
    const value = fc.constantFrom('', '=8', '=15', '=16', '=08', '="9"', '=x')
    const name = fc.constantFrom(
      'server_no_context_takeover',
      'client_no_context_takeover',
      'server_max_window_bits',
      'client_max_window_bits',
      'x',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (parameters) => {
        const text = ['permessage-deflate', ...parameters.map((pair) => pair.join(''))].join('; ')
        const read = request(text)
        const names = parameters.map(([each]) => each)
        const inOrder = new Set(names).size === names.length && !names.includes('x')
        expect(read === undefined || inOrder).toBe(true)
      }),
    )
  })
})

describe('RFC 7692 §7.1: what an answer agrees to', () => {
  test.each([
    ['permessage-deflate', { serverTakeover: true, clientTakeover: true, serverWindowBits: 15, clientWindowBits: 15 }],
    [
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
      { serverTakeover: false, clientTakeover: false, serverWindowBits: 15, clientWindowBits: 15 },
    ],
    [
      'permessage-deflate; server_max_window_bits=8; client_max_window_bits=10',
      { serverTakeover: true, clientTakeover: true, serverWindowBits: 8, clientWindowBits: 10 },
    ],
  ])('%s', (text, expected) => {
    expect(offersOf(text).map(agreedBy)).toEqual([expected])
  })
})
