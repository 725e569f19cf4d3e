/** What one measured process is to do. Sent to it as JSON when it starts. */
export interface SubjectPlan {
  readonly role: 'echo' | 'broadcast' | 'stream' | 'client-receive' | 'client-send'
  /** Bytes of the largest message. */
  readonly payload: number
  readonly tls: boolean
  readonly deflate: boolean
  /** The level of compression, for a peer that is measured at another than its default. */
  readonly level?: number | undefined
  /** For clients: where to connect to, how often, and how many messages one burst has. */
  readonly url?: string
  readonly connections?: number
  readonly burst?: number
}

/** What the load generator is to do. */
export interface LoadPlan {
  readonly kind:
    | 'echo'
    | 'broadcast'
    | 'handshake'
    | 'deflate'
    | 'stream'
    | 'idle'
    | 'idle-compressed'
    | 'flood'
    | 'sink'
  readonly port: number
  readonly connections: number
  /** Bytes of payload in each message. */
  readonly payload: number
  /** Messages that leave in one write, before any reply is awaited. */
  readonly burst: number
  /** Of all connections, those with something in flight at a time. Default: all. */
  readonly busy?: number
  readonly text: boolean
  readonly tls: boolean
  /** False for peers that are no WebSocket: what is sent comes back as it was. */
  readonly framed: boolean
}

/** What the load generator saw while it was measuring. */
export interface LoadCount {
  readonly messages: number
  readonly milliseconds: number
  /** Microseconds, where one message was in flight per connection. */
  readonly latency?: { readonly p50: number; readonly p99: number; readonly p999: number } | undefined
  /** Bytes that came back over bytes of payload, where that is no constant. */
  readonly ratio?: number | undefined
}
