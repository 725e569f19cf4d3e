import { describe, expect, test } from 'vitest'
import { answersOffer, deflateFault } from '../../../src/protocol/handshake/deflate-answer.ts'
import type { ExtensionOffer } from '../../../src/protocol/handshake/extension-list.ts'
import { parseExtensionList } from '../../../src/protocol/handshake/extension-list.ts'

function read(text: string): readonly ExtensionOffer[] {
  const reading = parseExtensionList([text])
  if (!reading.ok) throw new Error(reading.found)
  return reading.offers
}

function one(parameters: string): ExtensionOffer {
  const [offer] = read(`permessage-deflate${parameters}`)
  if (offer === undefined) throw new Error('no offer')
  return offer
}

describe('RFC 7692 §7.1: a parameter that no reply may have', () => {
  test.each([
    ['', undefined],
    ['; server_no_context_takeover; client_no_context_takeover', undefined],
    ['; server_max_window_bits=8; client_max_window_bits=15', undefined],
    ['; server_no_context_takeover=1', 'server_no_context_takeover=1'],
    ['; client_max_window_bits', 'client_max_window_bits'],
    ['; server_max_window_bits=7', 'server_max_window_bits=7'],
    ['; server_max_window_bits=16', 'server_max_window_bits=16'],
    ['; server_max_window_bits=08', 'server_max_window_bits=08'],
    ['; server_max_window_bits=9; server_max_window_bits=9', 'server_max_window_bits=9'],
    ['; something', 'something'],
  ])('%j: %j', (parameters, fault) => {
    expect(deflateFault(one(parameters))).toBe(fault)
  })
})

describe('RFC 7692 §7.1.1, §7.1.2: a reply that grants what was offered', () => {
  test.each([
    ['', 'permessage-deflate', true],
    ['', 'foo', false],
    ['', 'foo, permessage-deflate', true],
    ['', 'permessage-deflate; server_no_context_takeover', false],
    ['; server_no_context_takeover', 'permessage-deflate; server_no_context_takeover', true],
    ['; client_max_window_bits=10', 'permessage-deflate', false],
    ['; client_max_window_bits=10', 'permessage-deflate; client_max_window_bits', true],
    ['; client_max_window_bits=10', 'permessage-deflate; client_max_window_bits=9', false],
    ['', 'permessage-deflate; server_max_window_bits=10', false],
    ['; server_max_window_bits=10', 'permessage-deflate; server_max_window_bits=10', true],
    ['; server_max_window_bits=11', 'permessage-deflate; server_max_window_bits=10', false],
    ['; server_max_window_bits=11', 'permessage-deflate', true],
  ])('%j to %j: %j', (answer, offered, fits) => {
    expect(answersOffer(one(answer), read(offered))).toBe(fits)
  })
})
