import type { ExtensionOffer, ExtensionParameter } from './extension-list.ts'

/** The extension of RFC 7692. */
export const deflateName = 'permessage-deflate'

const flags: ReadonlySet<string> = new Set(['server_no_context_takeover', 'client_no_context_takeover'])
const windows: ReadonlySet<string> = new Set(['server_max_window_bits', 'client_max_window_bits'])

/**
 * The first parameter of an accepted `permessage-deflate` that its definition does not allow in a reply, written as
 * received; undefined when there is none (RFC 7692 §7.1).
 *
 *     window-bits = "8" / "9" / "10" / "11" / "12" / "13" / "14" / "15"
 */
export function deflateFault({ parameters }: ExtensionOffer): string | undefined {
  const seen = new Set<string>()
  const fault = parameters.find((parameter) => {
    if (seen.has(parameter.name) || !isAllowed(parameter)) return true
    seen.add(parameter.name)
    return false
  })
  if (fault === undefined) return undefined
  return fault.value === undefined ? fault.name : `${fault.name}=${fault.value}`
}

/** In an offer `client_max_window_bits` may stand alone; in a reply it may not (RFC 7692 §7.1.2.2). */
function isAllowed({ name, value }: ExtensionParameter): boolean {
  if (flags.has(name)) return value === undefined
  return windows.has(name) && value !== undefined && /^(?:[89]|1[0-5])$/.test(value)
}

/** Whether a well-formed reply grants what one of the offers asked for (RFC 7692 §7.1.1, §7.1.2). */
export function answersOffer(answer: ExtensionOffer, offers: readonly ExtensionOffer[]): boolean {
  return offers.some((offer) => offer.name === deflateName && fits(answer, offer))
}

function fits(answer: ExtensionOffer, offer: ExtensionOffer): boolean {
  if (has(offer, 'server_no_context_takeover') && !has(answer, 'server_no_context_takeover')) return false
  if (has(answer, 'client_max_window_bits') && !has(offer, 'client_max_window_bits')) return false
  // A bound that was asked for must be kept or lowered; on the client's own window it is a hint when the reply is silent.
  if (has(offer, 'server_max_window_bits') && !has(answer, 'server_max_window_bits')) return false
  return isWithin(answer, offer, 'server_max_window_bits') && isWithin(answer, offer, 'client_max_window_bits')
}

function has({ parameters }: ExtensionOffer, name: string): boolean {
  return parameters.some((parameter) => parameter.name === name)
}

function isWithin(answer: ExtensionOffer, offer: ExtensionOffer, name: string): boolean {
  const granted = valueOf(answer, name)
  const asked = valueOf(offer, name)
  return granted === undefined || asked === undefined || Number(granted) <= Number(asked)
}

function valueOf({ parameters }: ExtensionOffer, name: string): string | undefined {
  return parameters.find((parameter) => parameter.name === name)?.value
}
