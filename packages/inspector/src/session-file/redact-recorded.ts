import { hidden, redactHeadText, redactor, redactReport } from 'centouno/telling'
import type { ConnectionReport } from 'centouno/telling'
import { hiddenBytes, tellHead } from '../http/head-fields.ts'
import { decodeBase64, encodeBase64, latin1, latin1Bytes } from '../wire/base64.ts'
import type { Rung } from '../wire/rung.ts'
import type { RecordedConnection } from './recorded-connection.ts'

/**
 * A recorded connection without its secrets: cookies, authorization, tokens in the URL and among the subprotocols. Where
 * they were replaced already nothing changes. What messages say stays: nobody can tell which of it is secret.
 */
export function redactRecorded(recorded: RecordedConnection): RecordedConnection {
  const redactEcho = echoRedactor(recorded.report)
  const report = redactReport(recorded.report)
  const { response } = report
  return {
    ...recorded,
    report: { ...report, response: response && { ...response, body: redactEcho(response.body) } },
    rungs: recorded.rungs.map((rung) => redactRung(rung, redactEcho)),
  }
}

/** A body may say again what the request said. */
function echoRedactor({ request, response }: ConnectionReport): (text: string) => string {
  const redactors = [request, response].flatMap((record) => (record === null ? [] : [redactor(record)]))
  return (text) => redactors.reduce((told, redact) => redact(told), text)
}

function redactRung(rung: Rung, redactEcho: (text: string) => string): Rung {
  if ((rung.layer !== 'http' && rung.layer !== 'proxy') || rung.redacted === true) return rung
  const text = latin1(decodeBase64(rung.bytes))
  const start = rung.fields[0]?.name
  const shown = start === 'message-body' ? redactEcho(text) : redactHeadText(text)
  if (shown === text) return rung
  if (start === 'request-line' || start === 'status-line') {
    const kind = start === 'request-line' ? 'request' : 'response'
    const aboutHandshake = rung.fields.some(({ rules }) => rules !== undefined)
    const { bytes, fields } = tellHead(shown, kind, aboutHandshake ? kind : undefined)
    return { ...rung, bytes: encodeBase64(bytes), fields, redacted: true }
  }
  const bytes = latin1Bytes(shown.replaceAll(hidden, hiddenBytes))
  const fields = rung.fields.map((field) => ({ ...field, end: Math.min(field.end, bytes.length) }))
  return { ...rung, bytes: encodeBase64(bytes), fields, redacted: true }
}
