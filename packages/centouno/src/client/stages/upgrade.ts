import type { Duplex } from 'node:stream'
import { judgeResponse } from '../../protocol/handshake/judge-response.ts'
import type { AcceptedResponse } from '../../protocol/handshake/judgement.ts'
import type { Attempt } from '../attempt.ts'
import { isReset } from '../failure-codes.ts'
import { handshakeFailure } from '../handshake-failure.ts'
import { judgeOwnRequest } from '../prepare.ts'
import type { PreparedRequest } from '../prepare.ts'
import { replyFailure } from '../reply-failure.ts'
import { ReplyReader } from '../reply-reader.ts'
import type { Reply } from '../reply-reader.ts'
import { StageFailure, wordsOf } from '../stage-failure.ts'
import { onEvents } from '../stream-events.ts'
import { isTlsError, secureFailure } from '../tls-failure-codes.ts'

/** What came of the opening handshake. */
export interface Upgraded {
  readonly accepted: AcceptedResponse
  /** Bytes that came glued to the 101. */
  readonly early: Uint8Array
}

const switchingProtocols = 101

/** How long the body of a refusal may take once its head has come: it is worth reading, but not worth waiting for. */
const bodyTimeout = 1_000

/** From a stream to a WebSocket: sends the request, and nothing else until the reply has been judged (H-REQ-18). */
export function upgrade(attempt: Attempt, stream: Duplex, prepared: PreparedRequest): Promise<Upgraded> {
  return attempt.walk('upgrade', async (stage) => {
    const { recorder } = attempt
    const { head: request, bytes, sent } = prepared
    const { method, target, fields } = request
    recorder.request({ head: request.text, method, target, fields })
    judgeOwnRequest(prepared, recorder)
    const reader = new ReplyReader()
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
    recorder.response({
      head: head.text,
      status: head.status,
      reason: head.reason,
      fields: head.fields,
      body,
      bodyCut,
    })
    if (head.status !== switchingProtocols) throw replyFailure(reply, prepared)
    const judgement = judgeResponse(head, sent)
    recorder.judged(judgement.verdicts)
    if (!judgement.ok) throw handshakeFailure(judgement.rule, head, sent)
    return { accepted: judgement.accepted, early }
  })
}

/** Sends the request and waits for the reply. Afterwards the stream is paused and has no listeners of ours. */
async function exchange(attempt: Attempt, stream: Duplex, request: Uint8Array, reader: ReplyReader): Promise<Reply> {
  try {
    return await attempt.wait<Reply>((resolve, reject) => {
      let bodyTimer: NodeJS.Timeout | undefined
      const settle = (read: () => Reply | undefined): void => {
        try {
          const reply = read()
          if (reply !== undefined) resolve(reply)
          else if (reader.inBody) bodyTimer ??= setTimeout(() => settle(() => reader.soFar()), bodyTimeout)
        } catch (error) {
          reject(error instanceof StageFailure ? error : streamFailure(error))
        }
      }
      const removeListeners = onEvents(stream, {
        data: (chunk) => settle(() => reader.receive(chunk)),
        end: () => settle(() => reader.ended()),
        close: () => settle(() => reader.ended()),
        error: (error) =>
          settle(() => {
            const reply = reader.soFar()
            if (reply === undefined) throw streamFailure(error)
            return reply
          }),
      })
      stream.write(request)
      return () => {
        clearTimeout(bodyTimer)
        // Before the listeners go: without one, a flowing stream would drop what comes next.
        stream.pause()
        removeListeners()
      }
    })
  } catch (error) {
    return whenTimeIsUp(error, reader)
  }
}

/** The deadline may strike when only the rest of a body is missing; before that, it can tell what had come. */
function whenTimeIsUp(error: unknown, reader: ReplyReader): Reply {
  if (!(error instanceof StageFailure) || error.code !== 'UPGRADE_TIMEOUT') throw error
  const reply = reader.soFar()
  if (reply !== undefined) return reply
  throw new StageFailure(error.code, { ...error.details, received: reader.received })
}

function streamFailure(error: unknown): StageFailure {
  if (isTlsError(error)) return secureFailure(error)
  return new StageFailure(isReset(error) ? 'UPGRADE_RESET' : 'UPGRADE_BROKEN', { reason: wordsOf(error) }, error)
}
