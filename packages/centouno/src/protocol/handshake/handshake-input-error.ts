/** A handshake was asked for that cannot be sent: the mistake is the caller's, and nothing has gone over the wire. */
export class HandshakeInputError extends Error {
  override readonly name = 'HandshakeInputError'
  readonly code = 'HANDSHAKE_INPUT'
  /** The field it is about, as the caller wrote it. */
  readonly field: string
  /** The rule that would have been broken. */
  readonly rule: string

  constructor(rule: string, field: string, message: string) {
    super(`${message} (${rule})`)
    this.rule = rule
    this.field = field
  }
}
