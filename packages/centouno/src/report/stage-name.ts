/** The stages a connection walks through, in order. `proxy` and `secure` are walked only when there is one. */
export type StageName = 'resolve' | 'connect' | 'proxy' | 'secure' | 'upgrade' | 'open' | 'close' | 'disconnect'
