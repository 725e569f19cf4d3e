import type { ConnectionReport, RequestHead, ResponseHead } from 'centouno/telling'

/** The report with its heads and its URL as they crossed: for who asked for secrets. */
export function keptHeads(
  report: ConnectionReport,
  url: string,
  request: RequestHead,
  response: ResponseHead | undefined,
): ConnectionReport {
  return {
    ...report,
    url,
    request: report.request && {
      head: request.text,
      method: request.method,
      target: request.target,
      fields: request.fields,
    },
    response:
      report.response === null || response === undefined
        ? report.response
        : { ...report.response, head: response.text, fields: response.fields },
  }
}
