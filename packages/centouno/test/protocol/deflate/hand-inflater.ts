import { constants, inflateRawSync } from 'node:zlib'
import { emptyBlockTail } from '../../../src/protocol/deflate/empty-block.ts'
import type { Inflated, Inflater, InflateSink, InflatingStream } from '../../../src/protocol/deflate/inflater.ts'

const pieceBytes = 32

/** Inflates by zlib, without takeover; what takes longer is finished by hand. */
export class HandInflater implements Inflater {
  /** Whole messages take longer. */
  later = false
  stopped = false
  #work: ((now: number) => void) | undefined

  inflate(payload: Uint8Array, limit: number, done: (result: Inflated, now: number) => void): Inflated | undefined {
    const result = inflated(payload, limit)
    if (!this.later) return result
    this.#work = (now) => done(result, now)
    return undefined
  }

  open(limit: number, sink: InflateSink): InflatingStream {
    const input: Uint8Array[] = []
    let told = 0
    return {
      write: (payload) => {
        input.push(payload.slice())
        this.#work = (now) => {
          const result = inflated(Buffer.concat(input), limit)
          if (typeof result === 'string') {
            sink.written(result === 'MESSAGE_TOO_LONG' ? 'STREAM_TOO_LONG' : result, now)
            return
          }
          for (; told < result.length; told = Math.min(told + pieceBytes, result.length)) {
            sink.piece(result.slice(told, told + pieceBytes))
          }
          sink.written(undefined, now)
        }
      },
    }
  }

  stop(): void {
    this.stopped = true
    this.#work = undefined
  }

  finish(now: number): void {
    const work = this.#work
    this.#work = undefined
    work?.(now)
  }
}

function inflated(payload: Uint8Array, limit: number): Inflated {
  try {
    const result = inflateRawSync(Buffer.concat([payload, emptyBlockTail]), { finishFlush: constants.Z_SYNC_FLUSH })
    return result.length > limit ? 'MESSAGE_TOO_LONG' : new Uint8Array(result)
  } catch {
    return 'DEFLATE_CORRUPT'
  }
}
