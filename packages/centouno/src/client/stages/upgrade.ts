import type { Duplex } from 'node:stream'
import { judgeResponse } from '../../protocol/handshake/judge-response.ts'
import type { AcceptedResponse } from '../../protocol/handshake/judgement.ts'
import { fieldValues } from '../../protocol/http/field-lookup.ts'
import { throughFacts } from '../../report/intermediaries.ts'
import type { Attempt } from '../attempt.ts'
import { handshakeFailure } from '../handshake-failure.ts'
import { judgeOwnRequest } from '../prepare.ts'
import type { PreparedRequest } from '../prepare.ts'
import { exchange } from '../reply-exchange.ts'
import { replyFailure } from '../reply-failure.ts'
import { isSwitch, ReplyReader } from '../reply-reader.ts'
import type { Reply } from '../reply-reader.ts'

/** What came of the opening handshake. */
export interface Upgraded {
  readonly accepted: AcceptedResponse
  /** Bytes that came glued to the 101. */
  readonly early: Uint8Array
  /** Every `Set-Cookie` of the 101, as received; the report hides them. */
  readonly cookies: readonly string[]
}

/** From a stream to a WebSocket: sends the request, and nothing else until the reply has been judged (H-REQ-18). */
export function upgrade(attempt: Attempt, stream: Duplex, prepared: PreparedRequest): Promise<Upgraded> {
  return attempt.walk('upgrade', async (stage) => {
    const { recorder } = attempt
    const { head: request, bytes, sent } = prepared
    const { method, target, fields } = request
    recorder.request({ head: request.text, method, target, fields })
    judgeOwnRequest(prepared, recorder)
    const reader = new ReplyReader(isSwitch)
    let reply: Reply
    try {
      reply = await exchange(attempt, stream, bytes, reader)
    } finally {
      stage.bytes(bytes.length, reader.receivedBytes)
      if (reader.interim.length > 0) stage.fact('interim', reader.interim)
    }
    const { head, body, bodyCut, early } = reply
    stage.bytes(bytes.length, reader.receivedBytes - early.length)
    stage.fact('status', head.status)
    for (const [name, value] of Object.entries(throughFacts(head.fields, body))) stage.fact(name, value)
    recorder.response({
      head: head.text,
      status: head.status,
      reason: head.reason,
      fields: head.fields,
      body,
      bodyCut,
    })
    if (!isSwitch(head.status)) throw replyFailure(reply, prepared)
    const judgement = judgeResponse(head, sent)
    recorder.judged(judgement.verdicts)
    if (!judgement.ok) throw handshakeFailure(judgement.rule, head, sent)
    return { accepted: judgement.accepted, early, cookies: fieldValues(head.fields, 'set-cookie') }
  })
}
