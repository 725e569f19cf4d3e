import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'
import type { RequestHead } from '../../../src/protocol/http/head.ts'
import { leadingEmptyLineLimit } from '../../../src/protocol/http/head-limits.ts'
import { parseRequestHead, requestHeadFromParts } from '../../../src/protocol/http/request-head.ts'

const parse = (text: string): RequestHead => parseRequestHead(encodeLatin1(text))
const rulesOf = (head: RequestHead): string[] => head.faults.map((fault) => fault.rule)
/** A request that is in order but for these lines. */
const withFields = (lines: string): RequestHead => parse(`GET / HTTP/1.1\r\n${lines}\r\n`)

describe('a request in order', () => {
  const text =
    'GET /chat?x=1 HTTP/1.1\r\nHost: example.com\r\nUPGRADE:websocket\r\nX-Name: \t caf\xe9 \t\r\nX-Empty:\r\n\r\n'

  test('H-REQ-01: is taken apart, names as sent, values without blanks around them', () => {
    expect(parse(text)).toEqual({
      method: 'GET',
      target: '/chat?x=1',
      version: '1.1',
      fields: [
        { name: 'Host', value: 'example.com' },
        { name: 'UPGRADE', value: 'websocket' },
        { name: 'X-Name', value: 'caf\xe9' },
        { name: 'X-Empty', value: '' },
      ],
      text,
      verbatim: true,
      faults: [],
    })
  })

  test('the text ends with the empty line, whatever follows', () => {
    expect(parse(`${text}body\r\n`)).toEqual(parse(text))
  })

  test('empty lines before it are passed over up to their limit', () => {
    const longest = '\r\n'.repeat(leadingEmptyLineLimit)
    expect(parse(longest + text)).toEqual({ ...parse(text), text: longest + text })
    expect(parse(`\r\n${longest}${text}`)).toMatchObject({
      method: '',
      fields: [],
      faults: [{ rule: 'H-REQ-01', found: '' }],
    })
  })

  test('a field named __proto__ is a field like any other', () => {
    const head = withFields('__proto__: a\r\nconstructor: b\r\n')
    expect(head.fields.map((field) => field.name)).toEqual(['__proto__', 'constructor'])
    expect(head.faults).toEqual([])
  })
})

describe('H-REQ-01: the start line', () => {
  test.each([
    // line, method, target, version
    ['GET /', 'GET', '', ''],
    ['GET', 'GET', '', ''],
    ['', '', '', ''],
    [' GET / HTTP/1.1', '', '', '1.1'],
    ['GET  / HTTP/1.1', 'GET', '', '1.1'],
    ['GET / HTTP/1.1 ', 'GET', '', ''],
    ['GET /a b HTTP/1.1', 'GET', '', '1.1'],
    ['GET\t/\tHTTP/1.1', '', '', ''],
    ['GET / http/1.1', 'GET', '/', ''],
    ['GET / HTTP/1', 'GET', '/', ''],
    ['GET / HTTP/1.10', 'GET', '/', ''],
    ['G@T / HTTP/1.1', '', '/', '1.1'],
    ['GET /\xe4 HTTP/1.1', 'GET', '', '1.1'],
    ['GET /\0 HTTP/1.1', 'GET', '', '1.1'],
    ['GET / HTTP/1.1\r', 'GET', '/', ''],
    ['GET  HTTP/1.1', 'GET', '', '1.1'],
  ])('%j is a fault, and what can be read is read', (line, method, target, version) => {
    const head = parse(`${line}\r\nHost: h\r\n\r\n`)
    expect(head).toMatchObject({ method, target, version })
    expect(rulesOf(head)).toEqual(['H-REQ-01'])
  })

  test.each(['*', 'h:80', 'http://h/chat', '/a|b^c'])('the form of the target %s is not judged here', (target) => {
    expect(parse(`GET ${target} HTTP/1.1\r\n\r\n`)).toMatchObject({ target, faults: [] })
  })

  test('the fault quotes the line, controls escaped, cut when long', () => {
    expect(parse('\x16\x03\x01\r\n\r\n').faults).toEqual([{ rule: 'H-REQ-01', found: String.raw`\x16\x03\x01` }])
    expect(parse(`${'x'.repeat(100)}\r\n\r\n`).faults).toEqual([{ rule: 'H-REQ-01', found: `${'x'.repeat(60)}…` }])
  })

  test('a head that stops before its empty line is not one', () => {
    expect(parse('GET / HTTP/1.1\r\nHost: h\r\n').faults).toEqual([
      { rule: 'H-REQ-01', found: String.raw`…1\r\nHost: h\r\n` },
    ])
    expect(rulesOf(parse('GET / HTTP/1.1\r\nHost: h'))).toEqual(['H-REQ-01'])
    expect(rulesOf(parse('GET / HT'))).toEqual(['H-REQ-01'])
    expect(rulesOf(parse(''))).toEqual(['H-REQ-01'])
  })
})

