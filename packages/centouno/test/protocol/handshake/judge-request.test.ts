import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'
import { defaultRequestPolicy, judgeRequest, refuseFault } from '../../../src/protocol/handshake/judge-request.ts'
import { ruleById, ruleRows } from '../../../src/protocol/handshake/rule-table.ts'
import { parseRequestHead, requestHeadFromParts } from '../../../src/protocol/http/request-head.ts'
import { answerOf, idsOf, judgedWith, outcomeOf, sampleKey } from '../../opening-handshake/messages.ts'

describe('a request in order', () => {
  test('is accepted with what it asks for', () => {
    const judgement = judgedWith({
      startLine: 'GET /rooms/4%322?nick=ada?&x HTTP/1.1',
      fields: {
        Origin: 'http://example.com',
        'Sec-WebSocket-Protocol': ['chat.v2, chat.v1', 'soap'],
        'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits, foo; a="1"',
      },
    })
    expect(judgement).toMatchObject({
      ok: true,
      accepted: {
        key: sampleKey,
        path: '/rooms/4%322',
        query: 'nick=ada?&x',
        host: 'example.com',
        origin: 'http://example.com',
        subprotocols: ['chat.v2', 'chat.v1', 'soap'],
        extensions: [
          { name: 'permessage-deflate', parameters: [{ name: 'client_max_window_bits', value: undefined }] },
          { name: 'foo', parameters: [{ name: 'a', value: '1' }] },
        ],
      },
    })
  })

  test('an absolute target gives its path and query', () => {
    expect(judgedWith({ startLine: 'GET http://example.com?a=b HTTP/1.1' })).toMatchObject({
      accepted: { path: '/', query: 'a=b' },
    })
  })

  test('has a verdict on every rule of requests, in the order of the table, and none with words', () => {
    const { verdicts } = judgedWith({})
    expect(verdicts.map(({ id }) => id)).toEqual(
      ruleRows.filter(({ subject }) => subject === 'request').map(({ id }) => id),
    )
    expect(verdicts.filter(({ found }) => found !== undefined)).toEqual([])
  })

  test('is judged without a verdict being made anew', () => {
    const [first, second] = [judgedWith({}), judgedWith({})]
    expect(first.verdicts.every((verdict, index) => verdict === second.verdicts[index])).toBe(true)
  })

  test('may come from another parser', () => {
    const head = requestHeadFromParts({
      method: 'GET',
      target: '/',
      version: '1.1',
      rawHeaders: ['host', 'h', 'UPGRADE', 'websocket', 'connection', 'upgrade', 'sec-websocket-key', sampleKey].concat(
        ['sec-websocket-version', '13'],
      ),
    })
    expect(judgeRequest(head, defaultRequestPolicy).ok).toBe(true)
  })
})

