import { statusCodeRow } from 'centouno/telling'
import type { Text } from 'centouno/telling'
import { bytesValue, fieldValue } from '../wire/field-value.ts'
import type { WireField } from '../wire/rung.ts'
import type { ScannedFrame } from './frame-scanner.ts'
import { opcodeName, opcodes } from './opcode-names.ts'

const codeBytes = 2

/** A frame's bits and bytes by the names of RFC 6455 §5.2. */
export function frameFields({ head, header, payload, payloadLength }: ScannedFrame): readonly WireField[] {
  const { keyAt, length } = head
  const counted = head.payloadLength === undefined ? tooLong : bytesValue(head.payloadLength)
  const opcode = opcodeName(head.opcode)
  return [
    bit('FIN', head.fin, 0, 0),
    ...head.reserved.map((set, index) => bit(`RSV${index + 1}`, set, 0, index + 1)),
    {
      name: 'opcode',
      ...fieldValue({ en: `${opcode.en} (${head.opcode})`, zh: `${opcode.zh} (${head.opcode})` }),
      start: 0,
      end: 1,
      bits: [4, 7],
    },
    bit('MASK', head.masked, 1, 0),
    {
      name: 'Payload len',
      ...fieldValue(keyAt === 2 ? bytesValue(head.shortLength) : lengthFollows(head.shortLength)),
      start: 1,
      end: 2,
      bits: [1, 7],
    },
    ...(keyAt > 2 ? [{ name: 'Extended payload length', ...fieldValue(counted), start: 2, end: keyAt }] : []),
    ...(head.masked
      ? [{ name: 'Masking-key', value: hex(header.subarray(keyAt, length)), start: keyAt, end: length }]
      : []),
    ...(payloadLength > 0 ? [payloadField(head.opcode, length, payload, payloadLength)] : []),
  ]
}

const tooLong: Text = { en: 'more than 2^53', zh: '超过 2^53' }

function lengthFollows(length: number): Text {
  return { en: `${length}: see the next field`, zh: `${length}：见下一个字段` }
}

function bit(name: string, set: boolean, at: number, index: number): WireField {
  return { name, value: set ? '1' : '0', start: at, end: at + 1, bits: [index, index] }
}

function payloadField(opcode: number, start: number, payload: Uint8Array, payloadLength: number): WireField {
  const field = { name: 'Payload data', ...fieldValue(bytesValue(payloadLength)), start, end: start + payloadLength }
  if (opcode !== opcodes.close || payloadLength < codeBytes) return field
  const code = ((payload[0] as number) << 8) | (payload[1] as number)
  const reason = Buffer.from(payload.subarray(codeBytes)).toString('utf8')
  const reasonField = { name: 'Reason', value: reason, start: start + codeBytes, end: start + payloadLength }
  return {
    ...field,
    fields: [
      { name: 'Status code', value: closeCodeText(code), start, end: start + codeBytes },
      ...(reason === '' ? [] : [reasonField]),
    ],
  }
}

/** A status code with its name: `1000 (Normal Closure)`. */
export function closeCodeText(code: number): string {
  const name = statusCodeRow(code)?.name
  return name === undefined ? String(code) : `${code} (${name})`
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
