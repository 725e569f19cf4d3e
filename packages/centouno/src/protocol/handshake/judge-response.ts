import type { ResponseHead } from '../http/head.ts'
import { mostTelling, ruleJudge } from './judge-rules.ts'
import type { ResponseJudgement, SentRequest } from './judgement.ts'
import { responseFacts } from './response-facts.ts'
import type { ResponseRule } from './rule-row.ts'
import { ruleRows } from './rule-table.ts'
import { responseTellingOrder } from './telling-order.ts'

const responseRules: readonly ResponseRule[] = ruleRows.flatMap((row) => (row.subject === 'response' ? [row] : []))
const judge = ruleJudge(responseRules)

/**
 * Judges the head of a 101 by every rule, against what was sent. All verdicts are returned, in the table's order;
 * `rule` is the broken one that comes first in `responseTellingOrder`. Never throws, whatever the peer has sent.
 */
export function judgeResponse(head: ResponseHead, sent: SentRequest): ResponseJudgement {
  const facts = responseFacts(head, sent)
  const { verdicts, broken } = judge(facts, sent.relaxed)
  const rule = mostTelling(broken, responseTellingOrder)
  if (rule !== undefined) return { ok: false, rule, verdicts }
  const { subprotocols, extensions } = facts
  return {
    ok: true,
    accepted: { subprotocol: subprotocols[0] ?? '', extensions: extensions?.ok === true ? extensions.offers : [] },
    verdicts,
  }
}
