import type { DeflateParameters } from '../../protocol/deflate/parameters.ts'
import type { Message } from '../inbox.ts'
import { type CompressionBudget, processCompression } from './compression-budget.ts'
import type { CompressionOptions } from './compression-options.ts'
import { deflatedAtOnce, MessageDeflater } from './message-deflater.ts'
import { type InflaterOwner, MessageInflater } from './message-inflater.ts'
import type { PreparedMessage } from './prepared-message.ts'

/** What was agreed with the peer, and what the application wants of it. */
export interface AgreedCompression {
  readonly parameters: DeflateParameters
  readonly options: CompressionOptions
}

/** A message for many is worth more time than one for one; beyond, it goes as it is, for there is no waiting for it. */
const preparedAtOnce = 128 * 1024

/** Where a text is encoded that is compressed at once. */
const textScratch = Buffer.allocUnsafeSlow(deflatedAtOnce)

/** Both directions of `permessage-deflate` on one socket. */
export class SocketCompression {
  readonly inflater: MessageInflater
  readonly #deflater: MessageDeflater
  readonly #releaseWindow: (() => void) | undefined

  constructor(
    role: 'client' | 'server',
    { parameters, options }: AgreedCompression,
    owner: InflaterOwner,
    budget: CompressionBudget = processCompression,
  ) {
    const { clientTakeover, clientWindowBits, serverTakeover, serverWindowBits } = parameters
    const client = { takeover: clientTakeover, windowBits: clientWindowBits }
    const server = { takeover: serverTakeover, windowBits: serverWindowBits }
    const [sends, receives] = role === 'client' ? [client, server] : [server, client]
    this.inflater = new MessageInflater(budget.pool, owner, receives.windowBits, receives.takeover)
    this.#releaseWindow = receives.takeover ? budget.keepWindow(receives.windowBits) : undefined
    this.#deflater = new MessageDeflater(budget.pool, options, sends.windowBits, sends.takeover && options.takeover)
  }

  /**
   * The compressed payload of a message, valid until the next call for any socket; undefined when it goes as it is; or
   * `later` when compressing it would hold up everything else.
   *
   * @param asked what `send` was told; undefined leaves it to the length
   * @param standsAlone messages after this one must not need it, as it may be dropped before it is sent
   */
  deflate(message: Message, asked: boolean | undefined, standsAlone: boolean): Uint8Array | 'later' | undefined {
    const bytes = typeof message === 'string' ? Buffer.byteLength(message) : message.length
    if (!this.#deflater.compresses(bytes, asked)) return undefined
    if (bytes > deflatedAtOnce) return 'later'
    return this.#deflater.deflate(typeof message === 'string' ? encoded(message) : message, standsAlone)
  }

  /** `done` is called once, later; undefined when the message goes as it is. */
  deflateLater(message: Message, done: (payload: Uint8Array | undefined) => void): void {
    this.#deflater.deflateLater(typeof message === 'string' ? Buffer.from(message) : message, done)
  }

  /**
   * The payload of a message that goes to many, compressed once for all whose parameters are the same; undefined when it
   * goes as it is.
   */
  prepared(message: PreparedMessage): Uint8Array | undefined {
    if (message.bytes > preparedAtOnce || !this.#deflater.compresses(message.bytes, undefined)) return undefined
    const payload = message.payloadFor(this.#deflater.shape)
    if (payload !== undefined) this.#deflater.sentOtherwise()
    return payload
  }

  end(): void {
    this.inflater.end()
    this.#deflater.end()
    this.#releaseWindow?.()
  }
}

function encoded(text: string): Uint8Array {
  return textScratch.subarray(0, textScratch.write(text))
}
