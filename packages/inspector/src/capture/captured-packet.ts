/** One packet as a capture holds it. */
export interface CapturedPacket {
  /** Nanoseconds since 1970; undefined where the capture has no time for it. */
  readonly timeNs: bigint | undefined
  /** The LINKTYPE value: what the bytes begin with. */
  readonly linkType: number
  /** What was kept of it. */
  readonly bytes: Uint8Array
  /** How long it was on the wire. */
  readonly wireLength: number
}

/** Takes what a reader of captures finds, in the order of the file. */
export interface CaptureTaker {
  packet(packet: CapturedPacket): void
  /** TLS keys in the format of SSLKEYLOGFILE. */
  keyLog(text: string): void
  /** Secrets that are no such keys. */
  unknownSecrets(): void
}

export const nanosecondsPerSecond = 1_000_000_000n

/** Reads one format of captures, from where it stands. */
export interface FormatReader {
  /**
   * Reads one record at the start of the bytes and tells it.
   *
   * @param at Where in the file these bytes stand, for errors.
   * @returns How many bytes the record took; 0 when it is not complete yet.
   * @throws CaptureError when it cannot be a record.
   */
  read(bytes: Uint8Array, at: number, taker: CaptureTaker): number
}
