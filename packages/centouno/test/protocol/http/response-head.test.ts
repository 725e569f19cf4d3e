import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'
import type { ResponseHead } from '../../../src/protocol/http/head.ts'
import { parseResponseHead } from '../../../src/protocol/http/response-head.ts'

const parse = (text: string): ResponseHead => parseResponseHead(encodeLatin1(text))
const rulesOf = (head: ResponseHead): string[] => head.faults.map((fault) => fault.rule)

test('a response in order is taken apart', () => {
  const text = 'HTTP/1.1 101 Switching Protocols\r\nuPgRaDe: websocket\r\nSec-WebSocket-Accept:  x= \r\n\r\n'
  expect(parse(text)).toEqual({
    version: '1.1',
    status: 101,
    reason: 'Switching Protocols',
    fields: [
      { name: 'uPgRaDe', value: 'websocket' },
      { name: 'Sec-WebSocket-Accept', value: 'x=' },
    ],
    text,
    verbatim: true,
    faults: [],
  })
})

describe('H-RES-11: the status line', () => {
  test.each([
    // line, version, status, reason
    ['HTTP/1.1 101 ', '1.1', 101, ''],
    ['HTTP/1.0 101 Switching Protocols', '1.0', 101, 'Switching Protocols'],
    ['HTTP/1.1 404 Nicht  gefunden \xfc', '1.1', 404, 'Nicht  gefunden \xfc'],
  ])('%j is in order', (line, version, status, reason) => {
    expect(parse(`${line}\r\n\r\n`)).toMatchObject({ version, status, reason, faults: [] })
  })

  test.each([
    ['HTTP/1.1 101', '1.1', 101, ''],
    ['HTTP/1.1', '1.1', 0, ''],
    ['HTTP/1.1 ', '1.1', 0, ''],
    ['HTTP/1.1  101 OK', '1.1', 0, '101 OK'],
    ['HTTP/1.1 1010 OK', '1.1', 0, 'OK'],
    ['HTTP/1.1 10 OK', '1.1', 0, 'OK'],
    ['HTTP/1.1 1e2 OK', '1.1', 0, 'OK'],
    ['http/1.1 101 OK', '', 101, 'OK'],
    ['HTTP/1.1 101 a\0b', '1.1', 101, ''],
    ['HTTP/1.1 101 a\rb', '1.1', 101, ''],
    ['SSH-2.0-OpenSSH_9.2p1', '', 0, ''],
  ])('%j is a fault, and what can be read is read', (line, version, status, reason) => {
    const head = parse(`${line}\r\nServer: s\r\n\r\n`)
    expect(head).toMatchObject({ version, status, reason })
    expect(rulesOf(head)).toEqual(['H-RES-11'])
  })

  test('a head without its empty line is a fault', () => {
    expect(parse('HTTP/1.1 101 OK\r\n')).toMatchObject({ status: 101, faults: [{ rule: 'H-RES-11' }] })
  })

  test('an empty line before a response is a fault: only servers pass over them', () => {
    expect(parse('\r\nHTTP/1.1 101 OK\r\n\r\n')).toMatchObject({ status: 101, faults: [{ rule: 'H-RES-11' }] })
  })
})

test('field lines are read by the same rules as in a request', () => {
  expect(rulesOf(parse('HTTP/1.1 101 OK\r\nUpgrade : websocket\r\n a\r\nX: \0\r\nA B: c\r\nY: z\n\r\n'))).toEqual([
    'H-H1-10',
    'H-H1-04',
    'H-H1-05',
    'H-H1-06',
    'H-H1-09',
  ])
})

test('H-SEC-04: any bytes give a head', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const head = parseResponseHead(bytes)
      expect(head.status).toBeGreaterThanOrEqual(0)
      expect(head.faults.length > 0 || head.version !== '').toBe(true)
    }),
  )
})
