import { decodeLatin1 } from '../../protocol/encoding/latin1.ts'
import { quote } from '../../protocol/http/quote.ts'
import { StageFailure } from '../stage-failure.ts'
import type { Credentials } from './proxy-server.ts'
import { addressBytes, addressType } from './socks5-address.ts'

/** The numbers of RFC 1928. */
const version = 5
const connectCommand = 1
const reserved = 0
const succeeded = 0
const method = { none: 0x00, password: 0x02, noneAcceptable: 0xff } as const
/** Those of RFC 1929. */
const passwordVersion = 1
const passwordAccepted = 0

/** RFC 1928 §6, the field REP. */
const replyCodes: ReadonlyMap<number, string> = new Map([
  [1, 'SOCKS_GENERAL_FAILURE'],
  [2, 'SOCKS_NOT_ALLOWED'],
  [3, 'SOCKS_NETWORK_UNREACHABLE'],
  [4, 'SOCKS_HOST_UNREACHABLE'],
  [5, 'SOCKS_CONNECTION_REFUSED'],
  [6, 'SOCKS_TTL_EXPIRED'],
  [7, 'SOCKS_COMMAND'],
  [8, 'SOCKS_ADDRESS_TYPE'],
])

/** What is to be done next: read more, send these bytes and read on, or go on: the tunnel is there. */
export type Socks5Step =
  | { readonly kind: 'more' }
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** `rest` came behind the reply: it is of the server. */
  | { readonly kind: 'tunnel'; readonly rest: Uint8Array }

export interface Socks5Options {
  readonly host: string
  readonly port: number
  readonly credentials: Credentials | undefined
}

type Phase = 'method' | 'password' | 'reply'

const more: Socks5Step = { kind: 'more' }
// Version and length of a field, and two bytes of a port.
const pairBytes = 2
const headBytes = 4
const portBytes = 2

/**
 * The client's side of SOCKS5 (RFC 1928) with the method "user name and password" (RFC 1929): bytes in, bytes out. The
 * proxy is given the name, not an address: it resolves it.
 */
export class Socks5Handshake {
  readonly #options: Socks5Options
  #phase: Phase = 'method'
  #pending: Uint8Array = new Uint8Array(0)

  constructor(options: Socks5Options) {
    this.#options = options
  }

  /** What came and was not understood yet, quoted for a person; empty when nothing is left. */
  get received(): string {
    return quote(decodeLatin1(this.#pending))
  }

  /** How this client can identify itself, in words. */
  get offered(): string {
    return this.#options.credentials === undefined ? 'not at all (0)' : 'not at all (0), user name and password (2)'
  }

  /**
   *     greeting = version nmethods 1*method
   */
  begin(): Uint8Array {
    const methods = this.#options.credentials === undefined ? [method.none] : [method.none, method.password]
    return Uint8Array.of(version, methods.length, ...methods)
  }

  /** Takes the next bytes. Throws a StageFailure when there will be no tunnel. */
  receive(chunk: Uint8Array): Socks5Step {
    const bytes = new Uint8Array(this.#pending.length + chunk.length)
    bytes.set(this.#pending)
    bytes.set(chunk, this.#pending.length)
    this.#pending = bytes
    if (this.#phase === 'reply') return this.#readReply(bytes)
    if (!this.#begins(bytes, this.#phase === 'method' ? version : passwordVersion) || bytes.length < pairBytes)
      return more
    // A proxy speaks when it is asked: it has nothing to say behind either answer.
    if (bytes.length > pairBytes) this.#garbage()
    const answer = bytes[1] ?? 0
    this.#pending = new Uint8Array(0)
    if (this.#phase === 'method') return this.#choose(answer)
    if (answer !== passwordAccepted) throw new StageFailure('SOCKS_AUTH_FAILED')
    return this.#request()
  }

  #choose(chosen: number): Socks5Step {
    const { credentials } = this.#options
    if (chosen === method.none) return this.#request()
    if (chosen === method.password && credentials !== undefined) {
      this.#phase = 'password'
      return { kind: 'send', bytes: passwordRequest(credentials) }
    }
    if (chosen === method.noneAcceptable) throw new StageFailure('SOCKS_NO_METHOD', { offered: this.offered })
    throw new StageFailure('PROXY_GARBAGE', { received: `method ${chosen}, which was not offered` })
  }

  /**
   *     request = version CONNECT reserved address-type address port
   */
  #request(): Socks5Step {
    this.#phase = 'reply'
    const { host, port } = this.#options
    const { type, bytes } = addressBytes(host)
    return {
      kind: 'send',
      bytes: Uint8Array.of(version, connectCommand, reserved, type, ...bytes, port >>> 8, port & 0xff),
    }
  }

  /**
   *     reply = version reply-code reserved address-type address port
   *
   * The address is the proxy's own end of the tunnel, and tells us nothing.
   */
  #readReply(bytes: Uint8Array): Socks5Step {
    if (!this.#begins(bytes, version)) return more
    const [, reply, , type, nameLength] = bytes
    // Some proxies send no more than this when they refuse.
    if (reply !== undefined && reply !== succeeded) {
      throw new StageFailure(replyCodes.get(reply) ?? 'SOCKS_UNKNOWN_REPLY', { reply })
    }
    if (type === undefined) return more
    const length = addressLength(type, nameLength)
    if (length === undefined) return this.#garbage()
    const end = headBytes + length + portBytes
    return bytes.length < end ? more : { kind: 'tunnel', rest: bytes.slice(end) }
  }

  #begins(bytes: Uint8Array, expected: number): boolean {
    const [first] = bytes
    if (first !== undefined && first !== expected) this.#garbage()
    return first !== undefined
  }

  #garbage(): never {
    throw new StageFailure('PROXY_GARBAGE', { received: this.received })
  }
}

/** Undefined for a type that is none; a name that has not come yet counts as the longest. */
function addressLength(type: number, nameLength: number | undefined): number | undefined {
  if (type === addressType.ipv4) return 4
  if (type === addressType.ipv6) return 16
  if (type === addressType.name) return 1 + (nameLength ?? 255)
  return undefined
}

/**
 *     password-request = version ulen user-name plen password
 */
function passwordRequest({ username, password }: Credentials): Uint8Array {
  const [name, secret] = [new TextEncoder().encode(username), new TextEncoder().encode(password)]
  return Uint8Array.of(passwordVersion, name.length, ...name, secret.length, ...secret)
}
