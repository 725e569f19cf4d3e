/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as far as a WebSocket's entry needs it, with the members
 * that Chromium's DevTools add for one: their names begin with an underscore.
 */
export interface Har {
  readonly log: {
    readonly version: '1.2'
    readonly creator: { readonly name: string; readonly version: string }
    readonly pages: readonly []
    readonly entries: readonly HarEntry[]
  }
}

export interface HarEntry {
  readonly startedDateTime: string
  /** Milliseconds: the sum of the timings that are known, `ssl` left out. */
  readonly time: number
  readonly request: HarRequest
  readonly response: HarResponse
  readonly cache: Readonly<Record<string, never>>
  readonly timings: HarTimings
  readonly serverIPAddress?: string
  /** The client's port. */
  readonly connection?: string
  readonly comment?: string
  readonly _resourceType: 'websocket'
  readonly _webSocketMessages: readonly HarMessage[]
}

export interface HarPair {
  readonly name: string
  readonly value: string
}

export interface HarRequest {
  readonly method: string
  readonly url: string
  readonly httpVersion: string
  readonly cookies: readonly HarPair[]
  readonly headers: readonly HarPair[]
  readonly queryString: readonly HarPair[]
  readonly headersSize: number
  readonly bodySize: number
}

export interface HarResponse {
  /** 0 when none came. */
  readonly status: number
  readonly statusText: string
  readonly httpVersion: string
  readonly cookies: readonly HarPair[]
  readonly headers: readonly HarPair[]
  readonly content: { readonly size: number; readonly mimeType: string; readonly text?: string }
  readonly redirectURL: string
  readonly headersSize: number
  readonly bodySize: number
  /** Why it did not open; null when it did. */
  readonly _error: string | null
}

/** Milliseconds; -1 for what does not apply. `ssl` is a part of `connect`. */
export interface HarTimings {
  readonly blocked: number
  readonly dns: number
  readonly connect: number
  readonly ssl: number
  readonly send: number
  readonly wait: number
  readonly receive: number
}

export interface HarMessage {
  readonly type: 'send' | 'receive'
  /** Seconds since 1970. */
  readonly time: number
  /** RFC 6455 §5.2: 1 text, 2 binary, 8 Close, 9 Ping, 10 Pong. */
  readonly opcode: number
  /** Text for opcode 1; base64 for all others. */
  readonly data: string
}
