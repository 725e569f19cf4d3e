import type { LayerReader, RungDraft, TellRung } from '../wire/layer-reader.ts'
import { rungBytes } from '../wire/layer-reader.ts'
import type { Party } from '../wire/rung.ts'
import type { Direction, TapePiece } from '../wire/tape.ts'
import { Course } from './course.ts'
import { HandshakeJoiner } from './handshake-joiner.ts'
import type { JoinedMessage } from './handshake-joiner.ts'
import type { KeyLog } from './key-log.ts'
import { readHandshake } from './messages/handshake.ts'
import { contentType, RecordStream } from './record-stream.ts'
import type { NoRecord, TlsRecord } from './record-stream.ts'
import {
  recordHeader,
  tellAlert,
  tellApplicationData,
  tellChangeCipherSpec,
  tellClosed,
  tellCutShort,
  tellNotTls,
  tellUnknownRecord,
} from './record-telling.ts'
import type { ToldRecord } from './record-telling.ts'

/** How much may wait for keys. Beyond, there will be none. */
const waitingLimit = 4 * 1024 * 1024

export interface TlsReaderOptions {
  /** Its secrets open the records; none of them is told. */
  readonly keyLog: KeyLog
  readonly rung: TellRung
  /** The tape of the layer above: what was inside, as it is opened. */
  readonly plain: (piece: TapePiece) => void
  /** Whom the client speaks TLS with. Default: the server. */
  readonly peer?: Party
}

interface Side {
  readonly stream: RecordStream
  readonly joiner: HandshakeJoiner
}

/**
 * Reads the tape of a TLS connection: a rung for each handshake message, alert, ChangeCipherSpec and record of data. What
 * is encrypted is opened with the key log, and waits for it where it still grows; what cannot be opened is told by its
 * length. Bytes that are no TLS are told so. It never throws.
 */
export class TlsReader implements LayerReader {
  readonly #options: TlsReaderOptions
  readonly #course: Course
  readonly #sides: Readonly<Record<Direction, Side>> = {
    sent: { stream: new RecordStream('sent'), joiner: new HandshakeJoiner() },
    received: { stream: new RecordStream('received'), joiner: new HandshakeJoiner() },
  }
  readonly #unsubscribe: () => void
  /** In the order in which they were complete: one that waits for its key holds up the others. */
  #waiting: (TlsRecord | NoRecord)[] = []
  #waitingBytes = 0
  #patient = true

  constructor(options: TlsReaderOptions) {
    this.#options = options
    this.#course = new Course(options.keyLog)
    this.#unsubscribe = options.keyLog.onGrowth(() => this.#go())
  }

  receive({ direction, atMs, bytes }: TapePiece): void {
    this.#take(this.#sides[direction].stream.receive(bytes, atMs))
  }

  end(atMs: number): void {
    this.#unsubscribe()
    this.#patient = false
    this.#go()
    for (const direction of ['sent', 'received'] as const) {
      const { stream, joiner } = this.#sides[direction]
      this.#take(stream.end(atMs))
      const { waiting } = joiner
      if (waiting.length > 0) {
        this.#tell(direction, atMs, tellCutShort(waiting, { en: 'a handshake message', zh: '一条握手消息' }), false)
      }
    }
  }

  #take(found: readonly (TlsRecord | NoRecord)[]): void {
    for (const each of found) {
      this.#waiting.push(each)
      this.#waitingBytes += 'noRecord' in each ? each.noRecord.length : each.fragment.length
    }
    this.#go()
    if (this.#waitingBytes <= waitingLimit) return
    this.#patient = false
    this.#go()
  }

  /** Reads what waits, until something has to wait for its key. */
  #go(): void {
    let read = 0
    for (const each of this.#waiting) {
      if ('noRecord' in each) this.#tell(each.direction, each.atMs, tellNotTls(each.noRecord), false)
      else if (!this.#read(each)) break
      read += 1
    }
    this.#waiting = this.#waiting.slice(read)
    if (this.#waiting.length === 0) this.#waitingBytes = 0
  }

  /** False when the record has to wait. */
  #read(record: TlsRecord): boolean {
    const { direction, atMs, header, fragment } = record
    if (!record.complete) {
      const what = { en: 'a record', zh: '一条记录' }
      this.#tell(direction, atMs, tellCutShort(Buffer.concat([header, fragment]), what), false)
      return true
    }
    const outcome = this.#course.open(record, this.#patient)
    if (outcome.kind === 'wait') return false
    if (outcome.kind === 'closed') this.#tell(direction, atMs, tellClosed(header, fragment, outcome.why), false)
    else this.#readContent(record, outcome.type, outcome.content, outcome.kind === 'opened')
    return true
  }

  #readContent(
    { direction, atMs, header, fragment }: TlsRecord,
    type: number,
    content: Uint8Array,
    opened: boolean,
  ): void {
    const { isTls13 } = this.#course
    switch (type) {
      case contentType.handshake:
        for (const joined of this.#sides[direction].joiner.receive(header, content)) {
          this.#tellMessage(direction, atMs, joined, opened)
        }
        break
      case contentType.changeCipherSpec:
        this.#tell(direction, atMs, tellChangeCipherSpec(header, content, isTls13), opened)
        this.#course.changeCipherSpec(direction)
        break
      case contentType.alert:
        this.#tell(direction, atMs, tellAlert(header, content, opened, isTls13), opened)
        break
      case contentType.applicationData: {
        const crossed = Buffer.concat([header, fragment])
        this.#tell(direction, atMs, tellApplicationData(crossed, content.length, opened), opened)
        if (content.length > 0) this.#options.plain({ direction, atMs, bytes: content })
        break
      }
      default:
        this.#tell(direction, atMs, tellUnknownRecord(header, content, opened), opened)
    }
  }

  #tellMessage(
    direction: Direction,
    atMs: number,
    { recordHeader: header, message }: JoinedMessage,
    opened: boolean,
  ): void {
    const bytes = Buffer.concat([header, message])
    const { fact, alarming = false, ...told } = readHandshake(bytes, header.length, this.#course.agreed(direction))
    const fields = header.length === 0 ? told.fields : [recordHeader(bytes, opened), ...told.fields]
    this.#tell(direction, atMs, { ...told, alarming, bytes, fields }, opened)
    if (fact !== undefined) this.#course.note(fact, direction)
  }

  #tell(direction: Direction, atMs: number, { bytes, ...told }: ToldRecord, decrypted: boolean): void {
    const { peer = 'server', rung } = this.#options
    const ends: Pick<RungDraft, 'from' | 'to'> =
      direction === 'sent' ? { from: 'client', to: peer } : { from: peer, to: 'client' }
    rung({ layer: 'tls', ...ends, atMs, ...told, inferred: false, decrypted, ...rungBytes(bytes) })
  }
}
