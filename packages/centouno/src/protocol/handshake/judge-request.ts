import type { HeadFault, RequestHead } from '../http/head.ts'
import { mostTelling, ruleJudge } from './judge-rules.ts'
import type { AcceptedRequest, Refusal, RequestJudgement, RequestPolicy } from './judgement.ts'
import type { RequestFacts } from './request-facts.ts'
import { requestFacts } from './request-facts.ts'
import type { RefusalAnswer, RequestRule } from './rule-row.ts'
import { ruleRows } from './rule-table.ts'
import { faultText } from './rules/head-faults.ts'
import { tooLarge } from './rules/too-large.ts'
import { requestTellingOrder } from './telling-order.ts'

/** Strict: every rule is enforced; pages of the server's own origin only; plain TCP. */
export const defaultRequestPolicy: RequestPolicy = {
  relaxed: new Set(),
  origins: [],
  requireOrigin: false,
  secure: false,
}

const requestRules: readonly RequestRule[] = ruleRows.flatMap((row) => (row.subject === 'request' ? [row] : []))
const ruleOf: ReadonlyMap<string, RequestRule> = new Map(requestRules.map((rule) => [rule.id, rule]))
const judge = ruleJudge(requestRules)
const badRequest: RefusalAnswer = { status: 400 }

/**
 * Judges the head of an opening request by every rule. All verdicts are returned, in the table's order; when rules are
 * broken, the refusal speaks of the one that comes first in `requestTellingOrder`. Never throws, whatever the peer has sent.
 */
export function judgeRequest(head: RequestHead, policy: RequestPolicy): RequestJudgement {
  const facts = requestFacts(head, policy)
  const { verdicts, broken } = judge(facts, policy.relaxed)
  const telling = mostTelling(broken, requestTellingOrder)
  const rule = telling === undefined ? undefined : ruleOf.get(telling)
  if (rule === undefined) return { ok: true, accepted: accept(facts), verdicts }
  const answer = typeof rule.refusal === 'function' ? rule.refusal(facts) : (rule.refusal ?? badRequest)
  const found = verdicts.find(({ id }) => id === rule.id)?.found
  return { ok: false, refusal: refuse(rule, answer, found), verdicts }
}

/**
 * The refusal of a head that was not read to its end: too large (H-H1-11: 414 or 431), too slow (H-SRV-25: 408), or at
 * odds with the grammar (400).
 */
export function refuseFault(fault: HeadFault): Refusal {
  const rule = ruleOf.get(fault.rule) ?? (ruleOf.get('H-REQ-01') as RequestRule)
  const answer = fault.rule === 'H-H1-11' ? tooLarge(fault) : rule.refusal
  return refuse(
    rule,
    typeof answer === 'object' ? answer : badRequest,
    fault.found === '' ? undefined : faultText(fault),
  )
}

function refuse(rule: RequestRule, { status, fields = [], hint }: RefusalAnswer, found: Refusal['found']): Refusal {
  return {
    status,
    fields,
    code: rule.id,
    rule: rule.id,
    sentence: rule.sentence,
    ...(found !== undefined && { found }),
    ...(hint !== undefined && { hint }),
  }
}

/** What relaxed rules let through may be missing or unreadable: it is then empty. */
function accept({ target, keys, hosts, origins, subprotocols, extensions }: RequestFacts): AcceptedRequest {
  const resource = target.form === 'origin' || target.form === 'absolute' ? target : { path: '', query: '' }
  return {
    key: keys[0] ?? '',
    path: resource.path,
    query: resource.query,
    host: hosts[0] ?? '',
    origin: origins[0],
    subprotocols: subprotocols?.ok === true ? subprotocols.names : [],
    extensions: extensions?.ok === true ? extensions.offers : [],
  }
}
