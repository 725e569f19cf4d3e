import { acceptDeflate, offerDeflate } from '../../protocol/deflate/negotiation.ts'
import { agreedBy } from '../../protocol/deflate/parameters.ts'
import { deflateName } from '../../protocol/handshake/deflate-answer.ts'
import type { ExtensionOffer } from '../../protocol/handshake/extension-list.ts'
import { processCompression } from './compression-budget.ts'
import type { CompressionOptions } from './compression-options.ts'
import type { AgreedCompression } from './socket-compression.ts'

/** What a socket is made with where an extension was agreed, and where none was. */
export interface AgreedExtensions {
  /** As the header says them. */
  readonly extensions: readonly ExtensionOffer[]
  readonly compression: AgreedCompression | undefined
}

const none: AgreedExtensions = { extensions: [], compression: undefined }

/** The server's side: what of the client's offers is taken, as far as the memory budget goes. */
export function acceptExtensions(
  offers: readonly ExtensionOffer[],
  options: CompressionOptions | undefined,
): AgreedExtensions {
  if (options === undefined || offers.length === 0) return none
  const agreement = acceptDeflate(offers, processCompression.means(options))
  if (agreement === undefined) return none
  return { extensions: [agreement.answer], compression: { parameters: agreement.parameters, options } }
}

/** What a client offers. */
export function offeredExtensions(options: CompressionOptions | undefined): readonly ExtensionOffer[] {
  return options === undefined ? [] : [offerDeflate(processCompression.means(options))]
}

/** The client's side: what an answer that was judged agrees to. */
export function agreedCompression(
  extensions: readonly ExtensionOffer[],
  options: CompressionOptions | undefined,
): AgreedCompression | undefined {
  const answer = extensions.find(({ name }) => name === deflateName)
  return answer === undefined || options === undefined ? undefined : { parameters: agreedBy(answer), options }
}
