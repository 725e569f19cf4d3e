import { describe, expect, test } from 'vitest'
import { formatRules, rules } from 'centouno/telling'
import { wireLines } from '../../page/src/wire-lines.ts'
import { placeOfRule } from '../../src/telling/rule-places.ts'
import { requestHead, responseHead, verdict } from './sample.ts'

describe('wireLines', () => {
  test('cuts a head into its lines and loses no character', () => {
    const lines = wireLines(requestHead, 'request', [])
    expect(lines.map(({ part }) => part)).toEqual([
      'start',
      'host',
      'upgrade',
      'connection',
      'sec-websocket-key',
      'sec-websocket-version',
      '',
    ])
    const again = lines.map(({ name, text, end }) => name + text + end.replace('\\r', '\r').replace('\\n', '\n'))
    expect(again.join('')).toBe(requestHead)
  })

  test('tells a lone LF and a missing end from CRLF', () => {
    const ends = wireLines('GET / HTTP/1.1\r\nA: b\nC: d', 'request', []).map(({ end }) => end)
    expect(ends).toEqual(['\\r\\n', '\\n', ''])
  })

  test('a line without a colon has no name; a start line with one has none either', () => {
    const lines = wireLines('GET http://a:1/ HTTP/1.1\r\nno colon\r\n\r\n', 'request', [])
    expect(lines.map(({ name, text }) => [name, text])).toEqual([
      ['', 'GET http://a:1/ HTTP/1.1'],
      ['', 'no colon'],
      ['', ''],
    ])
  })

  test('an empty head has no lines', () => {
    expect(wireLines('', 'request', [])).toEqual([])
  })

  test('marks a line with the worst that was found about it, on its own side only', () => {
    const verdicts = [verdict('H-RES-03', 'broken'), verdict('H-REQ-08', 'kept'), verdict('H-REQ-10', 'noted')]
    const marked = (head: string, side: 'request' | 'response'): unknown =>
      wireLines(head, side, verdicts).flatMap(({ part, outcome }) => (outcome === 'idle' ? [] : [[part, outcome]]))
    expect(marked(requestHead, 'request')).toEqual([['sec-websocket-key', 'noted']])
    expect(marked(responseHead, 'response')).toEqual([['upgrade', 'broken']])
  })

  test('a verdict on a rule the table does not have does no harm', () => {
    expect(wireLines(requestHead, 'request', [verdict('H-NEW-99', 'broken')])).toHaveLength(7)
  })
})

describe('placeOfRule', () => {
  test.each([
    ['H-REQ-05', 'request', 'host'],
    ['H-REQ-06', 'request', 'upgrade'],
    ['H-REQ-07', 'request', 'connection'],
    ['H-REQ-08', 'request', 'sec-websocket-key'],
    ['H-REQ-12', 'request', 'sec-websocket-version'],
    ['H-RES-03', 'response', 'upgrade'],
    ['H-RES-04', 'response', 'connection'],
    ['H-RES-05', 'response', 'sec-websocket-accept'],
    ['H-RES-09', 'response', 'sec-websocket-protocol'],
    ['F2', 'request', 'start'],
    ['F5', 'request', 'sec-websocket-key'],
  ])('%s points into the %s, at %s', (id, side, part) => {
    expect(placeOfRule(id)).toEqual({ side, part })
  })

  test('a rule about more than one line points nowhere', () => {
    expect(placeOfRule('H-REQ-01')).toBeUndefined()
    expect(placeOfRule('F1')).toBeUndefined()
  })

  test('what a request or a reply is judged by can mostly be pointed at', () => {
    const judged = rules.filter(({ subject }) => subject === 'request' || subject === 'response')
    const pointed = judged.filter(({ id }) => placeOfRule(id) !== undefined)
    expect(pointed.length / judged.length).toBeGreaterThan(0.5)
    expect(formatRules.filter(({ id }) => placeOfRule(id) !== undefined)).toHaveLength(6)
  })
})
