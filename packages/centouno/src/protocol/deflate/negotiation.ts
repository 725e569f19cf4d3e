import { deflateName } from '../handshake/deflate-answer.ts'
import type { ExtensionOffer, ExtensionParameter } from '../handshake/extension-list.ts'
import {
  type DeflateParameters,
  type DeflateRequest,
  leastWindowBits,
  mostWindowBits,
  readDeflateRequest,
} from './parameters.ts'

/** What one side can spare for one connection. */
export interface DeflateMeans {
  /** The largest window for what it sends, 9 to 15. */
  readonly sendWindowBits: number
  /** What it sends may build on earlier messages. */
  readonly sendTakeover: boolean
  /** The largest window it keeps for the peer's takeover, 8 to 15; 0: none, each message has to stand on its own. */
  readonly keepWindowBits: number
}

/** An agreement, and how the header says it. */
export interface DeflateAgreement {
  readonly parameters: DeflateParameters
  readonly answer: ExtensionOffer
}

/**
 * The smallest window that zlib can compress with: it takes 9 for 8 in a raw stream, which a peer that keeps 256 bytes
 * could not read.
 */
export const leastSendWindowBits = 9

/**
 * The server's answer to the offers, in the client's order of preference: the first that can be kept. Undefined when
 * none can, and the connection then goes without (RFC 7692 §5.1: declined, not refused).
 */
export function acceptDeflate(offers: readonly ExtensionOffer[], means: DeflateMeans): DeflateAgreement | undefined {
  for (const offer of offers) {
    const request = readDeflateRequest(offer)
    const agreement = request && answerTo(request, means)
    if (agreement) return agreement
  }
  return undefined
}

/** Undefined when the request asks for what the means do not allow. */
function answerTo(request: DeflateRequest, means: DeflateMeans): DeflateAgreement | undefined {
  const serverWindowBits = Math.min(request.serverWindowBits ?? mostWindowBits, means.sendWindowBits)
  if (serverWindowBits < leastSendWindowBits) return undefined
  const serverTakeover = means.sendTakeover && !request.serverNoTakeover
  const limited = request.clientWindowBits
  // A client whose window cannot be limited needs the largest one kept, or none.
  const kept = limited === undefined ? mostWindowBits : Math.min(limited, means.keepWindowBits)
  const clientTakeover = !request.clientNoTakeover && kept >= leastWindowBits && kept <= means.keepWindowBits
  // Without takeover nothing is kept between messages, so that any window will do.
  const clientWindowBits = clientTakeover ? kept : mostWindowBits
  return {
    parameters: { serverTakeover, clientTakeover, serverWindowBits, clientWindowBits },
    answer: {
      name: deflateName,
      parameters: [
        ...flag('server_no_context_takeover', !serverTakeover),
        ...flag('client_no_context_takeover', !clientTakeover),
        // §7.1.2.1: what was asked for must be confirmed. A smaller window that nobody asked for need not be told.
        ...windowBits('server_max_window_bits', serverWindowBits, request.serverWindowBits !== undefined),
        // §7.1.2.2: only for a client that said that it can be limited.
        ...windowBits('client_max_window_bits', clientWindowBits, clientWindowBits < mostWindowBits),
      ],
    },
  }
}

/** The client's offer: what it can be asked to keep to is left to the server, as browsers do. */
export function offerDeflate({ keepWindowBits, sendTakeover }: DeflateMeans): ExtensionOffer {
  const keeps = keepWindowBits >= leastWindowBits
  return {
    name: deflateName,
    parameters: [
      ...flag('server_no_context_takeover', !keeps),
      ...flag('client_no_context_takeover', !sendTakeover),
      ...windowBits('server_max_window_bits', keepWindowBits, keeps && keepWindowBits < mostWindowBits),
      { name: 'client_max_window_bits', value: undefined },
    ],
  }
}

function flag(name: string, set: boolean): ExtensionParameter[] {
  return set ? [{ name, value: undefined }] : []
}

function windowBits(name: string, bits: number, told: boolean): ExtensionParameter[] {
  return told ? [{ name, value: String(bits) }] : []
}
