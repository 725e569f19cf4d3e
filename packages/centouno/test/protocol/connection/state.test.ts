import { describe, expect, test } from 'vitest'
import type { ConnectionEvent, ConnectionState, Transition } from '../../../src/protocol/connection/state.ts'
import { reads, sends, transitions } from '../../../src/protocol/connection/state.ts'

const states = Object.keys(transitions) as ConnectionState[]
const rows: (Transition & { from: ConnectionState; event: ConnectionEvent })[] = []
for (const from of states) {
  for (const event of Object.keys(transitions[from]) as ConnectionEvent[]) {
    const row = transitions[from][event]
    if (row !== undefined) rows.push({ from, event, ...row })
  }
}

describe('what holds for every row', () => {
  test('a connection only goes forward', () => {
    for (const row of rows) expect(states.indexOf(row.next)).toBeGreaterThan(states.indexOf(row.from))
  })

  test('the end is told exactly in the steps that lead to closed, as their last action', () => {
    for (const row of rows) {
      expect(row.actions.indexOf('end')).toBe(row.next === 'closed' ? row.actions.length - 1 : -1)
    }
  })

  test('FIN is sent exactly in the steps that lead to finishing', () => {
    for (const row of rows) expect(row.actions.includes('finish')).toBe(row.next === 'finishing')
  })

  test('Close is sent only out of open, so never twice and nothing after it', () => {
    const sending = rows.filter((row) => row.actions.includes('send-close'))
    expect(new Set(sending.map((row) => row.from))).toEqual(new Set(['open']))
    for (const state of states) expect(sends(state)).toBe(state === 'open')
  })

  test('every state that waits for the peer has a clock, and an answer when it strikes', () => {
    for (const row of rows) expect(row.actions.includes('start-clock')).toBe(row.next !== 'closed')
    for (const state of states) {
      expect(transitions[state]['time-out'] !== undefined).toBe(state !== 'open' && state !== 'closed')
    }
  })

  test('who began it is told by the steps out of open, and by no other', () => {
    for (const row of rows) expect(row.initiator !== undefined).toBe(row.from === 'open')
  })

  test('a cause is told by every step that ends what is still undecided, and by none after', () => {
    for (const row of rows) {
      expect(row.cause !== undefined).toBe(reads(row.from) && row.event !== 'close-called')
    }
  })

  test('from every state but closed, a failed transport, a closed one and terminate end it at once', () => {
    for (const state of states) {
      for (const event of ['transport-failed', 'transport-closed', 'terminate-called'] as const) {
        expect(transitions[state][event]?.next).toBe(state === 'closed' ? undefined : 'closed')
      }
    }
  })
})

test('from every state, the transport doing nothing and the clock striking lead to the end', () => {
  for (const start of states) {
    if (start === 'open') continue
    let state: ConnectionState = start
    for (let count = 0; state !== 'closed' && count < states.length; count++) {
      state = transitions[state]['time-out']?.next ?? state
    }
    expect(state).toBe('closed')
  }
})

test('frames are read until the peer closed or erred', () => {
  expect(states.filter(reads)).toEqual(['open', 'close-sent'])
})
