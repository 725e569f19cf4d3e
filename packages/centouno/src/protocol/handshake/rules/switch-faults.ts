import type { Text } from '../../text.ts'
import { quoted, quotedAll } from '../quoted.ts'
import type { ExtensionOffer } from '../extension-list.ts'
import type { ResponseFacts } from '../response-facts.ts'

/* What can be wrong with a 101. Each fault is looked for by the client's rule, and by the server's it answers to. */

export function wrongStatusLine({ head }: ResponseFacts): Text | undefined {
  if (head.status === 101 && /^1\.[1-9]$/.test(head.version)) return undefined
  const shown = quoted(`HTTP/${head.version} ${head.status}`)
  return { en: `The status line is ${shown}.`, zh: `状态行是 ${shown}。` }
}

export function wrongUpgrade({ upgradeLines, upgrades }: ResponseFacts): Text | undefined {
  if (upgradeLines.length === 0) return { en: 'There is no `Upgrade` field.', zh: '没有 `Upgrade` 字段。' }
  if (upgrades.length > 0 && upgrades.every((protocol) => protocol === 'websocket')) return undefined
  const shown = quotedAll(upgradeLines)
  return { en: `\`Upgrade\` is ${shown}.`, zh: `\`Upgrade\` 是 ${shown}。` }
}

/** A token in a list, not the whole value (H-TRAP-03). */
export function wrongConnection({ connectionLines, connectionOptions }: ResponseFacts): Text | undefined {
  if (connectionOptions.includes('upgrade')) return undefined
  if (connectionLines.length === 0) return { en: 'There is no `Connection` field.', zh: '没有 `Connection` 字段。' }
  const shown = quotedAll(connectionLines)
  return {
    en: `\`Connection\` is ${shown}: the option \`Upgrade\` is not among them.`,
    zh: `\`Connection\` 是 ${shown}：其中没有 \`Upgrade\` 选项。`,
  }
}

export function wrongAccept({ accept, accepts, sent }: ResponseFacts): Text | undefined {
  const [value] = accepts
  if (value === accept) return undefined
  if (value === undefined) {
    return { en: 'There is no `Sec-WebSocket-Accept` field.', zh: '没有 `Sec-WebSocket-Accept` 字段。' }
  }
  return {
    en: `\`Sec-WebSocket-Accept\` is ${quoted(value)}; for the key ${quoted(sent.key)} it has to be ${quoted(accept)}.`,
    zh: `\`Sec-WebSocket-Accept\` 是 ${quoted(value)}；对应密钥 ${quoted(sent.key)}，它应当是 ${quoted(accept)}。`,
  }
}

/** Empty also where they cannot be read, which another rule tells. */
export function acceptedExtensions({ extensions }: ResponseFacts): readonly ExtensionOffer[] {
  return extensions?.ok === true ? extensions.offers : []
}

export function unofferedExtension(facts: ResponseFacts): Text | undefined {
  const offered = facts.sent.extensions
  const unoffered = acceptedExtensions(facts).find(({ name }) => !offered.some((offer) => offer.name === name))
  if (unoffered === undefined) return undefined
  const shown = quoted(unoffered.name)
  return { en: `The extension ${shown} was not offered.`, zh: `扩展 ${shown} 不是客户端提出的。` }
}

/** Only the first line: a second one is H-SRV-15's to tell. */
export function unofferedSubprotocol({ subprotocols, sent }: ResponseFacts): Text | undefined {
  const [chosen] = subprotocols
  if (chosen === undefined || sent.subprotocols.includes(chosen)) return undefined
  if (sent.subprotocols.length === 0) {
    return {
      en: `The server picked ${quoted(chosen)}; no subprotocol was offered.`,
      zh: `服务器选了 ${quoted(chosen)}，而客户端没有提出任何子协议。`,
    }
  }
  const offered = quotedAll(sent.subprotocols)
  return {
    en: `The server picked ${quoted(chosen)}; offered were ${offered}.`,
    zh: `服务器选了 ${quoted(chosen)}；客户端提出的是 ${offered}。`,
  }
}
