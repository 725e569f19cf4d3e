import type { RequestPolicy, SentRequest } from '../../../../src/protocol/handshake/judgement.ts'
import type { RuleVerdict } from '../../../../src/protocol/handshake/rule.ts'
import { type Changes, judgedSwitchWith, judgedWith } from '../../../opening-handshake/messages.ts'

/** What a rule says of a request in English, or its outcome where it says nothing. */
export function inRequest(id: string, changes: Changes, policy: Partial<RequestPolicy> = {}): string {
  return told(judgedWith(changes, policy).verdicts, id)
}

/** The same of a 101. */
export function inSwitch(id: string, changes: Changes, sent: Partial<SentRequest> = {}): string {
  return told(judgedSwitchWith(changes, sent).verdicts, id)
}

function told(verdicts: readonly RuleVerdict[], id: string): string {
  const verdict = verdicts.find((each) => each.id === id)
  if (verdict === undefined) throw new Error(`no verdict on ${id}`)
  const { outcome, found } = verdict
  return found === undefined ? outcome : `${outcome}: ${found.en}`
}
