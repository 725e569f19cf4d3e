import { callerFieldLines } from '../protocol/handshake/caller-fields.ts'
import type { Field } from '../protocol/http/head.ts'

/** What `accept` makes: a handshake that will be answered with a 101 and more fields. */
export class Accepted<Data> {
  readonly data: Data
  readonly fields: readonly Field[]

  constructor(data: Data, fields: readonly Field[]) {
    this.data = data
    this.fields = fields
  }
}

/** What goes into the 101 besides the handshake itself. */
export interface AcceptOptions {
  /** Fields such as `{ 'Set-Cookie': ['a=1; HttpOnly', 'b=2'] }`; several values are sent as several lines. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
}

/**
 * Accepts a handshake from `authorize` with fields in the response: return what this returns. To accept without any,
 * return the data itself.
 *
 * @param data Becomes `socket.data`.
 * @throws HandshakeInputError for a field that belongs to the handshake itself or cannot be sent.
 */
export function accept<Data>(data: Data, { fields = {} }: AcceptOptions = {}): Accepted<Data> {
  const list = Object.entries(fields).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value): Field => ({ name, value })),
  )
  // For its errors: they are to be found here, not when the response goes out.
  callerFieldLines(list)
  return new Accepted(data, list)
}
