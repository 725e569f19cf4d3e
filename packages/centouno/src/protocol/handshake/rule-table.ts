import type { RuleRow } from './rule-row.ts'
import type { FormatRule, Rule } from './rule.ts'
import { connectingRules } from './rules/connecting-rules.ts'
import { deflateRules } from './rules/deflate-rules.ts'
import { httpRules } from './rules/http-rules.ts'
import { replyRules } from './rules/reply-rules.ts'
import { requestRules } from './rules/request-rules.ts'
import { responseRules } from './rules/response-rules.ts'
import { traps } from './rules/traps.ts'
import { uriRules } from './rules/uri-rules.ts'
import { versionRules } from './rules/version-rules.ts'
import { webSocketFieldRules } from './rules/websocket-field-rules.ts'
import type { Text } from '../text.ts'

/** Every row with its check, in the table's order. */
export const ruleRows: readonly RuleRow[] = [
  ...uriRules,
  ...connectingRules,
  ...requestRules,
  ...webSocketFieldRules,
  ...replyRules,
  ...responseRules,
  ...versionRules,
  ...deflateRules,
  ...httpRules,
  ...traps,
]

/** Every requirement of the opening handshake over HTTP/1.1, in the order a person would read them. */
export const rules: readonly Rule[] = ruleRows

const byId: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.id, rule]))

/**
 * The rule of that id.
 *
 * @throws RangeError when there is none: ids come from this table, so a wrong one is a mistake in the caller.
 */
export function ruleById(id: string): Rule {
  const rule = byId.get(id)
  if (rule === undefined) throw new RangeError(`There is no rule ${id}. \`rules\` lists those there are.`)
  return rule
}

const formatSentences: Readonly<Record<FormatRule, Text>> = {
  F1: { en: 'It is a valid HTTP request.', zh: '它是一个合法的 HTTP 请求。' },
  F2: { en: 'The method is `GET`, the version HTTP/1.1 or higher.', zh: '方法是 `GET`，HTTP 版本不低于 1.1。' },
  F3: { en: '`Host` is there.', zh: '有 `Host`。' },
  F4: {
    en: '`Connection` lists `Upgrade`, and `Upgrade` names `websocket`.',
    zh: '`Connection` 列出 `Upgrade`，`Upgrade` 写明 `websocket`。',
  },
  F5: { en: '`Sec-WebSocket-Key` is the base64 of 16 bytes.', zh: '`Sec-WebSocket-Key` 是 16 个字节的 base64。' },
  F6: { en: '`Sec-WebSocket-Version` is `13`.', zh: '`Sec-WebSocket-Version` 是 `13`。' },
  F7: { en: '`Origin` is there, when the client is a browser.', zh: '客户端是浏览器时，有 `Origin`。' },
}

/** The seven format rules by which an introduction describes a valid request, each with the rows it sums up. */
export const formatRules: readonly {
  readonly id: FormatRule
  readonly sentence: Text
  readonly ruleIds: readonly string[]
}[] = (['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7'] as const).map((id) => ({
  id,
  sentence: formatSentences[id],
  ruleIds: rules.filter(({ format }) => format === id).map((rule) => rule.id),
}))
