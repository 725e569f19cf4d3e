import { buildRefusal } from '../../src/protocol/handshake/build-response.ts'
import { defaultRequestPolicy, judgeRequest, refuseFault } from '../../src/protocol/handshake/judge-request.ts'
import { judgeResponse } from '../../src/protocol/handshake/judge-response.ts'
import type { Refusal } from '../../src/protocol/handshake/judgement.ts'
import { ruleById, rules } from '../../src/protocol/handshake/rule-table.ts'
import type { RuleVerdict } from '../../src/protocol/handshake/rule.ts'
import { defaultHeadLimits } from '../../src/protocol/http/head-limits.ts'
import { HeadReader, type HeadReading } from '../../src/protocol/http/head-reader.ts'
import { parseRequestHead } from '../../src/protocol/http/request-head.ts'
import { parseResponseHead } from '../../src/protocol/http/response-head.ts'
import { closingCode } from '../../src/report/closing-text.ts'
import { codeRow, isCode } from '../../src/report/codes.ts'
import { sampleKey } from '../opening-handshake/messages.ts'
import { client, eventsOf, server, type EndpointFixture } from '../protocol/endpoint-fixture.ts'
import { framesOf, utf8 } from '../protocol/wire.ts'

/**
 * The two things that may happen to any input: it is what it should be, or it is refused with a documented code. Whatever
 * else happens is thrown. `waiting` is an input that has not come to its end, of which nothing is wrong so far.
 */
export type Outcome = 'parsed' | 'refused' | 'waiting'

export function requestHeadOutcome(bytes: Uint8Array): Outcome {
  const reading = readHead(bytes)
  if (reading.kind === 'more') return 'waiting'
  if (reading.kind === 'fault') return refusalOutcome(refuseFault(reading.fault))
  const judgement = judgeRequest(parseRequestHead(reading.head), defaultRequestPolicy)
  verdictsAreOfRules(judgement.verdicts)
  if (!judgement.ok) return refusalOutcome(judgement.refusal)
  const { path, key } = judgement.accepted
  must(path.startsWith('/') && /^[\x21-\x7e]+$/.test(path), 'a path that can be none')
  must(key.length === sampleKey.length, 'a key that can be none')
  return 'parsed'
}

export function responseHeadOutcome(bytes: Uint8Array): Outcome {
  const reading = readHead(bytes)
  if (reading.kind === 'more') return 'waiting'
  if (reading.kind === 'fault') {
    ruleById(reading.fault.rule)
    return 'refused'
  }
  const head = parseResponseHead(reading.head)
  must(Number.isInteger(head.status) && head.status >= 0 && head.status <= 999, 'a status that can be none')
  const judgement = judgeResponse(head, {
    key: sampleKey,
    subprotocols: ['chat', 'superchat'],
    extensions: [],
    requireSubprotocol: false,
    relaxed: new Set(),
  })
  verdictsAreOfRules(judgement.verdicts)
  if (judgement.ok) return 'parsed'
  ruleById(judgement.rule)
  return 'refused'
}

export function serverFramesOutcome(bytes: Uint8Array): Outcome {
  return framesOutcome(() => server(smallLimits), bytes)
}

export function clientFramesOutcome(bytes: Uint8Array): Outcome {
  return framesOutcome(() => client(smallLimits), bytes)
}

/** So small that short inputs reach them. */
const smallLimits = { messageBytes: 1_000, messageFrames: 5, controlFramesPerSecond: 20 }

function framesOutcome(make: () => EndpointFixture, bytes: Uint8Array): Outcome {
  const { events, written } = eventsOf(make, bytes, [])
  const halves = eventsOf(make, bytes, [Math.floor(bytes.length / 2)])
  must(JSON.stringify(halves.events) === JSON.stringify(events), 'another split gives other events')
  const last = events.at(-1)
  if (last?.[0] !== 'ended') throw new Error('the end was not told')
  must(events.filter(([kind]) => kind === 'ended').length === 1, 'two ends were told')
  const answers = framesOf(written)
  const firstClose = answers.findIndex(({ opcode }) => opcode === 8)
  must(firstClose === -1 || firstClose === answers.length - 1, 'a frame was sent after Close')
  return closingOutcome(closingCode(last[1]), last[1].violation !== undefined)
}

/** The outcome of a connection that was open. */
export function closingOutcome(code: string, violated: boolean): Outcome {
  must(isCode(code), `${code} is not documented`)
  const { sentence, hint } = codeRow(code)
  must(sentence.en !== '' && sentence.zh !== '' && hint.en !== '', `${code} says nothing`)
  return violated ? 'refused' : 'parsed'
}

export function refusalOutcome(refusal: Refusal): Outcome {
  must(refusal.status >= 400 && refusal.status <= 505, `refused with ${refusal.status}`)
  must(isCode(refusal.code) || rules.some(({ id }) => id === refusal.code), `${refusal.code} is not documented`)
  must(refusal.sentence.en !== '' && refusal.sentence.zh !== '', `${refusal.code} says nothing`)
  // Whatever it quotes of the request, it is one response whose body ends where it says.
  const response = buildRefusal(refusal)
  const [head = '', ...body] = response.split('\r\n\r\n')
  const length = Number(/^Content-Length: (\d+)$/m.exec(head)?.[1])
  must(utf8(body.join('\r\n\r\n')).length === length, 'a body that does not end where it says')
  return 'refused'
}

/** Reads a head whole and byte by byte, which must come to the same. */
function readHead(bytes: Uint8Array): HeadReading {
  const reading = new HeadReader(defaultHeadLimits).receive(bytes)
  const dripping = new HeadReader(defaultHeadLimits)
  let dripped: HeadReading = { kind: 'more' }
  for (let at = 0; at < bytes.length && dripped.kind === 'more'; at += 1) {
    dripped = dripping.receive(bytes.subarray(at, at + 1))
  }
  must(dripped.kind === reading.kind, `whole it is ${reading.kind}, byte by byte ${dripped.kind}`)
  if (reading.kind === 'head' && dripped.kind === 'head') {
    must(Buffer.compare(reading.head, dripped.head) === 0, 'byte by byte it is another head')
  }
  return reading
}

function verdictsAreOfRules(verdicts: readonly RuleVerdict[]): void {
  for (const { id } of verdicts) ruleById(id)
}

export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
