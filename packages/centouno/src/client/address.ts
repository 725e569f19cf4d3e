/** Where a TCP connection goes; an IPv6 address has no brackets. */
export interface HostAndPort {
  readonly host: string
  readonly port: number
}

/** Host and port as one writes them: `127.0.0.1:80`, `[::1]:80`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
