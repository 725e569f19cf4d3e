import { describe, expect, test } from 'vitest'
import type { Closing, ClosingCause } from '../../src/protocol/connection/closing.ts'
import { violations } from '../../src/protocol/connection/violations.ts'
import { endCodes, endCodeOf } from '../../src/report/code-rows/ends.ts'
import { closingCode, closingText } from '../../src/report/closing-text.ts'
import { codeRow } from '../../src/report/codes.ts'

function closing(changes: Partial<Closing>): Closing {
  return {
    code: 1006,
    reason: '',
    clean: false,
    cause: 'peer-fin',
    initiator: 'remote',
    sent: undefined,
    received: undefined,
    violation: undefined,
    error: undefined,
    ...changes,
  }
}

function closedByPeer(code: number, reason: string): Closing {
  const received = { code, reason }
  return closing({ cause: 'closing-handshake', clean: true, code, reason, sent: received, received })
}

const causes = Object.keys(endCodeOf) as ClosingCause[]

describe('closingCode', () => {
  test('tells every cause apart', () => {
    const violationFree = causes.filter((cause) => cause !== 'protocol-violation' && cause !== 'over-limit')
    const found = violationFree.map((cause) => closingCode(closing({ cause })))
    expect(new Set(found).size).toBe(violationFree.length)
    expect(found.toSorted()).toEqual(endCodes.map(({ code }) => code).toSorted())
  })

  test('is the violation where there is one', () => {
    for (const { code, cause } of violations) expect(closingCode(closing({ cause, violation: code }))).toBe(code)
  })

  test('is what the other side names in the reason of its Close', () => {
    expect(closingCode(closedByPeer(1009, 'MESSAGE_TOO_LONG: A message is longer.'))).toBe('MESSAGE_TOO_LONG')
    expect(closingCode(closedByPeer(1001, 'END_IDLE_TIMEOUT: Nothing to say.'))).toBe('END_IDLE_TIMEOUT')
  })

  test.each(['CONNECT_REFUSED: no', 'NO_SUCH: no', 'MESSAGE_TOO_LONG', ': ', 'constructor: x'])(
    'takes the words of a peer for no code of an end: %s',
    (reason) => {
      const expected = reason === 'MESSAGE_TOO_LONG' ? reason : 'END_CLOSED'
      expect(closingCode(closedByPeer(1000, reason))).toBe(expected)
    },
  )

  test('is our own where this side closed, whatever the answer says', () => {
    const received = { code: 1000, reason: 'MESSAGE_TOO_LONG: x' }
    expect(closingCode(closing({ cause: 'closing-handshake', initiator: 'local', received }))).toBe('END_CLOSED')
  })
})

describe('closingText', () => {
  test.each(causes)('%s says what happened and what to do, in both languages', (cause) => {
    const told = (['en', 'zh'] as const).map((language) => closingText(closing({ cause }), language))
    const [en, zh] = told
    expect(en?.sentence).toMatch(/\.$/)
    expect(zh?.sentence).toMatch(/。$/)
    for (const { sentence, hint } of told) expect(`${sentence}${hint}`).not.toMatch(/[{}[\]]|undefined/)
    expect(en?.hint.length).toBeGreaterThan(20)
    expect(zh?.hint).toMatch(/\p{Script=Han}/u)
  })

  test('names who closed, the status code and its meaning', () => {
    expect(closingText(closedByPeer(1001, 'restart'), 'en')).toEqual({
      code: 'END_CLOSED',
      sentence: 'The other side closed the connection in good order, with 1001 (Going Away). It says: "restart".',
      hint: expect.stringMatching(/^1001 stands for: The endpoint is going away/) as string,
    })
    const own = { ...closedByPeer(4000, 'x'), initiator: 'local' } as const
    expect(closingText(own, 'en').sentence).toBe('This side closed the connection in good order, with 4000.')
    expect(closingText(own, 'zh').sentence).toBe('本端按规矩关闭了连接，状态码为 4000。')
  })

  test('tells what the other side explains as its words', () => {
    const { code, sentence, hint } = closingText(closedByPeer(1009, 'MESSAGE_TOO_LONG: It is: long.'), 'en')
    expect(sentence).toBe(
      'The other side ended the connection with 1009 and says why: MESSAGE_TOO_LONG, "It is: long".',
    )
    expect(hint).toBe(codeRow(code).hint.en)
  })

  test('has the words of the system where the error is at hand', () => {
    const error = new Error('read ETIMEDOUT')
    expect(closingText(closing({ cause: 'transport-error', error }), 'en').sentence).toBe(
      'The transport failed: read ETIMEDOUT.',
    )
  })

  test('does not fail for a code of another version', () => {
    const told = closingText(closing({ cause: 'over-limit', violation: 'FROM_THE_FUTURE' }), 'en')
    expect(told).toMatchObject({ code: 'FROM_THE_FUTURE', sentence: 'The connection ended with FROM_THE_FUTURE.' })
  })
})

describe('an end after silence', () => {
  test('tells how long it was, and what probably cut it off', () => {
    const { sentence, hint } = closingText(closing({ silence: 60_020 }), 'en')
    expect(sentence).toBe(
      'The other side ended the TCP connection (FIN) without a Close frame, after 60 s in which neither side had sent anything.',
    )
    expect(hint).toMatch(/proxy_read_timeout.*heartbeatInterval below 60 s/)
    expect(closingText(closing({ silence: 60_020 }), 'zh').hint).toMatch(/proxy_read_timeout.*小于 60 秒/)
  })

  test('by a reset is told alike', () => {
    const { sentence, hint } = closingText(closing({ cause: 'peer-reset', silence: 350_000 }), 'en')
    expect(sentence).toMatch(/after 350 s in which neither side had sent anything\.$/)
    expect(hint).toContain('AWS Network Load Balancer')
  })

  test('without silence the hint is that of the code', () => {
    expect(closingText(closing({}), 'en').hint).toBe(codeRow('END_PEER_FIN').hint.en)
  })
})
