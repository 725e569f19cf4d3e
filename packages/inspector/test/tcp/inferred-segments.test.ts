import { describe, expect, test } from 'vitest'
import { inferredSegments } from '../../src/tcp/inferred-segments.ts'
import type { WatchedConnection } from '../../src/tcp/inferred-segments.ts'
import { SegmentTeller } from '../../src/tcp/segment-rung.ts'
import { stage, verdict } from '../support/sample-report.ts'

/** What must have crossed, from what the socket told. */

const connected = stage('connect', 2, 5)

function told(watched: WatchedConnection): string[] {
  const teller = new SegmentTeller()
  return inferredSegments(watched).map((segment) => {
    const { from, label, atMs, inferred, alarming, sentence } = teller.tell(segment)
    expect(inferred).toBe(true)
    expect(sentence.en).toMatch(/Inferred from what the system told of the socket; no packet was captured\.$/)
    expect(sentence.zh).toMatch(/并未抓取数据包。$/)
    return `${atMs} ${from} ${label.en}${alarming ? '!' : ''}`
  })
}

const handshake = ['2 client SYN', '5 server SYN-ACK', '5 client ACK']

test('a connection that is open', () => {
  const stages = [connected, stage('upgrade', 5, 7), stage('open', 7, null)]
  expect(told({ stages, verdict: verdict('OPEN', 'open') })).toEqual(handshake)
})

test('the time in the queue before the connection’s turn is not SYN’s', () => {
  const queued = stage('connect', 2, 5, true, { queuedMs: 2 })
  expect(told({ stages: [queued], verdict: verdict('OPEN', 'open') })[0]).toBe('4 client SYN')
  const never = stage('connect', 2, 5, false)
  expect(told({ stages: [never], verdict: verdict('CONNECT_QUEUED', 'connect') })).toEqual([])
})

test.each([
  ['CONNECT_REFUSED', ['2 client SYN', '5 server RST!']],
  ['CONNECT_RESET', ['2 client SYN', '5 server RST!']],
  ['CONNECT_TIMEOUT', ['2 client SYN']],
])('%s', (code, segments) => {
  expect(told({ stages: [stage('connect', 2, 5, false)], verdict: verdict(code, 'connect') })).toEqual(segments)
})

test('while it is being established, only SYN', () => {
  expect(told({ stages: [stage('connect', 2, null)], verdict: verdict('OPEN', 'open') })).toEqual(['2 client SYN'])
})

/** What is told of the end of a connection whose first FIN came from there. */
function ending(firstFin: string, cause?: 'peer-reset' | 'closing-handshake'): string[] {
  return told({
    stages: [connected, stage('open', 7, 9), stage('disconnect', 9, 11, true, { firstFin })],
    verdict: verdict('OPEN', 'open'),
    closing: cause === undefined ? undefined : { cause },
  }).slice(3)
}

describe('the end of an open connection', () => {
  test('FIN from the server first, as RFC 6455 §7.1.1 wants it, or from the client', () => {
    expect(ending('remote', 'closing-handshake')).toEqual([
      '9 server FIN',
      '9 client ACK',
      '11 client FIN',
      '11 server ACK',
    ])
    expect(ending('local')).toEqual(['9 client FIN', '9 server ACK', '11 server FIN', '11 client ACK'])
  })

  test('RST, and nothing where the system does not tell', () => {
    expect(ending('none', 'peer-reset')).toEqual(['11 server RST!'])
    expect(ending('none')).toEqual([])
  })
})

test('an attempt that failed after TCP: the server ended it, or reset it', () => {
  const stages = [connected, stage('upgrade', 5, 7, false)]
  expect(told({ stages, verdict: verdict('UPGRADE_ENDED', 'upgrade') })).toEqual([
    ...handshake,
    '7 server FIN',
    '7 client ACK',
    '7 client FIN',
    '7 server ACK',
  ])
  expect(told({ stages, verdict: verdict('UPGRADE_RESET', 'upgrade') })).toEqual([...handshake, '7 server RST!'])
})

test('over a Unix socket there is no TCP', () => {
  const unix = stage('connect', 2, 5, true, { path: '/tmp/socket' })
  expect(told({ stages: [unix], verdict: verdict('OPEN', 'open') })).toEqual([])
})