describe('a request with faults', () => {
  test('all faults are told, and the refusal speaks of the most telling one', () => {
    const judgement = judgedWith({
      startLine: 'POST / HTTP/1.0',
      fields: { Host: undefined, Upgrade: 'h2c', 'Sec-WebSocket-Key': 'short', 'Sec-WebSocket-Version': '8' },
      lines: ['X-Foo : a'],
    })
    expect(answerOf(judgement)).toEqual({ status: 400, rule: 'H-H1-04' })
    expect(idsOf(judgement, 'broken')).toEqual(
      expect.arrayContaining(['H-REQ-02', 'H-REQ-03', 'H-REQ-05', 'H-REQ-06', 'H-REQ-08', 'H-REQ-12', 'H-H1-04']),
    )
  })

  test.each([
    { order: 'the method before the version', startLine: 'POST / HTTP/1.0', fields: {}, rule: 'H-REQ-02' },
    { order: 'the version before Host', startLine: 'GET / HTTP/1.0', fields: { Host: undefined }, rule: 'H-REQ-03' },
    { order: 'Host before Upgrade', fields: { Host: undefined, Upgrade: undefined }, rule: 'H-REQ-05' },
    { order: 'Upgrade before Connection', fields: { Upgrade: undefined, Connection: undefined }, rule: 'H-REQ-06' },
    {
      order: 'Connection before the version',
      fields: { Connection: 'close', 'Sec-WebSocket-Version': '8' },
      rule: 'H-REQ-07',
    },
    {
      order: 'the version before the key',
      fields: { 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Key': '' },
      rule: 'H-REQ-12',
    },
    { order: 'the key before the origin', fields: { 'Sec-WebSocket-Key': '', Origin: 'null' }, rule: 'H-REQ-08' },
  ])('$order', ({ startLine, fields, rule }) => {
    expect(answerOf(judgedWith({ ...(startLine !== undefined && { startLine }), fields })).rule).toBe(rule)
  })

  test('the refusal says what was found, quoting the request without its control characters', () => {
    const judgement = judgedWith({ fields: { Connection: 'keep-alive\x1b[2J' }, startLine: 'GET / HTTP/1.1' })
    const connection = judgement.verdicts.find(({ id }) => id === 'H-REQ-07')
    expect(connection?.found?.en).toBe(
      '`Connection` is `keep-alive\\x1b[2J`: the option `Upgrade` is not among them. A proxy may have removed it.',
    )
    expect(judgement).toMatchObject({ ok: false, refusal: { rule: 'H-H1-06', sentence: ruleById('H-H1-06').sentence } })
  })

  test('a plain GET is told that this is a WebSocket server; one with a key, that a proxy may be to blame', () => {
    const page = judgedWith({ fields: { Upgrade: undefined, Connection: undefined, 'Sec-WebSocket-Key': undefined } })
    expect(page).toMatchObject({ refusal: { status: 426, hint: { en: expect.stringContaining('WebSocket server') } } })
    const stripped = judgedWith({ fields: { Upgrade: undefined, Connection: 'close' } })
    expect(stripped).toMatchObject({ refusal: { status: 426, hint: { en: expect.stringContaining('nginx') } } })
  })
})

describe('a relaxed rule', () => {
  test('is told but not enforced', () => {
    const judgement = judgedWith({ fields: { 'Sec-WebSocket-Key': 'short' } }, { relaxed: new Set(['H-REQ-08']) })
    expect(judgement).toMatchObject({ ok: true, accepted: { key: 'short' } })
    expect(idsOf(judgement, 'noted')).toEqual(['H-REQ-08'])
  })

  test('takes with it the rules that tell the same fault by another clause', () => {
    const judgement = judgedWith({ fields: { 'Sec-WebSocket-Version': '8' } }, { relaxed: new Set(['H-REQ-12']) })
    expect(judgement.ok).toBe(true)
    expect(idsOf(judgement, 'noted')).toEqual(['H-REQ-12', 'H-VER-01', 'H-VER-05'])
  })

  test('what is missing then is empty', () => {
    const judgement = judgedWith(
      { fields: { 'Sec-WebSocket-Key': undefined, Host: undefined } },
      { relaxed: new Set(['H-REQ-08', 'H-REQ-05']) },
    )
    expect(judgement).toMatchObject({ ok: true, accepted: { key: '', host: '' } })
  })

  test('every rule that refuses a request can be relaxed by the id the refusal names', () => {
    const relaxed = new Set<string>()
    const changes = {
      startLine: 'POST * HTTP/1.0',
      fields: {
        Host: ['a b', 'c'],
        Upgrade: undefined,
        Connection: undefined,
        'Sec-WebSocket-Key': '',
        'Sec-WebSocket-Version': undefined,
        'Sec-WebSocket-Protocol': '',
        'Sec-WebSocket-Extensions': ';',
        'Content-Length': '5',
        'Transfer-Encoding': 'chunked',
        Expect: 'a',
        Origin: 'null',
      },
      lines: ['X : a', ' b', 'X: \0', 'X y: \n'],
    }
    let judgement = judgedWith(changes)
    for (let round = 0; round < ruleRows.length && !judgement.ok; round++) {
      relaxed.add(judgement.refusal.rule ?? '')
      judgement = judgedWith(changes, { relaxed })
    }
    expect(judgement.ok).toBe(true)
    // Nothing had to be relaxed twice.
    expect(relaxed).not.toContain('H-VER-01')
    expect(relaxed.size).toBeGreaterThan(15)
  })
})

describe('whatever the peer sends', () => {
  const line = fc.stringMatching(/^[\x20-\x7e\t\0\r\x80-\xff]{0,30}$/)
  const anyHead = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(line, { maxLength: 12 }).map((lines) => encodeLatin1(`${lines.join('\r\n')}\r\n\r\n`)),
  )

  test('there are two outcomes, and a fault of the head is never accepted', () => {
    fc.assert(
      fc.property(anyHead, fc.boolean(), (bytes, requireOrigin) => {
        const head = parseRequestHead(bytes)
        const judgement = judgeRequest(head, { ...defaultRequestPolicy, requireOrigin })
        const broken = idsOf(judgement, 'broken')
        expect(judgement.ok).toBe(broken.length === 0)
        expect(judgement.ok && head.faults.length > 0).toBe(false)
      }),
    )
  })

  test('any value of a field that counts is accepted or refused, never thrown over', () => {
    const names = ['Host', 'Upgrade', 'Connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'Origin', 'Expect']
    fc.assert(
      fc.property(fc.constantFrom(...names, 'Sec-WebSocket-Protocol', 'Content-Length'), line, (name, value) => {
        const judgement = judgedWith({ fields: { [name]: value } })
        expect(judgement.verdicts.every(({ ok, outcome }) => ok === (outcome !== 'broken'))).toBe(true)
      }),
    )
  })
})

describe('refuseFault', () => {
  test('names the rule, quotes what was found, and gives the status it calls for', () => {
    expect(refuseFault({ rule: 'H-H1-11', found: 'GET /aaa…', limit: 'startLine' })).toMatchObject({
      status: 414,
      rule: 'H-H1-11',
      found: { en: 'Found: `GET /aaa…`' },
    })
    expect(refuseFault({ rule: 'H-SRV-25', found: '' })).not.toHaveProperty('found')
    expect(refuseFault({ rule: 'H-H1-09', found: 'x' })).toMatchObject({ status: 400, rule: 'H-H1-09' })
  })

  test('a rule that is none of a request becomes H-REQ-01', () => {
    expect(refuseFault({ rule: 'H-RES-11', found: 'x' })).toMatchObject({ status: 400, rule: 'H-REQ-01' })
  })

  test('a fault that no row owns is a fault of H-REQ-01 when it is judged', () => {
    const head = { ...parseRequestHead(encodeLatin1('')), faults: [{ rule: 'H-H1-99', found: 'x' }] }
    const judgement = judgeRequest(head, defaultRequestPolicy)
    expect(outcomeOf(judgement, 'H-REQ-01')).toBe('broken')
  })
})

test('H-SRV-06: the own origin is what the policy says, or else what Host and the connection make it', () => {
  const fields = { Origin: 'https://example.com' }
  expect(idsOf(judgedWith({ fields }), 'broken')).toEqual(['H-SRV-06'])
  expect(judgedWith({ fields }, { ownOrigin: 'https://example.com' }).ok).toBe(true)
  expect(judgedWith({ fields: { Origin: 'http://example.com' } }, { ownOrigin: 'https://example.com' }).ok).toBe(false)
})
