/** One parameter of an extension: `client_max_window_bits`, or `server_max_window_bits=10` (RFC 6455 §9.1). */
export interface ExtensionParameter {
  readonly name: string
  /** Unquoted; undefined when the parameter has no value. */
  readonly value: string | undefined
}

/** One element of `Sec-WebSocket-Extensions`: a name and its parameters, in order. */
export interface ExtensionOffer {
  readonly name: string
  readonly parameters: readonly ExtensionParameter[]
}
