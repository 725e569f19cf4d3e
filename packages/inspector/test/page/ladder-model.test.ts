import { describe, expect, test } from 'vitest'
import type { AgentNews } from '../../src/agent/agent-message.ts'
import type { Rung } from '../../src/wire/rung.ts'
import { loggedKind, nextFrame } from '../../page/src/frame-key.ts'
import { climb, emptyLadder, ladderCap, ladderPace, rungOfFrame } from '../../page/src/ladder-model.ts'
import { linesOf } from '../../page/src/message-history.ts'
import { connectionAfter, line, rung } from './sample.ts'

function manyRungs(count: number): readonly Rung[] {
  return Array.from({ length: count }, (_, id) => rung({ id }))
}

/** A frame as a rung: only its first byte counts here. */
function frame(id: number, from: Rung['from'], first: number): Rung {
  return rung({ id, from, layer: 'websocket', bytes: Buffer.of(first, 0).toString('base64') })
}

function told(id: string, one: Rung): AgentNews {
  return { news: 'rung', id, rung: one }
}

const cap = ladderCap.first + ladderCap.newest

describe('what a frame is to the log', () => {
  test.each([
    [0x81, 'text'],
    [0x82, 'binary'],
    [0x80, 'binary'],
    [0xc1, 'text'],
    [0x88, 'close'],
    [0x89, 'ping'],
    [0x8a, 'pong'],
    [0x01, undefined],
    [0x00, undefined],
    [0x83, undefined],
  ])('first byte %i: %s', (first, kind) => {
    expect(loggedKind(frame(0, 'client', first))).toBe(kind)
  })

  test('no rung of another layer is a frame', () => {
    expect(loggedKind(rung({ layer: 'http', bytes: Buffer.of(0x81).toString('base64') }))).toBeUndefined()
  })

  test('text and binary are counted together, each direction by itself', () => {
    const [first, counts] = nextFrame({}, 'sent', 'text')
    expect(first).toBe('sent message 1')
    expect(nextFrame(counts, 'sent', 'binary')[0]).toBe('sent message 2')
    expect(nextFrame(counts, 'received', 'binary')[0]).toBe('received message 1')
    expect(nextFrame(counts, 'sent', 'ping')[0]).toBe('sent ping 1')
  })
})

describe('the ladder', () => {
  test('keeps all rungs up to its cap', () => {
    const rungs = Array.from({ length: cap }, (_, id) => rung({ id }))
    expect(climb(emptyLadder, rungs)).toMatchObject({ rungs, omitted: 0 })
  })

  test('one more: the first ones and the newest are kept, and the gap is counted', () => {
    const rungs = Array.from({ length: cap + 1 }, (_, id) => rung({ id }))
    const ladder = climb(emptyLadder, rungs)
    expect(ladder.rungs).toHaveLength(cap)
    expect(ladder.omitted).toBe(1)
    expect(ladder.rungs[ladderCap.first - 1]?.id).toBe(ladderCap.first - 1)
    expect(ladder.rungs[ladderCap.first]?.id).toBe(ladderCap.first + 1)
  })

  test('a line of the log finds its frame, also past the gap', () => {
    const rungs = Array.from({ length: cap + 5 }, (_, id) => frame(id, 'server', 0x81))
    const ladder = climb(climb(emptyLadder, rungs.slice(0, 700)), rungs.slice(700))
    expect(rungOfFrame(ladder, 'received message 1')?.id).toBe(0)
    expect(rungOfFrame(ladder, `received message ${ladderCap.first + 3}`)).toBeUndefined()
    expect(rungOfFrame(ladder, `received message ${cap + 5}`)?.id).toBe(cap + 4)
    expect(rungOfFrame(ladder, 'received message 999999')).toBeUndefined()
  })

  test('a connection takes its own rungs, and its log names their frames', () => {
    const connection = connectionAfter(
      told('c1', frame(0, 'server', 0x89)),
      told('c1', frame(1, 'server', 0x81)),
      told('other', frame(9, 'server', 0x81)),
      { news: 'message', id: 'c1', entry: line('hello') },
    )
    const { ladder, messages } = connection
    expect(ladder.rungs.map(({ id }) => id)).toEqual([0, 1])
    expect(rungOfFrame(ladder, linesOf(messages)[0]?.[0]?.frame ?? '')?.id).toBe(1)
  })
})

describe('how often it is drawn', () => {
  const drawn = { id: 'c1', phase: 'open', ladder: climb(emptyLadder, manyRungs(1_000)) }
  const next = { ...drawn, ladder: climb(emptyLadder, manyRungs(1_001)) }

  test('a thousand rungs whenever one comes, more of them with pauses', () => {
    expect(ladderPace(drawn, drawn)).toBe(0)
    expect(ladderPace(next, drawn)).toBe(200)
  })

  test('another connection, or one that has ended, at once', () => {
    expect(ladderPace({ ...next, id: 'c2' }, drawn)).toBe(0)
    expect(ladderPace({ ...next, phase: 'closed' }, drawn)).toBe(0)
  })
})
