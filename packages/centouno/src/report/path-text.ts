import type { Language, Text } from '../protocol/text.ts'
import type { CodeDetails } from './codes.ts'
import { fillText } from './codes.ts'
import { intermediaries, type IntermediaryName } from './intermediaries.ts'
import { troubles, type Hop, type Trouble } from './path-troubles.ts'

/** Where on the way it happened. */
const hops: Readonly<Record<Hop, Text>> = {
  'client-proxy': {
    en: 'Where: between the client and {by} (client ✗ {node} → server).',
    zh: '位置：客户端与 {by} 之间（客户端 ✗ {node} → 服务器）。',
  },
  proxy: {
    en: 'Where: at {by} (client → {node} ✗ server).',
    zh: '位置：{by} 上（客户端 → {node} ✗ 服务器）。',
  },
  'proxy-server': {
    en: 'Where: between {by} and the server (client → {node} ✗ server).',
    zh: '位置：{by} 与服务器之间（客户端 → {node} ✗ 服务器）。',
  },
}

const someProxy: Text = { en: 'a proxy in between', zh: '途中的代理' }
const someNode: Text = { en: 'proxy', zh: '代理' }

/** The trouble that the details name, if any. */
export function troubleOf(details: CodeDetails): Trouble | undefined {
  const name = String(details['trouble'] ?? '')
  return Object.hasOwn(troubles, name) ? troubles[name as keyof typeof troubles] : undefined
}

/** What went wrong between client and server, at which hop, and the line to change; empty when nothing is known of it. */
export function pathText(details: CodeDetails, language: Language): string {
  const trouble = troubleOf(details)
  if (trouble === undefined) return ''
  const known = intermediaries.find(({ name }) => name === details['by'])?.name
  const change = changeFor(trouble, known)
  const parts = [trouble.text, ...(trouble.hop === undefined ? [] : [hops[trouble.hop]]), ...(change ? [change] : [])]
  const filled = { ...details, by: known ?? someProxy[language], node: known ?? someNode[language] }
  const told = parts.map((part) => fillText(part, filled)[language])
  // Chinese sets a blank beside a name in Latin letters only.
  return language === 'en' ? told.join(' ') : told.join('').replaceAll(/ ?(途中的代理) ?/g, '$1')
}

function changeFor({ change }: Trouble, known: IntermediaryName | undefined): Text | undefined {
  return known === undefined ? change.otherwise : change[known]
}
