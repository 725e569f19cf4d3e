import type { Text } from 'centouno/telling'
import type { WireField } from './rung.ts'

/** A field's value: as it is, where it is a number, a name of the standard's or what a peer wrote; else in words. */
export type FieldValue = string | Text

/** A value as a field has it. */
export function fieldValue(value: FieldValue): Pick<WireField, 'value' | 'zh'> {
  if (typeof value === 'string') return { value }
  return value.en === value.zh ? { value: value.en } : { value: value.en, zh: value.zh }
}

/** So many bytes, in words. */
export function bytesValue(count: number): Text {
  return { en: count === 1 ? '1 byte' : `${count} bytes`, zh: `${count} 字节` }
}
