import type { LogEntry } from '../agent/agent-message.ts'
import { FramesReader } from '../frames/frames-reader.ts'
import { HttpReader } from '../http/http-reader.ts'
import type { HttpWatcher } from '../http/http-reader.ts'
import type { Agreement } from '../http/upgrade-request.ts'
import { Socks5Reader } from '../proxy/socks5-reader.ts'
import { SegmentTeller } from '../tcp/segment-rung.ts'
import { KeyLog } from '../tls/key-log.ts'
import type { LayerReader, TellRung } from '../wire/layer-reader.ts'
import type { Party, Rung } from '../wire/rung.ts'
import type { Segment } from '../wire/segment.ts'
import type { TapePiece } from '../wire/tape.ts'
import { StreamReader } from './stream-reader.ts'
import type { StreamKind } from './stream-reader.ts'
import { TlsLayer } from './tls-layer.ts'
import { UnreadReader } from './unread-reader.ts'

/** Is told what the rungs are made of, secrets and all. */
export interface LadderWatcher extends HttpWatcher {
  /** Each message and control frame as it ends. */
  message(entry: LogEntry): void
}

export interface LadderOptions {
  readonly watcher?: LadderWatcher | undefined
  /** Tells the secrets of heads as they crossed. Default: they are replaced. */
  readonly withSecrets?: boolean | undefined
}

/**
 * Builds the ladder of one attempt, live or from a capture: it is given what was seen, recognises what it is, layer by
 * layer, and tells each rung as it is made. Secrets in heads and in the dialogue with a proxy are replaced before they
 * are told; keys are never told.
 */
export class LadderBuilder {
  /** Who answers at the other end of TCP. */
  tcpPeer: Exclude<Party, 'client'> = 'server'
  readonly #tell: TellRung
  #stream: LayerReader
  readonly #keyLog = new KeyLog()
  #segments = new SegmentTeller()
  #told = 0
  readonly #options: LadderOptions

  constructor(tell: (rung: Rung) => void, options: LadderOptions = {}) {
    this.#options = options
    this.#tell = (draft) => tell({ id: this.#told++, ...draft })
    this.#stream = this.#read('server', this.#tell)
  }

  /** The next bytes of the stream that TCP carries. */
  piece(piece: TapePiece): void {
    this.#stream.receive(piece)
  }

  segment(segment: Segment): void {
    this.#tell(this.#segments.tell(segment, this.tcpPeer))
  }

  /** A line in the format of SSLKEYLOGFILE. It may come before the records it opens, or after them. */
  keyLog(line: string): void {
    this.#keyLog.add(line)
  }

  /** The TCP connection is over. Another one, as a redirect makes it, may follow: its rungs go on counting. */
  end(atMs: number): void {
    const stream = this.#stream
    this.#stream = this.#read('server', this.#tell)
    this.#segments = new SegmentTeller()
    stream.end(atMs)
  }

  /** Reads a stream from its first byte: TCP's own, what a tunnel carries, and what TLS hides. */
  #read(peer: Party, tell: TellRung): LayerReader {
    return new StreamReader((kind) => this.#readerOf(kind, peer, tell))
  }

  #frames(agreement: Agreement, tell: TellRung): LayerReader {
    const { watcher } = this.#options
    return new FramesReader(agreement, tell, watcher && ((entry) => watcher.message(entry)))
  }

  #readerOf(kind: StreamKind, peer: Party, tell: TellRung): LayerReader {
    const tunnel = (): LayerReader => this.#read('server', tell)
    switch (kind) {
      case 'http':
        return new HttpReader(
          peer,
          tell,
          { websocket: (agreement) => this.#frames(agreement, tell), tunnel },
          this.#options,
        )
      case 'socks5':
        return new Socks5Reader(tell, tunnel)
      case 'tls':
        return new TlsLayer(this.#keyLog, peer, tell, (tellInside) => this.#read(peer, tellInside))
      case 'unknown':
        return new UnreadReader(peer, tell)
    }
  }
}
