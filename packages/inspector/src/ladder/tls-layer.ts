import type { KeyLog } from '../tls/key-log.ts'
import { TlsReader } from '../tls/tls-reader.ts'
import type { LayerReader, TellRung } from '../wire/layer-reader.ts'
import type { Party } from '../wire/rung.ts'
import type { TapePiece } from '../wire/tape.ts'

/** TLS with what is spoken inside it: the rungs of all layers above crossed encrypted, and say so. */
export class TlsLayer implements LayerReader {
  readonly #reader: TlsReader
  readonly #inside: LayerReader

  constructor(keyLog: KeyLog, peer: Party, tell: TellRung, readInside: (tell: TellRung) => LayerReader) {
    this.#inside = readInside((rung) => tell({ ...rung, decrypted: true }))
    this.#reader = new TlsReader({ keyLog, peer, rung: tell, plain: (piece) => this.#inside.receive(piece) })
  }

  receive(piece: TapePiece): void {
    this.#reader.receive(piece)
  }

  end(atMs: number): void {
    this.#reader.end(atMs)
    this.#inside.end(atMs)
  }
}
