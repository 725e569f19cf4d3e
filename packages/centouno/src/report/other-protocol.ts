// TLS 1.x record header (RFC 8446 §5.1): content type alert (21) or handshake (22), then the major version, 3.
const tlsAlert = 0x15
const tlsHandshake = 0x16
const tlsMajorVersion = 0x03
// HTTP/2 frame header (RFC 9113 §4.1): 24 bits of length, then the type. A server begins with SETTINGS (4); one that
// has not understood us may go on with GOAWAY (7).
const frameTypeAt = 3
const settingsFrame = 0x04
const goAwayFrame = 0x07

/** The code for a reply whose first bytes are not HTTP/1.1, by what they look like. */
export function otherProtocolCode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if ((first === tlsAlert || first === tlsHandshake) && (second ?? tlsMajorVersion) === tlsMajorVersion) {
    return 'UPGRADE_TLS_EXPECTED'
  }
  const type = bytes[frameTypeAt]
  if (first === 0 && second === 0 && (type === settingsFrame || type === goAwayFrame)) return 'UPGRADE_HTTP2_ONLY'
  return 'UPGRADE_GARBAGE'
}
