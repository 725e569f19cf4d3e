import { maskingKeyBytes, maskingKeyFrom } from '../frame/header.ts'
import { SendError } from './send-error.ts'

/** A client's masking keys: a fresh one for each frame, from the source it was given (RFC 6455 §5.3). */
export class MaskingKeys {
  readonly #source: () => Uint8Array

  /** Throws a SendError without a source. */
  constructor(source: (() => Uint8Array) | undefined) {
    if (source === undefined) throw new SendError('MASKING_KEY_INVALID')
    this.#source = source
  }

  /** A key as a header holds it. Throws a SendError when the source gave other than four bytes. */
  next(): number {
    const key = this.#source()
    if (key.length !== maskingKeyBytes) throw new SendError('MASKING_KEY_INVALID')
    return maskingKeyFrom(key)
  }
}
