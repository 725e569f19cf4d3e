import { expect, test } from 'vitest'
import { judgeUri } from '../../../src/protocol/handshake/judge-uri.ts'
import { readWebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'

test('a good URI keeps every rule', () => {
  const verdicts = judgeUri(readWebSocketUri('wss://example.com/chat'))
  expect(verdicts.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    'H-URI-01 kept',
    'H-URI-02 kept',
    'H-URI-03 kept',
    'H-URI-04 kept',
    'H-URI-05 kept',
  ])
})

test('a bad one breaks the rule it was read by, quotes the part, and leaves the others open', () => {
  const verdicts = judgeUri(readWebSocketUri('ftp://example.com/'))
  expect(verdicts[0]).toEqual({
    id: 'H-URI-01',
    ok: false,
    outcome: 'broken',
    found: { en: 'Found: `ftp:`', zh: '实际收到：`ftp:`' },
  })
  expect(verdicts.slice(1).every(({ outcome }) => outcome === 'idle')).toBe(true)
})
