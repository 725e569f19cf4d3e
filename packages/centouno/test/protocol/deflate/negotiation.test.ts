import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acceptDeflate, type DeflateMeans, offerDeflate } from '../../../src/protocol/deflate/negotiation.ts'
import { agreedBy } from '../../../src/protocol/deflate/parameters.ts'
import { answersOffer, deflateFault } from '../../../src/protocol/handshake/deflate-answer.ts'
import { formatExtensionList } from '../../../src/protocol/handshake/extension-list.ts'
import { offersOf } from './offers.ts'

const all: DeflateMeans = { sendWindowBits: 15, sendTakeover: true, keepWindowBits: 15 }

function answer(offers: string, means: Partial<DeflateMeans> = {}): string | undefined {
  const agreement = acceptDeflate(offersOf(offers), { ...all, ...means })
  return agreement && formatExtensionList([agreement.answer])
}

const d = 'permessage-deflate'

describe('the server’s answer', () => {
  test.each([
    // RFC 7692 §7.1, its examples of offers.
    [d, d],
    [`${d}; client_max_window_bits; server_max_window_bits=10`, `${d}; server_max_window_bits=10`],
    [
      `${d}; client_max_window_bits; server_max_window_bits=10, ${d}; client_max_window_bits`,
      `${d}; server_max_window_bits=10`,
    ],
    // H-EXT-01: what is wrong is passed over.
    [`${d}; client_max_window_bits=99`, undefined],
    [`${d}; server_max_window_bits=99, ${d}`, d],
    [`foo, ${d}; x, ${d}; server_no_context_takeover`, `${d}; server_no_context_takeover`],
    ['foo', undefined],
    // H-EXT-03: asked for is confirmed, or the offer is declined.
    [`${d}; server_no_context_takeover`, `${d}; server_no_context_takeover`],
    [`${d}; server_max_window_bits=15`, `${d}; server_max_window_bits=15`],
    [`${d}; server_max_window_bits=9`, `${d}; server_max_window_bits=9`],
    // H-EXT-07: zlib cannot compress with 256 bytes.
    [`${d}; server_max_window_bits=8`, undefined],
    [`${d}; server_max_window_bits=8, ${d}`, d],
    // What the client says of itself is kept to.
    [`${d}; client_no_context_takeover`, `${d}; client_no_context_takeover`],
    [`${d}; client_max_window_bits=10`, `${d}; client_max_window_bits=10`],
    [`${d}; client_max_window_bits=8`, `${d}; client_max_window_bits=8`],
    [`${d}; client_max_window_bits=15`, d],
  ])('to %s: %s', (offers, expected) => {
    expect(answer(offers)).toBe(expected)
  })

  test.each<[string, Partial<DeflateMeans>, string]>([
    // H-EXT-02: a window is only limited for a client that said it can be.
    [`${d}; client_max_window_bits`, { keepWindowBits: 11 }, `${d}; client_max_window_bits=11`],
    [`${d}; client_max_window_bits=9`, { keepWindowBits: 11 }, `${d}; client_max_window_bits=9`],
    [d, { keepWindowBits: 14 }, `${d}; client_no_context_takeover`],
    [`${d}; client_max_window_bits`, { keepWindowBits: 0 }, `${d}; client_no_context_takeover`],
    [d, { keepWindowBits: 0 }, `${d}; client_no_context_takeover`],
    [d, { sendTakeover: false }, `${d}; server_no_context_takeover`],
    // A window that nobody asked about is just smaller.
    [d, { sendWindowBits: 12 }, d],
    [`${d}; server_max_window_bits=14`, { sendWindowBits: 12 }, `${d}; server_max_window_bits=12`],
  ])('to %s with %j: %s', (offers, means, expected) => {
    expect(answer(offers, means)).toBe(expected)
  })

  test('what is agreed is what is used, and any answer is one that the client’s rules take', () => {
    const bits = fc.integer({ min: 8, max: 15 })
    const offer = fc
      .record({
        serverNo: fc.boolean(),
        clientNo: fc.boolean(),
        server: fc.option(bits),
        client: fc.option(fc.oneof(bits, fc.constant(''))),
      })
      .map(({ serverNo, clientNo, server, client }) =>
        [
          d,
          ...(serverNo ? ['server_no_context_takeover'] : []),
          ...(clientNo ? ['client_no_context_takeover'] : []),
          ...(server === null ? [] : [`server_max_window_bits=${server}`]),
          ...(client === null ? [] : [`client_max_window_bits${client === '' ? '' : `=${client}`}`]),
        ].join('; '),
      )
    const means = fc.record({
      sendWindowBits: fc.integer({ min: 9, max: 15 }),
      sendTakeover: fc.boolean(),
      keepWindowBits: fc.constantFrom(0, 8, 9, 12, 15),
    })
    fc.assert(
      fc.property(fc.array(offer, { minLength: 1, maxLength: 3 }), means, (offers, given) => {
        const offered = offersOf(offers.join(', '))
        const agreement = acceptDeflate(offered, given)
        // Nothing else is a reason to decline.
        expect(agreement !== undefined || offers.every((each) => each.includes('server_max_window_bits=8'))).toBe(true)
        fc.pre(agreement !== undefined)
        const { parameters } = agreement
        expect(deflateFault(agreement.answer)).toBeUndefined()
        expect(answersOffer(agreement.answer, offered)).toBe(true)
        const seen = agreedBy(agreement.answer)
        expect(parameters).toMatchObject({ ...seen, serverWindowBits: parameters.serverWindowBits })
        expect(parameters.serverWindowBits).toBeLessThanOrEqual(Math.min(seen.serverWindowBits, given.sendWindowBits))
        const kept = parameters.clientTakeover ? parameters.clientWindowBits : 0
        expect(kept).toBeLessThanOrEqual(given.keepWindowBits)
      }),
    )
  })
})

describe('the client’s offer', () => {
  test.each<[Partial<DeflateMeans>, string]>([
    [{}, `${d}; client_max_window_bits`],
    [{ sendTakeover: false }, `${d}; client_no_context_takeover; client_max_window_bits`],
    [{ keepWindowBits: 10 }, `${d}; server_max_window_bits=10; client_max_window_bits`],
    [{ keepWindowBits: 0 }, `${d}; server_no_context_takeover; client_max_window_bits`],
  ])('with %j: %s', (means, expected) => {
    expect(formatExtensionList([offerDeflate({ ...all, ...means })])).toBe(expected)
  })
})