describe('field lines', () => {
  test('H-H1-04: a blank before the colon', () => {
    const head = withFields('Upgrade : websocket\r\nHost\t: h\r\n')
    expect(head.faults).toEqual([
      { rule: 'H-H1-04', found: 'Upgrade : websocket' },
      { rule: 'H-H1-04', found: String.raw`Host\t: h` },
    ])
    expect(head.fields).toEqual([
      { name: 'Upgrade', value: 'websocket' },
      { name: 'Host', value: 'h' },
    ])
  })

  test('H-H1-05: a folded line, read as part of the value before it', () => {
    const head = withFields('X: a\r\n  b\r\n\tc\r\nY: d\r\n')
    expect(rulesOf(head)).toEqual(['H-H1-05', 'H-H1-05'])
    expect(head.faults[0]?.found).toBe('  b')
    expect(head.fields).toEqual([
      { name: 'X', value: 'a b c' },
      { name: 'Y', value: 'd' },
    ])
  })

  test('H-H1-05: a blank line start right after the start line continues nothing', () => {
    const head = withFields(' Host: a\r\nHost: b\r\n')
    expect(rulesOf(head)).toEqual(['H-H1-05'])
    expect(head.fields).toEqual([{ name: 'Host', value: 'b' }])
  })

  test('H-H1-05: after a line without a colon nothing is continued either', () => {
    const head = withFields('X: a\r\nno colon\r\n b\r\n')
    expect(rulesOf(head)).toEqual(['H-H1-09', 'H-H1-05'])
    expect(head.fields).toEqual([{ name: 'X', value: 'a' }])
  })

  test.each([
    ['bare CR', 'a\rb', String.raw`X: a\rb`],
    ['NUL', 'a\0b', String.raw`X: a\x00b`],
    ['escape', '\x1b[2J', String.raw`X: \x1b[2J`],
    ['DEL', 'a\x7f', String.raw`X: a\x7f`],
    ['CR CR LF', 'a\r', String.raw`X: a\r`],
  ])('H-H1-06: %s in a value', (_name, value, found) => {
    const head = withFields(`X: ${value}\r\n`)
    expect(head.faults).toEqual([{ rule: 'H-H1-06', found }])
    expect(head.fields).toEqual([{ name: 'X', value }])
  })

  test('H-H1-06: the offence is shown even when it stands far inside the value', () => {
    expect(withFields(`X: ${'y'.repeat(300)}\0\r\n`).faults).toEqual([
      { rule: 'H-H1-06', found: String.raw`…yyyyyyyyyyyy\x00` },
    ])
  })

  test('H-H1-06: a control byte in a folded line is told as well', () => {
    expect(rulesOf(withFields('X: a\r\n b\0\r\n'))).toEqual(['H-H1-05', 'H-H1-06'])
  })

  test('H-H1-06: tabs and bytes from 0x80 are allowed', () => {
    expect(withFields('X: a\tb \x80\xff\r\n').faults).toEqual([])
  })

  test.each(['Sec WebSocket-Key: x', ': x', 'Hös\xfft: x', 'a(b): x', 'a\0b: x'])(
    'H-H1-09: %j has no token for a name',
    (line) => {
      expect(rulesOf(withFields(`${line.replace('ö', '\xf6')}\r\n`))).toEqual(['H-H1-09'])
    },
  )

  test('H-H1-09: a line without a colon', () => {
    const head = withFields('websocket\r\nHost: h\r\n')
    expect(head.faults).toEqual([{ rule: 'H-H1-09', found: 'websocket' }])
    expect(head.fields).toEqual([{ name: 'Host', value: 'h' }])
  })

  test('H-H1-10: a lone LF as line end, told once', () => {
    const head = parse('GET / HTTP/1.1\nHost: h\nUpgrade: websocket\n\n')
    expect(head.faults).toEqual([{ rule: 'H-H1-10', found: String.raw`…T / HTTP/1.1\n` }])
    expect(head).toMatchObject({ method: 'GET', fields: [{ name: 'Host' }, { name: 'Upgrade' }] })
  })

  test('H-H1-10: a lone LF cannot hide a field inside a value', () => {
    const head = withFields('X: a\nHost: evil\r\n')
    expect(rulesOf(head)).toEqual(['H-H1-10'])
    expect(head.fields).toHaveLength(2)
  })

  test('all faults of one head are named', () => {
    const head = parse('GET /a b HTTP/1.1\r\nHost : h\r\nA B: c\r\n d\r\nX: \0\r\nY: z\n\r\n')
    expect(new Set(rulesOf(head))).toEqual(new Set(['H-REQ-01', 'H-H1-04', 'H-H1-05', 'H-H1-06', 'H-H1-09', 'H-H1-10']))
    expect(head.fields).toContainEqual({ name: 'Y', value: 'z' })
  })
})

