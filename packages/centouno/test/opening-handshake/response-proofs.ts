import { expect } from 'vitest'
import { encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import type { ExtensionOffer } from '../../src/protocol/handshake/extension-list.ts'
import { defaultHeadLimits } from '../../src/protocol/http/head-limits.ts'
import { HeadReader } from '../../src/protocol/http/head-reader.ts'
import { parseResponseHead } from '../../src/protocol/http/response-head.ts'
import { idsOf, judgedSwitch, judgedSwitchWith, outcomeOf, sampleAccept, switchText } from './messages.ts'
import type { Changes } from './messages.ts'
import type { Proofs } from './proofs.ts'

type Sent = Parameters<typeof judgedSwitchWith>[1]

const deflate: ExtensionOffer = { name: 'permessage-deflate', parameters: [] }
const deflateOffered: Sent = { extensions: [deflate] }

function fails(changes: Changes, rule: string, sent: Sent = {}): void {
  expect(judgedSwitchWith(changes, sent)).toMatchObject({ ok: false, rule })
}

function opens(changes: Changes, sent: Sent = {}): void {
  expect(judgedSwitchWith(changes, sent)).toMatchObject({ ok: true })
}

function field(name: string, value: string | readonly string[] | undefined): Changes {
  return { fields: { [name]: value } }
}

function extensions(value: string | readonly string[]): Changes {
  return field('Sec-WebSocket-Extensions', value)
}

/** A server's rule is told as broken together with the client's rule that finds it. */
function brokenTogether(changes: Changes, ids: readonly string[], sent: Sent = {}): void {
  expect(idsOf(judgedSwitchWith(changes, sent), 'broken')).toEqual(ids)
}

/** The 101 as a client judges it: section 4 of the table, and the rows of section 3 it answers to. */
export const responseProofs: Proofs = {
  'H-SRV-09': () => {
    brokenTogether(field('Sec-WebSocket-Protocol', 'c'), ['H-SRV-09', 'H-RES-09'], { subprotocols: ['a', 'b'] })
    brokenTogether(field('Sec-WebSocket-Protocol', ''), ['H-SRV-09', 'H-RES-09'], { subprotocols: ['a', 'b'] })
  },
  'H-SRV-10': () => brokenTogether(extensions('foo'), ['H-SRV-10', 'H-RES-06']),
  'H-SRV-11': () => brokenTogether({ startLine: 'HTTP/1.0 101 Switching Protocols' }, ['H-SRV-11', 'H-RES-11']),
  'H-SRV-12': () => brokenTogether(field('Upgrade', undefined), ['H-SRV-12', 'H-RES-03']),
  'H-SRV-13': () => brokenTogether(field('Connection', 'close'), ['H-SRV-13', 'H-RES-04']),
  'H-SRV-14': () => brokenTogether(field('Sec-WebSocket-Accept', 'wrong'), ['H-SRV-14', 'H-RES-05']),
  'H-SRV-15': () => {
    fails(field('Sec-WebSocket-Accept', [sampleAccept, sampleAccept]), 'H-SRV-15')
    fails(field('Sec-WebSocket-Protocol', ['a', 'a']), 'H-SRV-15', { subprotocols: ['a'] })
  },
  'H-SRV-17': () => brokenTogether(field('Upgrade', 'foo'), ['H-SRV-12', 'H-SRV-17', 'H-RES-03']),
  'H-SRV-18': () => {
    for (const name of ['Content-Length', 'Transfer-Encoding']) {
      const judgement = judgedSwitchWith(field(name, '0'))
      expect(judgement.ok).toBe(true)
      expect(idsOf(judgement, 'noted')).toEqual(['H-SRV-18'])
    }
  },

  'H-RES-02': () => {
    const reader = new HeadReader(defaultHeadLimits)
    const early = reader.receive(encodeLatin1(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${switchText()}`))
    if (early.kind !== 'head') throw new Error(early.kind)
    expect(parseResponseHead(early.head).status).toBe(103)
    const final = reader.receive(early.rest)
    if (final.kind !== 'head') throw new Error(final.kind)
    expect(parseResponseHead(final.head).status).toBe(101)
  },
  'H-RES-03': () => {
    fails(field('Upgrade', undefined), 'H-RES-03')
    fails(field('Upgrade', 'foo'), 'H-RES-03')
    fails(field('Upgrade', 'websocket, foo'), 'H-RES-03')
    opens(field('Upgrade', 'WebSocket'))
  },
  'H-RES-04': () => {
    fails(field('Connection', undefined), 'H-RES-04')
    fails(field('Connection', 'close'), 'H-RES-04')
    opens(field('Connection', 'keep-alive, Upgrade'))
    opens(field('Connection', ['keep-alive', 'uPgRaDe']))
  },
  'H-RES-05': () => {
    fails(field('Sec-WebSocket-Accept', undefined), 'H-RES-05')
    fails(field('Sec-WebSocket-Accept', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='), 'H-RES-05')
    // base64 distinguishes case.
    fails(field('Sec-WebSocket-Accept', sampleAccept.toLowerCase()), 'H-RES-05')
    opens(field('Sec-WebSocket-Accept', ` \t${sampleAccept} \t `))
    // NBSP is no blank.
    fails(field('Sec-WebSocket-Accept', `${sampleAccept}\xa0`), 'H-RES-05')
  },
  'H-RES-06': () => {
    fails(extensions('foo'), 'H-RES-06', deflateOffered)
    opens(extensions('permessage-deflate'), deflateOffered)
  },
  'H-RES-07': () => {
    fails(extensions('permessage-deflate; ;'), 'H-RES-07', deflateOffered)
    fails(extensions(''), 'H-RES-07', deflateOffered)
  },
  'H-RES-08': () => {
    for (const parameters of [
      'server_max_window_bits=7',
      'server_max_window_bits=16',
      'server_max_window_bits=08',
      'server_max_window_bits',
      'server_no_context_takeover=1',
      'unknown',
      'server_no_context_takeover; server_no_context_takeover',
      // Only a client that offered it can be asked to keep it (RFC 7692 §7.1.2.2).
      'client_max_window_bits=10',
    ]) {
      fails(extensions(`permessage-deflate; ${parameters}`), 'H-RES-08', deflateOffered)
    }
    fails(extensions('permessage-deflate, permessage-deflate'), 'H-RES-08', deflateOffered)
    for (const bits of [8, 15]) opens(extensions(`permessage-deflate; server_max_window_bits=${bits}`), deflateOffered)
  },
  'H-RES-09': () => {
    fails(field('Sec-WebSocket-Protocol', 'nope'), 'H-RES-09')
    fails(field('Sec-WebSocket-Protocol', 'CHAT'), 'H-RES-09', { subprotocols: ['chat'] })
    opens(field('Sec-WebSocket-Protocol', 'chat'), { subprotocols: ['soap', 'chat'] })
  },
  'H-RES-10': () => {
    fails({}, 'H-RES-10', { subprotocols: ['chat'] })
    const tolerant = judgedSwitchWith({}, { subprotocols: ['chat'], requireSubprotocol: false })
    expect(tolerant.ok).toBe(true)
    expect(outcomeOf(tolerant, 'H-RES-10')).toBe('noted')
    expect(outcomeOf(judgedSwitchWith({}), 'H-RES-10')).toBe('idle')
  },
  'H-RES-11': () => {
    fails({ startLine: 'HTTP/1.0 101 Switching Protocols' }, 'H-RES-11')
    fails({ startLine: 'HTTP/1.1 200 OK' }, 'H-RES-11')
    fails(field('X-Foo', 'a\0b'), 'H-RES-11')
    expect(judgedSwitch(switchText().slice(0, -2))).toMatchObject({ ok: false, rule: 'H-RES-11' })
  },
  'H-RES-12': () => {
    expect(
      judgedSwitch(switchText().replace('Upgrade:', 'uPgRaDe:').replace('Sec-WebSocket', 'sec-websocket')),
    ).toMatchObject({ ok: true })
  },
  'H-RES-15': () => {
    const bytes = encodeLatin1(switchText({ after: 'frame' }))
    const reader = new HeadReader(defaultHeadLimits)
    const heads = Array.from(bytes, (byte) => reader.receive(Uint8Array.of(byte))).filter(({ kind }) => kind === 'head')
    expect(heads).toHaveLength(1)
    expect(heads[0]).toMatchObject({ head: encodeLatin1(switchText()) })
  },
  'H-RES-16': () => {
    const head = parseResponseHead(encodeLatin1(switchText(field('Set-Cookie', ['a=1', 'b=2']))))
    expect(head.fields.filter(({ name }) => name === 'Set-Cookie').map(({ value }) => value)).toEqual(['a=1', 'b=2'])
  },

  'H-TRAP-01': () => {
    const judgement = judgedSwitchWith(extensions(['foo', 'bar']), {
      extensions: [
        { name: 'bar', parameters: [] },
        { name: 'foo', parameters: [] },
      ],
    })
    expect(judgement).toMatchObject({ ok: true, accepted: { extensions: [{ name: 'foo' }, { name: 'bar' }] } })
    expect(idsOf(judgement, 'noted')).toEqual(['H-TRAP-01'])
  },
  'H-TRAP-03': () => {
    const judgement = judgedSwitchWith(field('Connection', 'keep-alive, Upgrade'))
    expect(judgement.ok).toBe(true)
    expect(idsOf(judgement, 'noted')).toEqual(['H-TRAP-03'])
  },
}
