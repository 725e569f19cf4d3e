import type { StageFacts } from 'centouno/telling'
import type { Rung, WireField } from '../wire/rung.ts'

/** What the rungs tell of TLS with the server. */
export interface SeenTls {
  readonly startMs: number
  /** When the handshake was done, as far as can be told. */
  readonly endMs: number
  /** Undefined when it is not known: its end is encrypted and there is no key. */
  readonly done: boolean | undefined
  /** True when records stayed closed. */
  readonly closed: boolean
  readonly facts: StageFacts
  /** The alert that ended it, with who sent it. */
  readonly alert: { readonly name: string; readonly from: Rung['from'] } | undefined
  /** The server did not answer with TLS. */
  readonly notTls: boolean
}

/** Undefined when there was none. */
export function seenTls(rungs: readonly Rung[]): SeenTls | undefined {
  const own = rungs.filter(({ layer, from, to }) => layer === 'tls' && from !== 'proxy' && to !== 'proxy')
  const [first] = own
  if (first === undefined) return undefined
  const labelled = (label: string, from?: Rung['from']): Rung | undefined =>
    own.find((rung) => rung.label.en === label && (from === undefined || rung.from === from))
  const finished = [labelled('Finished', 'client'), labelled('Finished', 'server')].filter((rung) => rung !== undefined)
  const closed = own.some(({ label }) => isClosed(label.en))
  const answered = labelled('ServerHello') !== undefined
  // The client's first encrypted record is its Finished.
  const encrypted = own.find(({ label, from }) => isClosed(label.en) && from === 'client')
  const alert = own.find(({ label, alarming }) => alarming && label.en.startsWith(alertLabel))
  const done = finished.length === 2 ? true : answered && closed && alert === undefined ? undefined : false
  return {
    startMs: first.atMs,
    endMs: Math.max(...(finished.length > 0 ? finished : [encrypted ?? own.at(-1) ?? first]).map(({ atMs }) => atMs)),
    done,
    closed,
    facts: factsOf(labelled),
    alert: alert && { name: alert.label.en.slice(alertLabel.length), from: alert.from },
    notTls: own.some(({ label, from }) => label.en === 'Not TLS' && from === 'server'),
  }
}

const alertLabel = 'Alert: '

function isClosed(label: string): boolean {
  return label.startsWith('Encrypted, ') || label.startsWith('Early data, encrypted')
}

/** The facts that `connect` tells of the stage `secure`, as far as they crossed. */
function factsOf(labelled: (label: string) => Rung | undefined): StageFacts {
  const hello = labelled('ClientHello')?.fields ?? []
  const answer = labelled('ServerHello')?.fields ?? []
  const certificate = labelled('Certificate')?.fields ?? []
  const extensions = [...(labelled('EncryptedExtensions')?.fields ?? []), ...answer]
  const version = valueOf(answer, 'selected_version') ?? valueOf(answer, 'server_version', 'legacy_version')
  const facts = {
    servername: valueOf(hello, 'HostName'),
    protocol: version?.replace(/ \(0x[0-9a-f]+\)$/, '').replace(/^TLS /, 'TLSv'),
    cipher: valueOf(answer, 'cipher_suite')?.replace(/ \(0x[0-9a-f]+\)$/, ''),
    alpn: valueOf(extensions, 'ProtocolName'),
    subject: nameOf(valueOf(certificate, 'subject')),
    issuer: nameOf(valueOf(certificate, 'issuer')),
  }
  const known = Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(known)
}

/** The value of the first field of one of these names, however deep. */
function valueOf(fields: readonly WireField[], ...names: readonly string[]): string | undefined {
  for (const field of fields) {
    const found = names.includes(field.name) ? field.value : valueOf(field.fields ?? [], ...names)
    if (found !== undefined && found !== '') return found
  }
  return undefined
}

/** The common name of `C=DE, CN=example`. */
function nameOf(subject: string | undefined): string | undefined {
  return /(?:^|, )CN=([^,]+)/.exec(subject ?? '')?.[1] ?? subject
}
