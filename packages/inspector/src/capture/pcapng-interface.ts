import { CaptureError } from './capture-error.ts'
import { nanosecondsPerSecond } from './captured-packet.ts'

/** An interface packets were captured on, as pcapng describes it. */
export interface CaptureInterface {
  readonly linkType: number
  /** Bytes kept of a packet at most; 0 for no limit. */
  readonly snapLength: number
  /** Nanoseconds since 1970 of a time in the interface's own units. */
  timeOf(high: number, low: number): bigint
}

const fixedBytes = 8
const optionHeadBytes = 4
const endOfOptions = 0
const timeResolution = 9
const timeOffset = 14

const binaryResolutionBit = 0x80
const microseconds = 6
const word = 0x1_0000_0000n

/** Reads an interface description: what its packets begin with, and how their times are meant. */
export function readInterface(body: DataView, littleEndian: boolean, at: number): CaptureInterface {
  if (body.byteLength < fixedBytes) {
    throw new CaptureError('CAPTURE_DAMAGED', { at, reason: 'an interface without its fields' })
  }
  let resolution = microseconds
  let offsetSeconds = 0n
  let position = fixedBytes
  while (position + optionHeadBytes <= body.byteLength) {
    const code = body.getUint16(position, littleEndian)
    const length = body.getUint16(position + 2, littleEndian)
    const value = position + optionHeadBytes
    if (code === endOfOptions || value + length > body.byteLength) break
    if (code === timeResolution && length === 1) resolution = body.getUint8(value)
    if (code === timeOffset && length === 8) offsetSeconds = body.getBigInt64(value, littleEndian)
    position = value + Math.ceil(length / 4) * 4
  }
  const unitsPerSecond =
    (resolution & binaryResolutionBit) === 0
      ? 10n ** BigInt(resolution)
      : 2n ** BigInt(resolution & ~binaryResolutionBit)
  return {
    linkType: body.getUint16(0, littleEndian),
    snapLength: body.getUint32(4, littleEndian),
    timeOf: (high, low) =>
      ((BigInt(high) * word + BigInt(low)) * nanosecondsPerSecond) / unitsPerSecond +
      offsetSeconds * nanosecondsPerSecond,
  }
}
