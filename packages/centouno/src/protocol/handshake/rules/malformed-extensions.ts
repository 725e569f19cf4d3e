import type { Text } from '../../text.ts'
import type { parseExtensionList } from '../extension-list.ts'

/** What both sides say of a `Sec-WebSocket-Extensions` that leaves its grammar (RFC 6455 §9.1). */
export function malformedExtensions({
  extensions,
}: {
  readonly extensions: ReturnType<typeof parseExtensionList> | undefined
}): Text | undefined {
  if (extensions?.ok !== false) return undefined
  const shown = `\`${extensions.found}\``
  return {
    en: `\`Sec-WebSocket-Extensions\` leaves the grammar here: ${shown}.`,
    zh: `\`Sec-WebSocket-Extensions\` 在这里不合语法：${shown}。`,
  }
}
