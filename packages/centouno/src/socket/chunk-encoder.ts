import { Utf8Validator } from '../protocol/message/utf8.ts'
import { readData, type SocketData } from './socket-arguments.ts'
import { SocketInputError } from './socket-errors.ts'

const textEncoder = new TextEncoder()

/** A high surrogate at the end: half of a character, whose other half the next string may bring. */
const halfCharacter = /[\uD800-\uDBFF]$/

/** Turns the chunks of one message into its bytes. Strings become UTF-8, cut anywhere; the bytes of a text are checked. */
export class ChunkEncoder {
  readonly #utf8 = new Utf8Validator()
  #kind: 'text' | 'binary' | undefined
  #half = ''

  /** @param kind undefined: the first chunk decides */
  constructor(kind: 'text' | 'binary' | undefined) {
    this.#kind = kind
  }

  /** Of an empty message that nobody gave a kind: binary. */
  get kind(): 'text' | 'binary' {
    return this.#kind ?? 'binary'
  }

  /** @throws SocketInputError (`DATA_TYPE`, `TEXT_NOT_UTF8`) */
  encode(chunk: SocketData): Uint8Array {
    const data = readData(chunk)
    this.#kind ??= typeof data === 'string' ? 'text' : 'binary'
    if (typeof data === 'string') return this.#encodeText(data)
    const before = this.#takeHalf()
    this.#check(data)
    return before.length === 0 ? data : join(before, data)
  }

  /** What is left when no more chunks come. */
  end(): Uint8Array {
    const rest = this.#takeHalf()
    if (!this.#utf8.complete) throw notUtf8()
    return rest
  }

  #encodeText(text: string): Uint8Array {
    const whole = this.#half + text
    this.#half = halfCharacter.test(whole) ? whole.slice(-1) : ''
    const bytes = textEncoder.encode(this.#half === '' ? whole : whole.slice(0, -1))
    this.#check(bytes)
    return bytes
  }

  /** A half that stays alone becomes U+FFFD, as it does in a message of one piece. */
  #takeHalf(): Uint8Array {
    const bytes = textEncoder.encode(this.#half)
    this.#half = ''
    this.#check(bytes)
    return bytes
  }

  #check(bytes: Uint8Array): void {
    if (this.#kind === 'text' && !this.#utf8.accept(bytes, 0, bytes.length)) throw notUtf8()
  }
}

function notUtf8(): SocketInputError {
  return new SocketInputError(
    'TEXT_NOT_UTF8',
    'The bytes of a text message must be valid UTF-8. Send them as binary, or convert them first.',
  )
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
