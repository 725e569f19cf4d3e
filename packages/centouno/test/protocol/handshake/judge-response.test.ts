import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'
import { judgeResponse } from '../../../src/protocol/handshake/judge-response.ts'
import { parseExtensionList } from '../../../src/protocol/handshake/extension-list.ts'
import type { ExtensionOffer } from '../../../src/protocol/handshake/extension-list.ts'
import { ruleRows } from '../../../src/protocol/handshake/rule-table.ts'
import { parseResponseHead } from '../../../src/protocol/http/response-head.ts'
import { idsOf, judgedSwitchWith, plainlySent, sampleAccept, sampleKey } from '../../opening-handshake/messages.ts'

function offers(text: string): ExtensionOffer[] {
  const reading = parseExtensionList([text])
  if (!reading.ok) throw new Error(reading.found)
  return reading.offers
}

describe('a 101 in order', () => {
  test('is accepted with what was agreed', () => {
    const judgement = judgedSwitchWith(
      {
        fields: {
          'Sec-WebSocket-Protocol': 'chat',
          'Sec-WebSocket-Extensions': 'permessage-deflate; server_no_context_takeover',
        },
      },
      { subprotocols: ['soap', 'chat'], extensions: offers('permessage-deflate') },
    )
    expect(judgement).toMatchObject({
      ok: true,
      accepted: { subprotocol: 'chat', extensions: offers('permessage-deflate; server_no_context_takeover') },
    })
  })

  test('with nothing agreed, both are empty', () => {
    expect(judgedSwitchWith({})).toMatchObject({ ok: true, accepted: { subprotocol: '', extensions: [] } })
  })

  test('has a verdict on every rule of responses, in the order of the table', () => {
    const { verdicts } = judgedSwitchWith({})
    expect(verdicts.map(({ id }) => id)).toEqual(
      ruleRows.filter(({ subject }) => subject === 'response').map(({ id }) => id),
    )
    expect(verdicts.every(({ outcome }) => outcome === 'kept' || outcome === 'idle')).toBe(true)
  })
})

describe('a 101 with faults', () => {
  test('says what was found', () => {
    const judgement = judgedSwitchWith({ fields: { 'Sec-WebSocket-Accept': 'nonsense' } })
    expect(judgement.verdicts.find(({ id }) => id === 'H-RES-05')?.found?.en).toBe(
      `\`Sec-WebSocket-Accept\` is \`nonsense\`; for the key \`${sampleKey}\` it has to be \`${sampleAccept}\`.`,
    )
  })

  test('the rule is the most telling of them', () => {
    const fields = { Upgrade: undefined, Connection: undefined, 'Sec-WebSocket-Accept': undefined }
    expect(judgedSwitchWith({ fields })).toMatchObject({ rule: 'H-RES-03' })
    expect(judgedSwitchWith({ fields, startLine: 'HTTP/1.0 101 ' })).toMatchObject({ rule: 'H-RES-11' })
  })

  test('a relaxed rule takes its counterpart on the server’s side with it', () => {
    const judgement = judgedSwitchWith({ fields: { Upgrade: 'foo' } }, { relaxed: new Set(['H-RES-03']) })
    expect(judgement.ok).toBe(true)
    expect(idsOf(judgement, 'noted')).toEqual(['H-SRV-12', 'H-SRV-17', 'H-RES-03'])
  })
})

describe('the answer to an offer of permessage-deflate (RFC 7692 §7.1)', () => {
  test.each([
    {
      offered: 'permessage-deflate; client_max_window_bits',
      answer: 'permessage-deflate; client_max_window_bits=8',
      ok: true,
    },
    {
      offered: 'permessage-deflate; client_max_window_bits',
      answer: 'permessage-deflate; client_max_window_bits',
      ok: false,
    },
    {
      offered: 'permessage-deflate; client_max_window_bits=10',
      answer: 'permessage-deflate; client_max_window_bits=11',
      ok: false,
    },
    { offered: 'permessage-deflate; client_max_window_bits=10', answer: 'permessage-deflate', ok: true },
    {
      offered: 'permessage-deflate; server_max_window_bits=10',
      answer: 'permessage-deflate; server_max_window_bits=10',
      ok: true,
    },
    {
      offered: 'permessage-deflate; server_max_window_bits=10',
      answer: 'permessage-deflate; server_max_window_bits=11',
      ok: false,
    },
    { offered: 'permessage-deflate; server_max_window_bits=10', answer: 'permessage-deflate', ok: false },
    { offered: 'permessage-deflate; server_no_context_takeover', answer: 'permessage-deflate', ok: false },
    { offered: 'permessage-deflate', answer: 'permessage-deflate; client_no_context_takeover', ok: true },
    {
      offered: 'permessage-deflate; server_max_window_bits=10, permessage-deflate',
      answer: 'permessage-deflate',
      ok: true,
    },
  ])('$offered ← $answer: $ok', ({ offered, answer, ok }) => {
    const judgement = judgedSwitchWith(
      { fields: { 'Sec-WebSocket-Extensions': answer } },
      { extensions: offers(offered) },
    )
    expect(judgement.ok).toBe(ok)
    expect(idsOf(judgement, 'broken')).toEqual(ok ? [] : ['H-RES-08'])
  })
})

test('whatever the server sends, there are two outcomes, and a fault of the head is never accepted', () => {
  const line = fc.stringMatching(/^[\x20-\x7e\t\0\r\x80-\xff]{0,30}$/)
  const name = fc.constantFrom('Upgrade', 'Connection', 'Sec-WebSocket-Accept', 'Sec-WebSocket-Extensions', 'X')
  fc.assert(
    fc.property(line, fc.array(fc.tuple(name, line), { maxLength: 8 }), (startLine, fields) => {
      const lines = [startLine, ...fields.map(([field, value]) => `${field}: ${value}`), '', '']
      const head = parseResponseHead(encodeLatin1(lines.join('\r\n')))
      const judgement = judgeResponse(head, plainlySent)
      expect(judgement.ok).toBe(idsOf(judgement, 'broken').length === 0)
      expect(judgement.ok && head.faults.length > 0).toBe(false)
    }),
  )
})
