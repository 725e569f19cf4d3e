import { fieldValues } from '../protocol/http/field-lookup.ts'
import { replyCode } from '../report/reply-code.ts'
import type { PreparedRequest } from './prepare.ts'
import { RedirectFailure } from './redirect.ts'
import type { Reply } from './reply-reader.ts'
import { StageFailure } from './stage-failure.ts'

// RFC 9110 §15.4: those whose Location is where the same request would be answered.
const pointing: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** The failure an ordinary HTTP reply stands for (H-TRAP-05). */
export function replyFailure(reply: Reply, { uri, head: request }: PreparedRequest): StageFailure {
  const { status, fields } = reply.head
  const asked = { target: uri.resource, fields: request.fields, secure: uri.secure }
  const { code, details } = replyCode(reply, asked)
  return code === 'UPGRADE_REDIRECT' && pointing.has(status)
    ? new RedirectFailure(details, fieldValues(fields, 'location')[0] ?? '')
    : new StageFailure(code, details)
}
