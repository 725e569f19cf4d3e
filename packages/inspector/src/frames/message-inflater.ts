import { constants, inflateRawSync } from 'node:zlib'
import type { ExtensionOffer } from 'centouno/telling'
import type { Direction } from '../wire/tape.ts'

/** What a compressed message may become: more is a bomb, or nothing that one reads. */
const longestMessage = 4 * 1024 * 1024
const windowBytes = 32 * 1024
/** RFC 7692 §7.2.1: the sender leaves these off the end. */
const flushMark = Buffer.of(0x00, 0x00, 0xff, 0xff)

/** Inflates the messages of one direction (RFC 7692 §7.2.2), each with what the ones before it have left in the window. */
export class MessageInflater {
  readonly #keepsWindow: boolean
  #window: Uint8Array = new Uint8Array(0)
  #lost = false

  /** For one direction of a connection on which these extensions were agreed; undefined when none of them compresses. */
  static agreed(extensions: readonly ExtensionOffer[], direction: Direction): MessageInflater | undefined {
    const deflate = extensions.find(({ name }) => name === 'permessage-deflate')
    const noTakeover = direction === 'sent' ? 'client_no_context_takeover' : 'server_no_context_takeover'
    return deflate && new MessageInflater(!deflate.parameters.some(({ name }) => name.toLowerCase() === noTakeover))
  }

  /** @param keepsWindow false when `no_context_takeover` was agreed for this direction */
  constructor(keepsWindow: boolean) {
    this.#keepsWindow = keepsWindow
  }

  /** The message, or undefined when it is not whole, is damaged, grows too long, or refers to one that was. */
  inflate(compressed: Uint8Array, whole: boolean): Uint8Array | undefined {
    const message = whole && !this.#lost ? this.#tryInflate(compressed) : undefined
    if (!this.#keepsWindow) return message
    if (message === undefined) this.#lost = true
    else this.#window = Buffer.concat([this.#window, message]).subarray(-windowBytes)
    return message
  }

  #tryInflate(compressed: Uint8Array): Uint8Array | undefined {
    try {
      return inflateRawSync(Buffer.concat([compressed, flushMark]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: longestMessage,
        ...(this.#window.length === 0 ? {} : { dictionary: this.#window }),
      })
    } catch {
      return undefined
    }
  }
}
