import type { Text } from 'centouno/telling'

/** RFC 6455 §5.2. */
export const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const

const names: ReadonlyMap<number, Text> = new Map<number, Text>([
  [opcodes.continuation, { en: 'Continuation', zh: '延续' }],
  [opcodes.text, { en: 'Text', zh: '文本' }],
  [opcodes.binary, { en: 'Binary', zh: '二进制' }],
  [opcodes.close, { en: 'Close', zh: 'Close' }],
  [opcodes.ping, { en: 'Ping', zh: 'Ping' }],
  [opcodes.pong, { en: 'Pong', zh: 'Pong' }],
])

/** What an opcode is called; one without a meaning is called so. */
export function opcodeName(opcode: number): Text {
  return names.get(opcode) ?? { en: 'Reserved opcode', zh: '保留的操作码' }
}

/** RFC 6455 §5.5: the highest of the four bits tells control frames. */
export function isControl(opcode: number): boolean {
  return (opcode & 0x8) !== 0
}
