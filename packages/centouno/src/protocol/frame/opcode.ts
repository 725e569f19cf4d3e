/** The opcodes of RFC 6455 §5.2. All others are reserved. */
export const opcodes = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const

/** An opcode that the standard defines. */
export type Opcode = (typeof opcodes)[keyof typeof opcodes]

/** The highest bit of the four tells control frames from data frames (RFC 6455 §5.5). */
const controlBit = 0x8

/** True for Close, Ping, Pong and the control opcodes still reserved. */
export function isControl(opcode: number): boolean {
  return (opcode & controlBit) !== 0
}

/** True for an opcode that the standard defines. */
export function isDefined(opcode: number): opcode is Opcode {
  return opcode <= opcodes.binary || (opcode >= opcodes.close && opcode <= opcodes.pong)
}
