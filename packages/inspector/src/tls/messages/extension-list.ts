import type { Text } from 'centouno/telling'
import { bytesValue, fieldValue } from '../../wire/field-value.ts'
import type { FieldValue } from '../../wire/field-value.ts'
import type { FieldReader } from '../field-reader.ts'
import { hexWords } from '../field-reader.ts'
import { extensions } from '../names/extensions.ts'
import { isGrease, named, nameOnly } from '../names/value-name.ts'
import { extensionBodies } from './extension-bodies.ts'
import type { ExtensionPlace } from './extension-bodies.ts'
import { extensionMeanings } from './extension-meanings.ts'

/** The extensions of a message by type, each with its value in words. */
export type ExtensionValues = ReadonlyMap<number, string>

/** Reads a vector of extensions (RFC 8446 §4.2). */
export function readExtensions(reader: FieldReader, place: ExtensionPlace): ExtensionValues {
  const found = new Map<number, string>()
  reader.vector('extensions', 2, (list) => {
    while (list.left > 0) readExtension(list, place, found)
    return { en: found.size === 1 ? '1 extension' : `${found.size} extensions`, zh: `${found.size} 个扩展` }
  })
  return found
}

function readExtension(list: FieldReader, place: ExtensionPlace, found: Map<number, string>): void {
  const type = list.peek(2)
  const length = lengthAfterType(list)
  list.structure(
    nameOnly(extensions, type),
    typeAndLength + length,
    (extension) => {
      extension.number('extension_type', 2, (value) => named(extensions, value))
      let value: FieldValue = ''
      extension.vector('extension_data', 2, (body) => {
        value = bodyOf(type, body, place)
        return value === '' ? bytesValue(length) : value
      })
      found.set(type, fieldValue(value).value)
      return value
    },
    meaningOf(type),
  )
}

const typeAndLength = 4

function lengthAfterType(list: FieldReader): number {
  return list.peek(typeAndLength) % 0x1_0000
}

function bodyOf(type: number, body: FieldReader, place: ExtensionPlace): FieldValue {
  const read = extensionBodies.get(type)
  if (read !== undefined) return read(body, place)
  return body.left === 0 ? '' : hexWords(body.rest('content'))
}

const grease: Text = {
  en: 'Means nothing. Clients send such values so that servers keep ignoring what they do not know (RFC 8701).',
  zh: '没有含义。客户端故意发送这样的值，好让服务器始终忽略自己不认识的内容（RFC 8701）。',
}

function meaningOf(type: number): Text | undefined {
  return isGrease(type) ? grease : extensionMeanings.get(type)
}
