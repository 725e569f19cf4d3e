/** The value of `Host`, taken apart. */
export interface HostField {
  /** Lower case; an IPv6 address keeps its brackets. */
  readonly host: string
  /** Undefined when the port is left to the scheme. */
  readonly port: number | undefined
}

const greatestPort = 65_535

/**
 * Reads the value of `Host`, or the authority of an absolute target, which has the same form; undefined when it is
 * malformed. An empty host is malformed too: a WebSocket URI always has one (RFC 6455 §3).
 *
 *     Host     = uri-host [ ":" port ]                               RFC 9110 §7.2
 *     uri-host = IP-literal / IPv4address / reg-name                 RFC 3986 §3.2.2
 *     reg-name = *( unreserved / pct-encoded / sub-delims )
 *     port     = *DIGIT
 */
export function readHostField(value: string): HostField | undefined {
  const bracket = value.startsWith('[') ? value.indexOf(']') : -1
  const colon = value.indexOf(':', bracket + 1)
  const host = colon === -1 ? value : value.slice(0, colon)
  const digits = colon === -1 ? '' : value.slice(colon + 1)
  const wellFormed = bracket === -1 ? /^(?:[\w\-.~!$&'()*+,;=]|%[\da-fA-F]{2})+$/ : /^\[[\da-fA-F:.]{2,45}\]$/
  if (!wellFormed.test(host) || !/^\d{0,5}$/.test(digits)) return undefined
  const port = digits === '' ? undefined : Number(digits)
  return port !== undefined && port > greatestPort ? undefined : { host: host.toLowerCase(), port }
}
