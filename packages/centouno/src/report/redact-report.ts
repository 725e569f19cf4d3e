import type { CodeDetails } from './code-row.ts'
import type { ConnectionReport, RequestRecord, ResponseRecord, Verdict } from './connection-report.ts'
import { redactField, redactHeadText, redactor, redactSentence, redactTarget, redactVerdicts } from './redaction.ts'

/**
 * A report that may be shown: the same, with the secrets in it replaced. Reports of this engine are written like this
 * already; those from elsewhere may not be.
 */
export function redactReport(report: ConnectionReport): ConnectionReport {
  const { request, response, earlier } = report
  return {
    ...report,
    url: redactTarget(report.url),
    verdict: redactVerdict(report.verdict),
    request: request && redactRequest(request),
    response: response && redactResponse(response),
    rules: redactVerdicts(report.rules, request ? redactor(request) : redactSentence),
    ...(earlier && { earlier: earlier.map(redactReport) }),
  }
}

export function redactRequest(request: RequestRecord): RequestRecord {
  return {
    ...request,
    head: redactHeadText(request.head),
    target: redactTarget(request.target),
    fields: request.fields.map((field) => redactField(field)),
  }
}

export function redactResponse(response: ResponseRecord): ResponseRecord {
  return {
    ...response,
    head: redactHeadText(response.head),
    fields: response.fields.map((field) => redactField(field)),
  }
}

export function redactVerdict(verdict: Verdict): Verdict {
  return {
    ...verdict,
    sentence: redactSentence(verdict.sentence),
    hint: redactSentence(verdict.hint),
    details: redactDetails(verdict.details),
  }
}

function redactDetails(details: CodeDetails): CodeDetails {
  const redacted: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(details)) {
    redacted[name] = typeof value === 'string' ? redactSentence(value) : value
  }
  return redacted
}
