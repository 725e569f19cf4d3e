import { FramesReader } from '../frames/frames-reader.ts'
import { HttpReader } from '../http/http-reader.ts'
import { Socks5Reader } from '../proxy/socks5-reader.ts'
import type { LayerReader, TellRung } from '../wire/layer-reader.ts'
import type { Party, Rung } from '../wire/rung.ts'
import type { Segment } from '../wire/segment.ts'
import type { TapePiece } from '../wire/tape.ts'
import { segmentRung } from './segment-rung.ts'
import { StreamReader } from './stream-reader.ts'
import type { StreamKind } from './stream-reader.ts'
import { UnreadReader } from './unread-reader.ts'

/**
 * Builds the ladder of one attempt, live or from a capture: it is given what was seen, recognises what it is, layer by
 * layer, and tells each rung as it is made. Secrets in heads and in the dialogue with a proxy are replaced before they
 * are told; keys are never told.
 */
export class LadderBuilder {
  /** Who answers at the other end of TCP. */
  tcpPeer: Party = 'server'
  readonly #tell: TellRung
  #stream: LayerReader
  #keyTakers: ((line: string) => void)[] = []
  #keyLines: string[] = []
  #told = 0

  constructor(tell: (rung: Rung) => void) {
    this.#tell = (draft) => tell({ id: this.#told++, ...draft })
    this.#stream = this.#read('server', this.#tell)
  }

  /** The next bytes of the stream that TCP carries. */
  piece(piece: TapePiece): void {
    this.#stream.receive(piece)
  }

  segment(segment: Segment): void {
    this.#tell(segmentRung(segment, this.tcpPeer))
  }

  /** A line in the format of SSLKEYLOGFILE. It may come before the records it opens, or after them. */
  keyLog(line: string): void {
    this.#keyLines.push(line)
    for (const take of this.#keyTakers) take(line)
  }

  /** The TCP connection is over. Another one, as a redirect makes it, may follow: its rungs go on counting. */
  end(atMs: number): void {
    const stream = this.#stream
    this.#stream = this.#read('server', this.#tell)
    this.#keyTakers = []
    this.#keyLines = []
    stream.end(atMs)
  }

  /** Reads a stream from its first byte: TCP's own, what a tunnel carries, and what TLS hides. */
  #read(peer: Party, tell: TellRung): LayerReader {
    return new StreamReader((kind) => this.#readerOf(kind, peer, tell))
  }

  #readerOf(kind: StreamKind, peer: Party, tell: TellRung): LayerReader {
    const tunnel = (): LayerReader => this.#read('server', tell)
    switch (kind) {
      case 'http':
        return new HttpReader(peer, tell, { websocket: (agreement) => new FramesReader(agreement, tell), tunnel })
      case 'socks5':
        return new Socks5Reader(tell, tunnel)
      case 'tls':
      case 'unknown':
        return new UnreadReader(peer, tell)
    }
  }
}
