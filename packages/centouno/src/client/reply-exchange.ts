import type { Duplex } from 'node:stream'
import type { Attempt } from './attempt.ts'
import { isReset } from './failure-codes.ts'
import type { Reply, ReplyReader } from './reply-reader.ts'
import { StageFailure, wordsOf } from './stage-failure.ts'
import { onEvents } from './stream-events.ts'
import { isTlsError, secureFailure } from './tls-failure-codes.ts'

/** How long the body of a refusal may take once its head has come: it is worth reading, but not worth waiting for. */
const bodyTimeout = 1_000

/** Sends a request and waits for its reply. Afterwards the stream is paused and has no listeners of ours. */
export async function exchange(
  attempt: Attempt,
  stream: Duplex,
  request: Uint8Array,
  reader: ReplyReader,
): Promise<Reply> {
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
      // After an earlier exchange, with a proxy, it is paused.
      stream.resume()
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
  if (!(error instanceof StageFailure) || !error.code.endsWith('_TIMEOUT')) throw error
  const reply = reader.soFar()
  if (reply !== undefined) return reply
  throw new StageFailure(error.code, { ...error.details, received: reader.received })
}

/** What it was that broke the stream while a reply was waited for. */
export function streamFailure(error: unknown): StageFailure {
  if (isTlsError(error)) return secureFailure(error)
  return new StageFailure(isReset(error) ? 'UPGRADE_RESET' : 'UPGRADE_BROKEN', { reason: wordsOf(error) }, error)
}
