import { expect } from 'vitest'
import { encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { buildRequest } from '../../src/protocol/handshake/build-request.ts'
import { keyFrom } from '../../src/protocol/handshake/key.ts'
import { readWebSocketUri } from '../../src/protocol/handshake/websocket-uri.ts'
import { parseRequestHead } from '../../src/protocol/http/request-head.ts'
import { judgeUri } from '../../src/protocol/handshake/judge-uri.ts'
import { answerOf, idsOf, judged, judgedWith, outcomeOf, requestText, sampleKey } from './messages.ts'
import type { Proofs } from './proofs.ts'

function uriOutcome(text: string, id: string): string | undefined {
  return outcomeOf({ verdicts: judgeUri(readWebSocketUri(text)) }, id)
}

function targetOf(text: string): string {
  const reading = readWebSocketUri(text)
  if (!reading.ok) throw new Error(reading.found)
  const request = buildRequest({ uri: reading.uri, key: sampleKey, subprotocols: [], extensions: [], fields: [] })
  return parseRequestHead(encodeLatin1(request)).target
}

function field(name: string, value: string | readonly string[] | undefined): Parameters<typeof judgedWith>[0] {
  return { fields: { [name]: value } }
}

/** Sections 1 and 2 of the table: the URI and the request. */
export const requestProofs: Proofs = {
  'H-URI-01': () => {
    expect(uriOutcome('WS://h/', 'H-URI-01')).toBe('kept')
    expect(uriOutcome('ftp://h/', 'H-URI-01')).toBe('broken')
  },
  'H-URI-02': () => {
    for (const text of ['ws://', 'ws://h:99999/', 'ws://h o/']) expect(uriOutcome(text, 'H-URI-02')).toBe('broken')
    // Nothing is known of what comes after the fault.
    expect(uriOutcome('ws://h:99999/', 'H-URI-04')).toBe('idle')
  },
  'H-URI-03': () => {
    expect(uriOutcome('ws://h/a#b', 'H-URI-03')).toBe('broken')
    expect(targetOf('ws://h/a%23b')).toBe('/a%23b')
  },
  'H-URI-04': () => {
    expect(targetOf('ws://h')).toBe('/')
    expect(targetOf('ws://h?x')).toBe('/?x')
    expect(uriOutcome('ws://h?x', 'H-URI-04')).toBe('kept')
  },
  'H-URI-05': () => {
    expect(targetOf('ws://bücher.example/ä?ö')).toBe('/%C3%A4?%C3%B6')
  },

  'H-REQ-01': () => {
    expect(outcomeOf(judged(requestText()), 'H-REQ-01')).toBe('kept')
    expect(answerOf(judged('websocket please\r\n\r\n'))).toEqual({ status: 400, rule: 'H-REQ-01' })
  },
  'H-REQ-02': () => {
    const judgement = judgedWith({ startLine: 'POST / HTTP/1.1' })
    expect(answerOf(judgement)).toEqual({ status: 405, rule: 'H-REQ-02' })
  },
  'H-REQ-03': () => {
    expect(answerOf(judgedWith({ startLine: 'GET / HTTP/1.0' }))).toEqual({ status: 400, rule: 'H-REQ-03' })
    expect(answerOf(judgedWith({ startLine: 'GET / HTTP/2.0' }))).toEqual({ status: 505, rule: 'H-REQ-03' })
    expect(answerOf(judgedWith({ startLine: 'GET / HTTP/1.2' }))).toEqual({ status: 101 })
  },
  'H-REQ-04': () => {
    for (const target of ['/a?b', 'http://example.com/a', 'https://example.com:443', 'HTTP://EXAMPLE.com:80?a']) {
      expect(answerOf(judgedWith({ startLine: `GET ${target} HTTP/1.1` }))).toEqual({ status: 101 })
    }
    for (const target of [
      '*',
      'example.com:80',
      'http://other.example/',
      'http://example.com:81/',
      '/a#b',
      'ws://example.com/',
    ]) {
      expect(answerOf(judgedWith({ startLine: `GET ${target} HTTP/1.1` }))).toEqual({ status: 400, rule: 'H-REQ-04' })
    }
  },
  'H-REQ-05': () => {
    expect(answerOf(judgedWith(field('Host', undefined)))).toEqual({ status: 400, rule: 'H-REQ-05' })
    expect(answerOf(judgedWith(field('Host', '')))).toEqual({ status: 400, rule: 'H-REQ-05' })
  },
  'H-REQ-06': () => {
    for (const value of ['WebSocket', 'foo, websocket', ['h2c', 'websocket']]) {
      expect(answerOf(judgedWith(field('Upgrade', value)))).toEqual({ status: 101 })
    }
    for (const value of [undefined, '', 'h2c', 'websocket/13', 'websockets']) {
      expect(answerOf(judgedWith(field('Upgrade', value)))).toEqual({ status: 426, rule: 'H-REQ-06' })
    }
  },
  'H-REQ-07': () => {
    for (const value of ['keep-alive, Upgrade', 'uPgRaDe', ['keep-alive', 'Upgrade'], ',upgrade,']) {
      expect(answerOf(judgedWith(field('Connection', value)))).toEqual({ status: 101 })
    }
    for (const value of [undefined, '', 'keep-alive', 'Upgraded', 'Upgrade keep-alive']) {
      expect(answerOf(judgedWith(field('Connection', value)))).toEqual({ status: 400, rule: 'H-REQ-07' })
    }
  },
  'H-REQ-08': () => {
    for (const key of [undefined, '', 'AAAAAAAAAAA=', 'dGhlIHNhbXBsZSBub25jZQ', 'dGhlIHNhbXBsZSBub25jZ_==']) {
      expect(answerOf(judgedWith(field('Sec-WebSocket-Key', key)))).toEqual({ status: 400, rule: 'H-REQ-08' })
    }
  },
  'H-REQ-09': () => {
    // Different bytes give different keys; that they are random is for whoever draws them.
    const keys = Array.from({ length: 256 }, (_, last) => keyFrom(Uint8Array.of(...Array<number>(15).fill(0), last)))
    expect(new Set(keys).size).toBe(256)
  },
  'H-REQ-10': () => {
    for (const keys of [[sampleKey, sampleKey], `${sampleKey}, ${sampleKey}`]) {
      const judgement = judgedWith(field('Sec-WebSocket-Key', keys))
      expect(answerOf(judgement)).toEqual({ status: 400, rule: 'H-REQ-10' })
      // One mistake is told once.
      expect(idsOf(judgement, 'broken')).toEqual(['H-REQ-10'])
    }
  },
  'H-REQ-11': () => {
    expect(outcomeOf(judgedWith({}), 'H-REQ-11')).toBe('idle')
    expect(outcomeOf(judgedWith(field('Origin', 'http://example.com')), 'H-REQ-11')).toBe('kept')
    expect(answerOf(judgedWith({}, { requireOrigin: true }))).toEqual({ status: 403, rule: 'H-REQ-11' })
  },
  'H-REQ-12': () => {
    expect(outcomeOf(judgedWith({}), 'H-REQ-12')).toBe('kept')
    for (const version of [undefined, '0', '8', '12', '14', '255']) {
      expect(answerOf(judgedWith(field('Sec-WebSocket-Version', version)))).toEqual({ status: 426, rule: 'H-REQ-12' })
    }
  },
  'H-REQ-13': () => {
    for (const version of [['13', '13'], '13, 8', '8, 13']) {
      const judgement = judgedWith(field('Sec-WebSocket-Version', version))
      expect(answerOf(judgement)).toEqual({ status: 426, rule: 'H-REQ-13' })
      expect(idsOf(judgement, 'broken')).toEqual(['H-REQ-13'])
    }
  },
  'H-REQ-14': () => {
    expect(outcomeOf(judgedWith({}), 'H-REQ-14')).toBe('idle')
    expect(outcomeOf(judgedWith(field('Sec-WebSocket-Protocol', ['a', 'b'])), 'H-REQ-14')).toBe('kept')
    for (const value of ['', 'cha t', 'a/b', 'chat, chat', 'caf\xe9']) {
      const judgement = judgedWith(field('Sec-WebSocket-Protocol', value))
      expect(answerOf(judgement)).toEqual({ status: 400, rule: 'H-REQ-14' })
    }
  },
  'H-REQ-15': () => {
    expect(outcomeOf(judgedWith({}), 'H-REQ-15')).toBe('idle')
    expect(outcomeOf(judgedWith(field('Sec-WebSocket-Extensions', 'foo; a="b"')), 'H-REQ-15')).toBe('kept')
    for (const value of ['permessage-deflate; ;', '; a', 'foo; a="a b"', 'foo; a="b', '']) {
      const judgement = judgedWith(field('Sec-WebSocket-Extensions', value))
      expect(answerOf(judgement)).toEqual({ status: 400, rule: 'H-REQ-15' })
    }
  },
  'H-REQ-16': () => {
    expect(answerOf(judgedWith(field('X-Foo', 'bar')))).toEqual({ status: 101 })
  },
  'H-REQ-17': () => {
    const [startLine = '', ...lines] = requestText().trimEnd().split('\r\n')
    for (let turn = 0; turn < lines.length; turn++) {
      const turned = [...lines.slice(turn), ...lines.slice(0, turn)].toReversed()
      expect(answerOf(judged([startLine, ...turned, '', ''].join('\r\n')))).toEqual({ status: 101 })
    }
  },
}
