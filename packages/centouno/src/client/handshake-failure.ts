import type { SentRequest } from '../protocol/handshake/judgement.ts'
import type { ResponseHead } from '../protocol/http/head.ts'
import { handshakeCode } from '../report/handshake-code.ts'
import { StageFailure } from './stage-failure.ts'

/** The failure for a 101 that breaks a rule of the opening handshake (RFC 6455 §4.1). */
export function handshakeFailure(rule: string, head: ResponseHead, sent: SentRequest): StageFailure {
  const { code, details } = handshakeCode(rule, head, sent)
  return new StageFailure(code, details)
}
