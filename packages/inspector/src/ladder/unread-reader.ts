import type { Text } from 'centouno/telling'
import { rungBytes } from '../wire/layer-reader.ts'
import type { LayerReader, RungDraft, TellRung } from '../wire/layer-reader.ts'
import type { Party } from '../wire/rung.ts'
import type { Direction, TapePiece } from '../wire/tape.ts'

const sentence: Text = {
  en: 'These bytes are of no protocol that leads to a WebSocket: neither HTTP, nor TLS, nor SOCKS5. What follows them is not read.',
  zh: '这些字节不属于任何通往 WebSocket 的协议：既不是 HTTP，也不是 TLS 或 SOCKS5。之后的内容不再解读。',
}

/** Tells the beginning of what is not understood, once for each direction. */
export class UnreadReader implements LayerReader {
  readonly #peer: Party
  readonly #tell: TellRung
  readonly #told = new Set<Direction>()

  constructor(peer: Party, tell: TellRung) {
    this.#peer = peer
    this.#tell = tell
  }

  receive({ direction, bytes, atMs }: TapePiece): void {
    if (this.#told.has(direction) || bytes.length === 0) return
    this.#told.add(direction)
    const [from, to] = direction === 'sent' ? (['client', this.#peer] as const) : ([this.#peer, 'client'] as const)
    const rung: RungDraft = {
      layer: 'http',
      from,
      to,
      atMs,
      label: { en: `Unknown, ${bytes.length} bytes`, zh: `无法识别，${bytes.length} 字节` },
      sentence,
      clause: 'RFC 6455 §4.1',
      inferred: false,
      decrypted: false,
      alarming: true,
      ...rungBytes(bytes),
      fields: [],
    }
    this.#tell(rung)
  }

  end(): void {
    // Nothing waits.
  }
}
