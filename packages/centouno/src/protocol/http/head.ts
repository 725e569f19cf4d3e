/**
 * What both sides know of an HTTP/1.1 message head (RFC 9112 §2.1): a start line, then fields, then an empty line.
 *
 * Values are decoded byte by byte (ISO 8859-1, RFC 9110 §5.5): nothing is lost, and no byte can be undecodable.
 */

/** One header field line as it stood on the wire: name as sent, value without the blanks around it (RFC 9112 §5). */
export interface Field {
  readonly name: string
  readonly value: string
}

/** A fault of the head's grammar, named by the rule it breaks. `found` quotes the offending part, shortened. */
export interface HeadFault {
  readonly rule: string
  readonly found: string
  /** Which limit struck, when one did (H-H1-11): a start line is answered 414, fields are answered 431. */
  readonly limit?: keyof HeadLimits
}

interface Head {
  /** The fields in the order they came. */
  readonly fields: readonly Field[]
  /** The head as it went over the wire, start line to empty line; rebuilt from its parts when `verbatim` is false. */
  readonly text: string
  /** False when another parser (Node's `http`) has read the bytes and only the parts reached us. */
  readonly verbatim: boolean
  /** Every fault of grammar that was found; parsing goes on past a fault where it can, so that all are named. */
  readonly faults: readonly HeadFault[]
}

/** A request head. Parts that could not be read are empty strings, and `faults` says so. */
export interface RequestHead extends Head {
  readonly method: string
  /** The request target as sent: origin form, absolute form, or whatever it was (RFC 9112 §3.2). */
  readonly target: string
  /** Digits as sent, such as `1.1`. */
  readonly version: string
}

/** A response head. `status` is 0 when it could not be read. */
export interface ResponseHead extends Head {
  readonly version: string
  readonly status: number
  readonly reason: string
}

/** Bounds on a head while it is being read, so that a peer cannot make us keep what it never ends (H-H1-11). */
export interface HeadLimits {
  /** Bytes of the start line, its CRLF left out. */
  readonly startLine: number
  /** Bytes of all field lines together. */
  readonly fieldBytes: number
  /** Number of field lines. */
  readonly fieldCount: number
}
