/** What has gone through some sockets, counted where it passes. Plain numbers, so that counting costs an addition. */
export class Traffic {
  /** Messages that came in whole, or as streams that have begun. */
  messagesReceived = 0
  /** Messages that were given to be sent. */
  messagesSent = 0
  /** Bytes after the opening handshake, framing and control frames included, as they came from the transport. */
  bytesReceived = 0
  bytesSent = 0
}
