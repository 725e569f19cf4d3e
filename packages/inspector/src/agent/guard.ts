import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Text } from 'centouno/telling'

/** Where the page's WebSocket is, and how it names its token. The page knows these too. */
export const agentPath = '/agent'
export const tokenParameter = 'token'

const tokenBytes = 16
const httpPort = 80

/** What the guard looks at. `token` is not looked at when it is not asked for. */
export interface GuardedRequest {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly token: string | null
}

const denials = {
  host: {
    en: 'Refused: the Host of this request is not this agent. A page of another name may not look at it.',
    zh: '已拒绝：请求的 Host 不是本代理。其他域名下的网页不得访问。',
  },
  origin: {
    en: 'Refused: this request comes from another page. Only the page served here may use the agent.',
    zh: '已拒绝：请求来自别的网页。只有本代理提供的页面才能使用它。',
  },
  token: {
    en: 'Refused: the token is missing or wrong. Open the whole address that was printed in the terminal.',
    zh: '已拒绝：令牌缺失或不正确。请打开终端里打印的完整地址。',
  },
} satisfies Record<string, Text>

/**
 * Stands before everything the agent does: it opens connections for whoever reaches it, so it must be reached by its
 * own page only. `Host` keeps out names that were pointed at loopback (DNS rebinding), `Origin` keeps out pages of
 * other sites, and the token keeps out other users and programs of this machine.
 */
export class Guard {
  /** 128 random bits, base64url. */
  readonly token: string = randomBytes(tokenBytes).toString('base64url')
  readonly #hosts: ReadonlySet<string>

  constructor(port: number) {
    const names = ['127.0.0.1', 'localhost', '[::1]']
    this.#hosts = new Set([
      ...names.map((name) => `${name}:${port}`),
      // Browsers leave out the default port.
      ...(port === httpPort ? names : []),
    ])
  }

  /** Why a request is refused whatever it asks for, or undefined. */
  denyStranger({ host, origin }: GuardedRequest): Text | undefined {
    const name = host?.toLowerCase()
    if (name === undefined || !this.#hosts.has(name)) return denials.host
    // A navigation and a program send no Origin. A page of another site always sends its own with a WebSocket.
    if (origin !== undefined && origin.toLowerCase() !== `http://${name}`) return denials.origin
    return undefined
  }

  /** Why a request for the page or for a connection is refused, or undefined. */
  deny(request: GuardedRequest): Text | undefined {
    return this.denyStranger(request) ?? (this.#isToken(request.token) ? undefined : denials.token)
  }

  #isToken(given: string | null): boolean {
    const expected = Buffer.from(this.token)
    const actual = Buffer.from(given ?? '')
    return actual.length === expected.length && timingSafeEqual(actual, expected)
  }
}
