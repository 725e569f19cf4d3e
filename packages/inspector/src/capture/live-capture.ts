import { sameEndpoint, SegmentReader } from '../tcp/segment-reader.ts'
import type { Endpoint, TcpPacket } from '../tcp/tcp-packet.ts'
import type { Segment } from '../wire/segment.ts'
import { CaptureError } from './capture-error.ts'
import { CaptureNotes } from './capture-notes.ts'
import type { CaptureNote } from './capture-notes.ts'
import type { CaptureProcess } from './capture-process.ts'
import { startTool } from './capture-process.ts'
import { CaptureReader } from './capture-reader.ts'
import { captureTools, filterFor, interfaceFor } from './capture-tool.ts'
import type { CaptureTool } from './capture-tool.ts'
import { FollowedConnection } from './followed-connection.ts'
import { PacketDecoder } from './packet-decoder.ts'

export interface LiveCaptureOptions {
  /** The name of an interface, as the tool knows it. By default all of them on Linux. */
  readonly interface?: string | undefined
  /** The tools to try, in this order. By default tcpdump and dumpcap. */
  readonly tools?: readonly CaptureTool[]
  /** The capture broke off by itself, or cannot be understood. Nothing more comes. */
  readonly failed?: (error: CaptureError) => void
}

/** Packets that are kept until it is known which connection they are to be told of. */
const waitingMax = 4096

/*
 * Room for the headers of the link layer, IP with extensions, and TCP with all options. What TCP carries is told by who
 * makes the connection, so that none of its secrets need be kept here.
 */
const keptBytes = 256

/** A capture of what goes to and comes from some endpoints, while it happens. */
export class LiveCapture {
  readonly #notes = new CaptureNotes()
  readonly #decoder = new PacketDecoder(this.#notes)
  readonly #reader: CaptureReader
  #process: CaptureProcess | undefined
  #waiting: TcpPacket[] = []
  /** Take a packet, or undefined at the end, and say whether they are content with it. */
  #seekers: ((packet: TcpPacket | undefined) => boolean)[] = []
  readonly #followed: FollowedConnection[] = []
  #broken = false
  #stopped: Promise<readonly CaptureNote[]> | undefined

  /** Made by `startLiveCapture`. */
  constructor() {
    this.#reader = new CaptureReader({
      packet: (packet) => {
        const decoded = this.#decoder.decode(packet)
        if (decoded !== undefined) this.#give(headerOf(decoded))
      },
      keyLog() {},
      unknownSecrets() {},
    })
  }

  /** Which tool captures: `tcpdump` or `dumpcap`. */
  get tool(): string {
    return this.#process?.tool ?? ''
  }

  /** @internal */
  async begin(endpoints: readonly Endpoint[], options: LiveCaptureOptions): Promise<void> {
    const { tools = captureTools, failed } = options
    const order = {
      interface: options.interface ?? interfaceFor(endpoints, process.platform),
      filter: filterFor(endpoints),
      keep: keptBytes,
    }
    const take = (chunk: Uint8Array): void => this.#receive(chunk, failed)
    const failures: CaptureError[] = []
    for (const tool of tools) {
      try {
        this.#process = await startTool(tool, order, take)
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error
        failures.push(error)
      }
      if (this.#process !== undefined) break
    }
    if (this.#process === undefined) throw failures[0] ?? new CaptureError('CAPTURE_NO_TOOL')
    void this.#untilEnded(this.#process, failed)
  }

  /**
   * Tells the segments of one connection: those that were captured already, and those to come. Of each, `bytes` is the
   * header alone.
   *
   * @param startMs What counts as 0 for the segments' times, in milliseconds since 1970, with fractions.
   * @param tell Called for each segment, in the order in which they were captured.
   * @returns Resolves when the connection has ended on the wire (FIN from both sides, each confirmed, or RST), or the
   * capture has. With `true` in the first case.
   */
  follow(client: Endpoint, server: Endpoint, startMs: number, tell: (segment: Segment) => void): Promise<boolean> {
    const startNs = BigInt(Math.round(startMs * 1e6))
    const followed = new FollowedConnection(client, server, new SegmentReader(client, startNs), tell)
    this.#followed.push(followed)
    this.#waiting = this.#waiting.filter((packet) => !followed.take(packet))
    if (this.#broken) followed.break()
    return followed.ended
  }

  /**
   * Whose attempt to reach the server was captured first and is not followed yet. It is how to find the client of a
   * connection that was refused: the system does not tell its port. Resolves with undefined when the capture has ended.
   */
  firstClient(server: Endpoint): Promise<Endpoint | undefined> {
    const isAttempt = ({ destination, header }: TcpPacket): boolean =>
      sameEndpoint(destination, server) && header.flags.includes('SYN') && !header.flags.includes('ACK')
    const seen = this.#waiting.find(isAttempt)
    if (seen !== undefined || this.#broken) return Promise.resolve(seen?.source)
    return new Promise((resolve) => {
      this.#seekers.push((packet) => {
        if (packet !== undefined && !isAttempt(packet)) return false
        resolve(packet?.source)
        return true
      })
    })
  }

  /** Ends the capture. Await what `follow` returned before, so that the last segments are in it. */
  stop(): Promise<readonly CaptureNote[]> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(): Promise<readonly CaptureNote[]> {
    await this.#process?.stop()
    this.#decoder.end()
    const dropped = this.#process?.dropped ?? 0
    if (dropped > 0) this.#notes.add('dropped', {}, dropped)
    // Here, that packets are cut is as it was asked for.
    return this.#notes.notes.filter(({ code }) => code !== 'cut-packets')
  }

  async #untilEnded({ ended }: CaptureProcess, failed: LiveCaptureOptions['failed']): Promise<void> {
    const error = await ended
    this.#break()
    if (error !== undefined) failed?.(error)
  }

  #receive(chunk: Uint8Array, failed: LiveCaptureOptions['failed']): void {
    if (this.#broken) return
    try {
      this.#reader.receive(chunk)
    } catch (error) {
      // What the tool writes is not to be relied on: nothing of it may reach the event loop.
      this.#break()
      if (error instanceof CaptureError) failed?.(error)
    }
  }

  #give(packet: TcpPacket): void {
    if (this.#followed.some((followed) => followed.take(packet))) return
    if (this.#waiting.length >= waitingMax) this.#waiting.shift()
    this.#waiting.push(packet)
    this.#seekers = this.#seekers.filter((seeker) => !seeker(packet))
  }

  #break(): void {
    this.#broken = true
    for (const seeker of this.#seekers) seeker(undefined)
    for (const followed of this.#followed) followed.break()
  }
}

/** A copy of the header, so that the chunk it came in can be let go. */
function headerOf(packet: TcpPacket): TcpPacket {
  return { ...packet, bytes: packet.bytes.slice(0, packet.header.length), payload: new Uint8Array(0) }
}

/**
 * Captures TCP with these endpoints: the server's addresses, or the proxy's. When the promise resolves, every packet from
 * then on is seen, so that a connection may be begun.
 *
 * @throws CaptureError `CAPTURE_NO_TOOL`, `CAPTURE_NOT_PERMITTED` or `CAPTURE_FAILED`: the segments can only be inferred.
 */
export async function startLiveCapture(
  endpoints: readonly Endpoint[],
  options: LiveCaptureOptions = {},
): Promise<LiveCapture> {
  const capture = new LiveCapture()
  await capture.begin(endpoints, options)
  return capture
}
