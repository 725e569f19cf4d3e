import type { Text } from '../../text.ts'
import { quoted, quotedAll } from '../quoted.ts'
import type { RequestFacts } from '../request-facts.ts'
import { protocolVersion } from '../upgrade-required.ts'

/*
 * The faults a request's version can have. They exclude each other, so that one mistake is told once:
 * more than one version, or one that is no number, or one that is not ours.
 *
 *     Sec-WebSocket-Version = version
 *     version = DIGIT / ( NZDIGIT DIGIT ) / ( "1" DIGIT DIGIT ) / ( "2" DIGIT DIGIT )   ; 0-255, no leading zero
 */

/** H-REQ-13: several lines, or a list. */
export function severalVersions({ versions }: RequestFacts): Text | undefined {
  if (versions.length < 2 && versions[0]?.includes(',') !== true) return undefined
  const shown = quotedAll(versions)
  return {
    en: `\`Sec-WebSocket-Version\` is ${shown}: more than one version.`,
    zh: `\`Sec-WebSocket-Version\` 是 ${shown}：不止一个版本。`,
  }
}

/** H-VER-02: one version, and it leaves the grammar. */
export function malformedVersion(facts: RequestFacts): Text | undefined {
  const [version] = facts.versions
  if (version === undefined || severalVersions(facts) !== undefined || isVersion(version)) return undefined
  return {
    en: `\`Sec-WebSocket-Version\` is ${quoted(version)}: no number from 0 to 255 without leading zeros.`,
    zh: `\`Sec-WebSocket-Version\` 是 ${quoted(version)}：不是 0 到 255 之间、没有前导零的数。`,
  }
}

/** H-REQ-12: no version, or a well-formed one that is not 13. Only asked when neither of the above is found. */
export function unsupportedVersion({ versions }: RequestFacts): Text | undefined {
  const [version] = versions
  if (version === protocolVersion) return undefined
  if (version === undefined) {
    return { en: 'There is no `Sec-WebSocket-Version` field.', zh: '没有 `Sec-WebSocket-Version` 字段。' }
  }
  return isDraft(version)
    ? {
        en: `\`Sec-WebSocket-Version\` is ${quoted(version)}, a draft of the protocol.`,
        zh: `\`Sec-WebSocket-Version\` 是 ${quoted(version)}，那是协议的草案版本。`,
      }
    : {
        en: `\`Sec-WebSocket-Version\` is ${quoted(version)}.`,
        zh: `\`Sec-WebSocket-Version\` 是 ${quoted(version)}。`,
      }
}

/** H-VER-05: the version is the number of a draft, 0 to 12. */
export function namesDraft({ versions }: RequestFacts): boolean {
  const [version] = versions
  return versions.length === 1 && version !== undefined && isVersion(version) && isDraft(version)
}

function isVersion(text: string): boolean {
  return /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= 255
}

function isDraft(version: string): boolean {
  return Number(version) < Number(protocolVersion)
}
