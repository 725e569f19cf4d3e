import type { Text } from 'centouno/telling'

/** Where a tap forwards to. */
export interface TapTarget {
  /** `wss://example.com:8443` */
  readonly server: string
  /** The value of `Host` for it: without the port, where that is the scheme's own. */
  readonly authority: string
  /** `https://example.com:8443`: the origin of its pages. */
  readonly origin: string
  /** Given as a page's address: `http:` or `https:`. */
  readonly isPage: boolean
  /** What stood behind the port, to be put behind the tap's own address; `/` when nothing did. */
  readonly resource: string
}

/** What was given as a target is none. */
export class TapTargetError extends Error {
  override readonly name: string = 'TapTargetError'
  readonly code = 'TAP_TARGET_INVALID'
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

const secureSchemes: ReadonlyMap<string, boolean> = new Map([
  ['ws:', false],
  ['http:', false],
  ['wss:', true],
  ['https:', true],
])

/** Reads what a tap is to forward to: a URL, of which the scheme, the host and the port count. @throws TapTargetError */
export function readTapTarget(given: string): TapTarget {
  const url = parse(given)
  const secure = secureSchemes.get(url?.protocol ?? '')
  if (url === undefined || secure === undefined || url.host === '') throw new TapTargetError(notOne)
  if (url.username !== '' || url.password !== '') throw new TapTargetError(withSecret)
  // Written with a scheme whose own port is the same, so that the port is left out by the same rule.
  const origin = `${secure ? 'https' : 'http'}://${url.host}`
  const authority = new URL(origin).host
  return {
    server: `${secure ? 'wss' : 'ws'}://${authority}`,
    authority,
    origin: new URL(origin).origin,
    isPage: url.protocol.startsWith('http'),
    resource: `${url.pathname}${url.search}`,
  }
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

const notOne: Text = {
  en: 'The target must be a ws:, wss:, http: or https: URL with a host, such as wss://example.com or ws://localhost:3000.',
  zh: '目标必须是带主机名的 ws:、wss:、http: 或 https: URL，例如 wss://example.com 或 ws://localhost:3000。',
}

const withSecret: Text = {
  en: 'The target must not contain a user name or a password: clients send their own.',
  zh: '目标中不能带用户名或密码：它们由客户端自己发送。',
}
