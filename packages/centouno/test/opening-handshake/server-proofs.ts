import { expect } from 'vitest'
import { encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { buildRefusal, buildSwitch } from '../../src/protocol/handshake/build-response.ts'
import { refuseFault } from '../../src/protocol/handshake/judge-request.ts'
import { defaultHeadLimits } from '../../src/protocol/http/head-limits.ts'
import { HeadReader } from '../../src/protocol/http/head-reader.ts'
import { requestVectors } from '../vectors/request-vectors.ts'
import { answerOf, idsOf, judgedWith, outcomeOf, requestText, sampleKey } from './messages.ts'
import type { Changes } from './messages.ts'
import type { Proofs } from './proofs.ts'

function field(name: string, value: string | readonly string[] | undefined): Changes {
  return { fields: { [name]: value } }
}

function refusalText(changes: Changes): string {
  const judgement = judgedWith(changes)
  if (judgement.ok) throw new Error('the request was accepted')
  return buildRefusal(judgement.refusal)
}

function refuses(changes: Changes, status: number, rule: string): void {
  expect(answerOf(judgedWith(changes))).toEqual({ status, rule })
}

/** A rule that tells another rule's fault by its own clause. */
function brokenTogether(changes: Changes, ids: readonly string[]): void {
  expect(idsOf(judgedWith(changes), 'broken').toSorted()).toEqual([...ids].toSorted())
}

/** Sections 3, 5, 7 and 12 of the table, as far as they look at the request or at what a server answers. */
export const serverProofs: Proofs = {
  'H-SRV-01': () => {
    const refused = requestVectors.filter(({ expect: expected }) => expected.status !== 101)
    expect(refused.length).toBeGreaterThan(40)
    expect(refused.every(({ expect: expected }) => expected.status >= 400 && expected.rule !== undefined)).toBe(true)
  },
  'H-SRV-02': () => {
    const statuses = requestVectors.map(({ expect: expected }) => expected.status)
    expect(new Set(statuses)).toEqual(new Set([101, 400, 403, 405, 414, 417, 426, 431, 505]))
  },
  'H-SRV-06': () => {
    refuses(field('Origin', 'https://elsewhere.example'), 403, 'H-SRV-06')
    refuses(field('Origin', 'null'), 403, 'H-SRV-06')
    refuses(field('Origin', ['http://example.com', 'http://example.com']), 403, 'H-SRV-06')
    // The scheme is part of an origin: over TLS the own one is https.
    refuses(field('Origin', 'https://example.com'), 403, 'H-SRV-06')
    const https = field('Origin', 'https://example.com')
    expect(answerOf(judgedWith(https, { secure: true }))).toEqual({ status: 101 })
    expect(answerOf(judgedWith(https, { origins: ['https://example.com'] }))).toEqual({ status: 101 })
    expect(outcomeOf(judgedWith(https, { origins: 'any' }), 'H-SRV-06')).toBe('idle')
    expect(outcomeOf(judgedWith({}), 'H-SRV-06')).toBe('idle')
  },
  'H-SRV-07': () => {
    expect(refusalText(field('Sec-WebSocket-Version', '25'))).toContain('\r\nSec-WebSocket-Version: 13\r\n')
  },
  'H-SRV-16': () => {
    const extensions = ['b', 'a'].map((name) => ({ name, parameters: [] }))
    const text = buildSwitch({ key: sampleKey, subprotocol: '', extensions, fields: [] })
    expect(text).toContain('\r\nSec-WebSocket-Extensions: b, a\r\n')
  },
  'H-SRV-19': () => {
    expect(refusalText(field('Upgrade', undefined))).toContain('\r\nUpgrade: websocket\r\n')
  },
  'H-SRV-20': () => {
    expect(refusalText({ startLine: 'POST / HTTP/1.1' })).toContain('\r\nAllow: GET\r\n')
  },
  'H-SRV-22': () => {
    const reading = new HeadReader(defaultHeadLimits).receive(encodeLatin1(requestText({ after: 'frame' })))
    expect(reading).toMatchObject({ kind: 'head', rest: encodeLatin1('frame') })
  },
  'H-SRV-23': () => {
    refuses(field('Content-Length', '5'), 400, 'H-SRV-23')
    refuses(field('Content-Length', ['0', '0']), 400, 'H-SRV-23')
    refuses(field('Content-Length', '+0'), 400, 'H-SRV-23')
    refuses(field('Transfer-Encoding', 'chunked'), 400, 'H-SRV-23')
    expect(outcomeOf(judgedWith(field('Content-Length', '0')), 'H-SRV-23')).toBe('kept')
  },
  'H-SRV-24': () => refuses(field('Expect', '100-continue'), 417, 'H-SRV-24'),
  'H-SRV-25': () => {
    expect(refuseFault({ rule: 'H-SRV-25', found: 'GET /' })).toMatchObject({ status: 408, rule: 'H-SRV-25' })
    expect(outcomeOf(judgedWith({}), 'H-SRV-25')).toBe('kept')
  },

  'H-VER-01': () => brokenTogether(field('Sec-WebSocket-Version', '25'), ['H-REQ-12', 'H-VER-01']),
  'H-VER-02': () => {
    for (const version of ['013', '256', '-1', '1 3', '13abc', '', '1e1', '00']) {
      refuses(field('Sec-WebSocket-Version', version), 426, 'H-VER-02')
    }
    for (const version of ['0', '255']) {
      expect(outcomeOf(judgedWith(field('Sec-WebSocket-Version', version)), 'H-VER-02')).toBe('kept')
    }
  },
  'H-VER-05': () => {
    brokenTogether(field('Sec-WebSocket-Version', '8'), ['H-REQ-12', 'H-VER-01', 'H-VER-05'])
    expect(outcomeOf(judgedWith(field('Sec-WebSocket-Version', '14')), 'H-VER-05')).toBe('idle')
  },

  'H-H1-01': () => {
    brokenTogether({ startLine: 'GET / HTTP/1.0' }, ['H-REQ-03', 'H-H1-01'])
    const withoutUpgrade = judgedWith({ startLine: 'GET / HTTP/1.0', ...field('Upgrade', undefined) })
    expect(outcomeOf(withoutUpgrade, 'H-H1-01')).toBe('idle')
  },
  'H-H1-02': () => brokenTogether(field('Host', undefined), ['H-REQ-05', 'H-H1-02']),
  'H-H1-03': () => {
    refuses(field('Host', ['example.com', 'example.com']), 400, 'H-H1-03')
    for (const host of ['a b', 'a/b', 'user@h', 'h:99999', 'h:x', '[::1', '[x]', 'caf\xe9', 'h%zz', 'a,b:1:2']) {
      refuses(field('Host', host), 400, 'H-H1-03')
    }
    for (const host of ['h', 'h:8080', '[::1]:8080', '127.0.0.1', 'a_b.example', 'h:']) {
      expect(outcomeOf(judgedWith(field('Host', host)), 'H-H1-03')).toBe('kept')
    }
  },
  'H-H1-04': () => refuses({ lines: ['X-Foo : a'] }, 400, 'H-H1-04'),
  'H-H1-05': () => refuses({ lines: ['X-Foo: a', ' b'] }, 400, 'H-H1-05'),
  'H-H1-06': () => refuses(field('X-Foo', 'a\0b'), 400, 'H-H1-06'),
  'H-H1-07': () => {
    brokenTogether(field('Connection', 'close'), ['H-REQ-07', 'H-H1-07'])
    expect(outcomeOf(judgedWith(field('Upgrade', undefined)), 'H-H1-07')).toBe('idle')
  },
  'H-H1-08': () => {
    refuses({ fields: { 'Transfer-Encoding': 'chunked', 'Content-Length': '0' } }, 400, 'H-H1-08')
  },
  'H-H1-09': () => refuses({ lines: ['Sec WebSocket-Foo: a'] }, 400, 'H-H1-09'),
  'H-H1-10': () => refuses({ lines: ['X-Foo: a\nX-Bar: b'] }, 400, 'H-H1-10'),
  'H-H1-11': () => {
    const found = 'GET /aaa'
    expect(refuseFault({ rule: 'H-H1-11', found, limit: 'startLine' })).toMatchObject({ status: 414 })
    expect(refuseFault({ rule: 'H-H1-11', found, limit: 'fieldBytes' })).toMatchObject({ status: 431 })
    expect(refuseFault({ rule: 'H-H1-11', found, limit: 'fieldCount' })).toMatchObject({ status: 431 })
  },
  'H-H1-12': () => {
    // What is left of a handshake when a proxy has taken away what is meant for one hop.
    refuses({ fields: { Upgrade: undefined, Connection: undefined } }, 426, 'H-REQ-06')
  },

  'H-TRAP-02': () => {
    const judgement = judgedWith(field('Sec-WebSocket-Key', 'AQIDBAUGBwgJCgsMDQ4PEC=='))
    expect(judgement.ok).toBe(true)
    expect(idsOf(judgement, 'noted')).toEqual(['H-TRAP-02'])
    expect(outcomeOf(judgedWith({}), 'H-TRAP-02')).toBe('kept')
  },
  'H-TRAP-04': () => {
    for (const name of ['Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions']) {
      const judgement = judgedWith(field(name, 'a,,b'))
      expect(judgement.ok).toBe(true)
      expect(idsOf(judgement, 'noted')).toEqual(['H-TRAP-04'])
    }
  },
  'H-TRAP-07': () => {
    const judgement = judgedWith(field('Upgrade', undefined))
    expect(outcomeOf(judgement, 'H-TRAP-07')).toBe('noted')
    if (judgement.ok) throw new Error('the request was accepted')
    expect(judgement.refusal.hint?.en).toContain('proxy')
  },
  'H-TRAP-09': () => {
    refuses({ startLine: 'GET / HTTP/1.0', ...field('Host', undefined) }, 400, 'H-REQ-03')
  },
}
