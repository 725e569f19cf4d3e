import type { HeadLimits } from './head.ts'

/** The limits of a head where none are given. */
export const defaultHeadLimits: HeadLimits = {
  // RFC 9112 §3 recommends to take at least 8000 bytes; nginx and Apache take 8 KiB, so more would not pass them.
  startLine: 8 * 1024,
  // What Node's own HTTP parser takes of a whole head: room for a session cookie and a token (4 to 8 KiB each).
  fieldBytes: 16 * 1024,
  // Apache's default. Browsers send about fifteen, proxies add ten.
  fieldCount: 100,
}

/**
 * Empty lines that are ignored before a start line. RFC 9112 §2.2 asks servers to ignore at least one, for clients that
 * end a body with a CRLF too many; the next one after these ends the head, which then has no start line.
 */
export const leadingEmptyLineLimit = 4
