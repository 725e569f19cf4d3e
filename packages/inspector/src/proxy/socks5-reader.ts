import { ByteQueue } from '../wire/byte-queue.ts'
import { rungBytes } from '../wire/layer-reader.ts'
import type { LayerReader, RungDraft, TellRung } from '../wire/layer-reader.ts'
import type { Direction, TapePiece } from '../wire/tape.ts'
import { greeting, methodChoice, password, passwordAnswer, reply, request } from './socks5-messages.ts'
import type { Socks5Message } from './socks5-messages.ts'

/** The dialogue with a SOCKS5 proxy (RFC 1928, RFC 1929): who speaks next, and what. */
type Phase = 'greeting' | 'method' | 'password' | 'password-answer' | 'request' | 'reply' | 'over'

const speakers: Readonly<Record<Phase, Direction | undefined>> = {
  greeting: 'sent',
  method: 'received',
  password: 'sent',
  'password-answer': 'received',
  request: 'sent',
  reply: 'received',
  over: undefined,
}

const readers: Readonly<Record<Exclude<Phase, 'over'>, (bytes: Uint8Array) => Socks5Message | undefined>> = {
  greeting,
  method: methodChoice,
  password,
  'password-answer': passwordAnswer,
  request,
  reply,
}

/** The longest message is a name and a password of 255 bytes each: what is longer is none. */
const longestMessage = 515

/** Tells the dialogue with a SOCKS5 proxy, and passes on what goes through its tunnel. */
export class Socks5Reader implements LayerReader {
  readonly #tell: TellRung
  readonly #tunnel: () => LayerReader
  readonly #queues: Readonly<Record<Direction, ByteQueue>> = { sent: new ByteQueue(), received: new ByteQueue() }
  #phase: Phase = 'greeting'
  #above: LayerReader | undefined

  constructor(tell: TellRung, tunnel: () => LayerReader) {
    this.#tell = tell
    this.#tunnel = tunnel
  }

  receive(piece: TapePiece): void {
    if (this.#above !== undefined) return this.#above.receive(piece)
    this.#queues[piece.direction].add(piece.bytes)
    let speaker = speakers[this.#phase]
    while (speaker !== undefined && this.#step(speaker, piece.atMs)) speaker = speakers[this.#phase]
  }

  end(atMs: number): void {
    if (this.#above !== undefined) return this.#above.end(atMs)
    for (const direction of ['sent', 'received'] as const) {
      const rest = this.#queues[direction].take()
      if (rest.length > 0) this.#tell(strangeRung(direction, rest, atMs))
    }
  }

  /** Reads the next message of whoever has to speak. Returns false when it has not come whole. */
  #step(speaker: Direction, atMs: number): boolean {
    if (this.#phase === 'over') return false
    const queue = this.#queues[speaker]
    const message = readers[this.#phase](queue.bytes)
    if (message === undefined) {
      if (queue.bytes.length > longestMessage) this.#giveUp(speaker, atMs)
      return false
    }
    queue.take(message.length)
    this.#tell(messageRung(speaker, message, atMs))
    this.#phase = this.#after(message)
    if (this.#phase === 'over' && !message.alarming) this.#passOn(this.#tunnel(), atMs)
    return true
  }

  #passOn(above: LayerReader, atMs: number): void {
    this.#above = above
    for (const direction of ['sent', 'received'] as const) {
      const bytes = this.#queues[direction].take()
      if (bytes.length > 0) above.receive({ direction, bytes, atMs })
    }
  }

  #after({ alarming, asksPassword }: Socks5Message): Phase {
    if (alarming) return 'over'
    switch (this.#phase) {
      case 'greeting':
        return 'method'
      case 'method':
        return asksPassword ? 'password' : 'request'
      case 'password':
        return 'password-answer'
      case 'password-answer':
        return 'request'
      case 'request':
        return 'reply'
      default:
        return 'over'
    }
  }

  #giveUp(speaker: Direction, atMs: number): void {
    this.#tell(strangeRung(speaker, this.#queues[speaker].take(), atMs))
    this.#phase = 'over'
  }
}

function messageRung(direction: Direction, message: Socks5Message, atMs: number): RungDraft {
  return {
    ...ends(direction, atMs),
    ...rungBytes(message.bytes),
    byteCount: message.length,
    label: message.label,
    sentence: message.sentence,
    clause: message.clause,
    alarming: message.alarming,
    fields: message.fields,
    ...(message.redacted ? { redacted: true } : {}),
  }
}

function strangeRung(direction: Direction, bytes: Uint8Array, atMs: number): RungDraft {
  return {
    ...ends(direction, atMs),
    ...rungBytes(bytes),
    label: { en: 'Not SOCKS5', zh: '不是 SOCKS5' },
    sentence: {
      en: 'These bytes are no message that SOCKS5 expects here, or not a whole one.',
      zh: '这些字节不是 SOCKS5 此时应有的消息，或者消息不完整。',
    },
    clause: 'RFC 1928 §3',
    alarming: true,
    fields: [],
  }
}

function ends(
  direction: Direction,
  atMs: number,
): Pick<RungDraft, 'layer' | 'from' | 'to' | 'atMs' | 'inferred' | 'decrypted'> {
  const [from, to] = direction === 'sent' ? (['client', 'proxy'] as const) : (['proxy', 'client'] as const)
  return { layer: 'proxy', from, to, atMs, inferred: false, decrypted: false }
}
