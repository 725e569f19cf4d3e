/*
 * The PROXY protocol (haproxy.org, doc/proxy-protocol.txt): a proxy tells the address of its client before the first byte
 * of that client. Version 1 begins with `PROXY `, version 2 with twelve bytes that are no beginning of anything else. It
 * is only recognised, so that its sender can be told: an address that anybody may send is not to be believed.
 */

const version1: Uint8Array = Uint8Array.of(0x50, 0x52, 0x4f, 0x58, 0x59, 0x20)
const version2: Uint8Array = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a)

/** Whether a connection begins with the PROXY protocol. Proxies send it in one piece. */
export function isProxyProtocol(bytes: Uint8Array): boolean {
  return [version1, version2].some((start) => start.every((byte, index) => bytes[index] === byte))
}
