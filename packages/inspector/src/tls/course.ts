import type { Direction } from '../wire/tape.ts'
import { aeadOf } from './aead.ts'
import type { KeyLog } from './key-log.ts'
import { tls13 } from './messages/message.ts'
import type { Agreed, HandshakeFact } from './messages/message.ts'
import { Keys12, Keys13 } from './record-keys.ts'
import type { Opened, RecordKeys } from './record-keys.ts'
import { contentType } from './record-stream.ts'
import type { TlsRecord } from './record-stream.ts'
import type { Closed } from './record-telling.ts'

/**
 * What protects the records of a direction: nothing, the keys of TLS 1.2, or one of the three kinds of TLS 1.3 (RFC 8446
 * §7.1).
 */
type Phase = 'clear' | 'tls12' | 'early' | 'handshake' | 'application'

interface Side {
  phase: Phase
  /** The keys of the phase, once they have been found. */
  keys: RecordKeys | undefined
}

/** What becomes of a record. */
export type Outcome =
  | ({ readonly kind: 'clear' | 'opened' } & Opened)
  | { readonly kind: 'closed'; readonly why: Closed }
  /** Its key may still come. */
  | { readonly kind: 'wait' }

/** Keys, or the reason why there are none. */
type Found = { readonly keys: RecordKeys } | { readonly kind: 'wait' } | { readonly why: Closed }

