import type { ConnectionReport, Field } from 'centouno/telling'

// Fields whose values let somebody act as the user (RFC 9110 §11, RFC 6265). A report is shown, pasted and filed.
const secretFields: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

/** Stands where a secret stood. */
export const hidden = '•••'

/** A field's value as it may be shown: secrets are replaced, all else is as sent. */
export function shownValue(field: Field): string {
  return secretFields.has(field.name.toLowerCase()) && field.value !== '' ? hidden : field.value
}

/** A head's text as it may be shown. */
export function shownHead(head: string): string {
  let hiding = false
  return head
    .split(/(?<=\n)/)
    .map((line) => {
      const end = /\r?\n$/.exec(line)?.[0] ?? ''
      const folded = line.startsWith(' ') || line.startsWith('\t')
      if (folded) return hiding ? ` ${hidden}${end}` : line
      const colon = line.indexOf(':')
      hiding = colon > 0 && secretFields.has(line.slice(0, colon).trim().toLowerCase())
      return hiding ? `${line.slice(0, colon + 1)} ${hidden}${end}` : line
    })
    .join('')
}

/** A report that may be shown: the same, with the secrets of its request and response replaced. */
export function withoutSecrets(report: ConnectionReport): ConnectionReport {
  const { request, response, verdict } = report
  // The report's own URL has lost its user name and password; the one in the details may still have them.
  const details = 'url' in verdict.details ? { ...verdict.details, url: report.url } : verdict.details
  return {
    ...report,
    verdict: { ...verdict, details },
    request: request && { ...request, head: shownHead(request.head), fields: request.fields.map(shownField) },
    response: response && { ...response, head: shownHead(response.head), fields: response.fields.map(shownField) },
  }
}

function shownField(field: Field): Field {
  return { name: field.name, value: shownValue(field) }
}