describe('a head from parts', () => {
  const parts = { method: 'GET', target: '/chat', version: '1.1', rawHeaders: ['Host', 'h', 'X', ' a '] }

  test('its text is rebuilt, and reads the same', () => {
    const head = requestHeadFromParts(parts)
    expect(head).toMatchObject({ method: 'GET', target: '/chat', version: '1.1', verbatim: false, faults: [] })
    expect(head.text).toBe('GET /chat HTTP/1.1\r\nHost: h\r\nX: a\r\n\r\n')
    expect(parse(head.text)).toEqual({ ...head, verbatim: true })
  })

  test('faults that are left in the parts are found', () => {
    expect(rulesOf(requestHeadFromParts({ ...parts, rawHeaders: ['A B', 'c', 'X', '\0'] }))).toEqual([
      'H-H1-09',
      'H-H1-06',
    ])
    expect(rulesOf(requestHeadFromParts({ ...parts, target: '/a b' }))).toEqual(['H-REQ-01'])
  })

  test('a name without its value is left out', () => {
    expect(requestHeadFromParts({ ...parts, rawHeaders: ['Host', 'h', 'X'] }).fields).toHaveLength(1)
  })
})

describe('properties', () => {
  const lines = fc.string({ unit: fc.constantFrom('\r\n', '\n', '\r', ' ', '\t', ':', 'a', '\0', 'GET / HTTP/1.1') })

  test('H-SEC-04: any bytes give a head; without faults it holds nothing that is against the grammar', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), lines.map(encodeLatin1)), (bytes) => {
        const head = parseRequestHead(bytes)
        for (const fault of head.faults) expect(fault.found.length).toBeLessThanOrEqual(62)
        if (head.faults.length > 0) return
        expect(head.method).not.toBe('')
        expect(head.target).not.toBe('')
        for (const { name, value } of head.fields) {
          expect(name).toMatch(/^[!-~]+$/)
          expect(value).not.toMatch(/[\r\n\0]/)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('any well-formed request is read back as it was written', () => {
    const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/)
    const value = fc.stringMatching(/^([!-~]([ -~]{0,10}[!-~])?)?$/)
    fc.assert(
      fc.property(
        token,
        fc.stringMatching(/^\/[!-~]{0,20}$/),
        fc.array(fc.record({ name: token, value })),
        (method, target, fields) => {
          const written = fields.map((field) => `${field.name}: ${field.value}\r\n`).join('')
          const head = parse(`${method} ${target} HTTP/1.1\r\n${written}\r\n`)
          expect(head).toMatchObject({ method, target, version: '1.1', faults: [] })
          expect(head.fields).toEqual(fields)
        },
      ),
    )
  })
})