const labels = {
  sent: { handshake: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', application: 'CLIENT_TRAFFIC_SECRET_0' },
  received: { handshake: 'SERVER_HANDSHAKE_TRAFFIC_SECRET', application: 'SERVER_TRAFFIC_SECRET_0' },
} as const
const earlyLabel = 'CLIENT_EARLY_TRAFFIC_SECRET'
const masterLabel = 'CLIENT_RANDOM'

/** Which suites early data may have, by the length of its secret, which is that of their hash. */
const earlySuites: ReadonlyMap<number, readonly number[]> = new Map([
  [32, [0x1301, 0x1303, 0x1304, 0x1305]],
  [48, [0x1302]],
])

/** The course of a TLS connection as far as it decides which keys open what: follows the handshake, opens records. */
export class Course {
  readonly #keyLog: KeyLog
  readonly #sides: Record<Direction, Side> = {
    sent: { phase: 'clear', keys: undefined },
    received: { phase: 'clear', keys: undefined },
  }
  #version = 0
  #suite = 0
  #clientRandom: Uint8Array = new Uint8Array(0)
  #serverRandom: Uint8Array = new Uint8Array(0)
  #helloSeen = false
  #earlyData = false

  constructor(keyLog: KeyLog) {
    this.#keyLog = keyLog
  }

  get isTls13(): boolean {
    return this.#version === tls13
  }

  agreed(direction: Direction): Agreed {
    return { direction, version: this.#version, suite: this.#suite }
  }

  /** Takes what a handshake message has decided. */
  note(fact: HandshakeFact, direction: Direction): void {
    const side = this.#sides[direction]
    switch (fact.kind) {
      case 'client-hello':
        this.#helloSeen = true
        this.#clientRandom = fact.random
        this.#earlyData = fact.earlyData
        if (fact.earlyData) enter(this.#sides.sent, 'early')
        break
      case 'server-hello':
        this.#chosen(fact)
        break
      case 'end-of-early-data':
        enter(side, 'handshake')
        break
      case 'finished':
        if (side.phase === 'handshake') enter(side, 'application')
        break
      case 'key-update':
        if (side.keys instanceof Keys13) side.keys = side.keys.next()
        break
    }
  }

  /** ChangeCipherSpec: in TLS 1.2 all that follows is protected; in TLS 1.3 it means nothing. */
  changeCipherSpec(direction: Direction): void {
    // Without a ServerHello it is that of a client who sends early data, unless the beginning was not seen.
    if (this.isTls13 || (this.#helloSeen && this.#version === 0)) return
    enter(this.#sides[direction], 'tls12')
  }

  /** @param patient whether keys may still come */
  open(record: TlsRecord, patient: boolean): Outcome {
    const side = this.#sides[record.direction]
    if (side.phase === 'tls12') return opening(record, this.#keys12(side, record.direction, patient))
    // In TLS 1.3 what is protected says application_data; the rest is in the clear (RFC 8446 §5.2).
    if (record.type !== contentType.applicationData) {
      return { kind: 'clear', type: record.type, content: record.fragment }
    }
    if (side.phase === 'clear') return { kind: 'closed', why: 'no-key' }
    if (side.phase === 'early') return this.#openEarly(side, record, patient)
    const outcome = opening(record, this.#keys13(side, side.phase, record.direction, patient))
    if (side.phase === 'application' || outcome.kind !== 'closed') return outcome
    // A log may lack the keys of the handshake; then its end is not seen.
    return this.#openAhead(side, 'application', record) ?? outcome
  }

  #chosen({ random, version, suite, retry }: Extract<HandshakeFact, { kind: 'server-hello' }>): void {
    this.#helloSeen = true
    this.#version = version
    this.#suite = suite
    if (retry) {
      enter(this.#sides.sent, 'clear')
      return
    }
    this.#serverRandom = random
    if (version !== tls13) return
    enter(this.#sides.received, 'handshake')
    if (!this.#earlyData) enter(this.#sides.sent, 'handshake')
  }

  #keys12(side: Side, direction: Direction, patient: boolean): Found {
    if (side.keys !== undefined) return { keys: side.keys }
    if (this.#suite === 0) return { why: 'no-key' }
    const aead = aeadOf(this.#suite)
    if (aead === undefined) return { why: 'other-cipher' }
    const master = this.#keyLog.find(masterLabel, this.#clientRandom)
    if (master === undefined) return this.#missing(patient)
    const secrets = { master, clientRandom: this.#clientRandom, serverRandom: this.#serverRandom }
    side.keys = new Keys12(aead, secrets, direction === 'sent' ? 'client' : 'server')
    return { keys: side.keys }
  }

  #keys13(side: Side, phase: 'handshake' | 'application', direction: Direction, patient: boolean): Found {
    if (side.keys !== undefined) return { keys: side.keys }
    const aead = aeadOf(this.#suite)
    if (aead === undefined) return { why: 'other-cipher' }
    const secret = this.#keyLog.find(labels[direction][phase], this.#clientRandom)
    if (secret === undefined) return this.#missing(patient)
    side.keys = new Keys13(aead, secret)
    return { keys: side.keys }
  }

  #missing(patient: boolean): Found {
    return patient && !this.#keyLog.complete ? { kind: 'wait' } : { why: 'no-key' }
  }

  /** Tries whether a record is already of the next phase. */
  #openAhead(side: Side, phase: 'handshake' | 'application', record: TlsRecord): Outcome | undefined {
    const aead = aeadOf(this.#suite)
    const secret = this.#keyLog.find(labels[record.direction][phase], this.#clientRandom)
    if (aead === undefined || secret === undefined) return undefined
    const keys = new Keys13(aead, secret)
    const opened = keys.open(record)
    if (opened === undefined) return undefined
    enter(side, phase)
    side.keys = keys
    return { kind: 'opened', ...opened }
  }

  /** Early data has a key of its own; a server that does not want it skips it, and no message says where it ends. */
  #openEarly(side: Side, record: TlsRecord, patient: boolean): Outcome {
    const opened = this.#earlyKeys(side, record)
    if (opened !== undefined) return { kind: 'opened', ...opened }
    if (this.#version === 0) return { kind: 'closed', why: 'early-data' }
    const ahead = this.#openAhead(side, 'handshake', record)
    if (ahead !== undefined) return ahead
    const secret = this.#keyLog.find(labels.sent.handshake, this.#clientRandom)
    if (secret === undefined && patient && !this.#keyLog.complete) return { kind: 'wait' }
    return { kind: 'closed', why: 'early-data' }
  }

  #earlyKeys(side: Side, record: TlsRecord): Opened | undefined {
    if (side.keys !== undefined) return side.keys.open(record)
    const secret = this.#keyLog.find(earlyLabel, this.#clientRandom)
    if (secret === undefined) return undefined
    for (const suite of earlySuites.get(secret.length) ?? []) {
      const aead = aeadOf(suite)
      const keys = aead === undefined ? undefined : new Keys13(aead, secret)
      const opened = keys?.open(record)
      if (opened === undefined) continue
      side.keys = keys
      return opened
    }
    return undefined
  }
}

function enter(side: Side, phase: Phase): void {
  side.phase = phase
  side.keys = undefined
}

function opening(record: TlsRecord, found: Found): Outcome {
  if ('kind' in found) return found
  if ('why' in found) return { kind: 'closed', why: found.why }
  const opened = found.keys.open(record)
  return opened === undefined ? { kind: 'closed', why: 'wrong-key' } : { kind: 'opened', ...opened }
}
