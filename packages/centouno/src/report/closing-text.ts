import type { Closing } from '../protocol/connection/closing.ts'
import { statusCodeRow } from '../protocol/close/status-codes.ts'
import type { Language, Text } from '../protocol/text.ts'
import { endCodeOf } from './code-rows/ends.ts'
import { violationCodes } from './code-rows/violations.ts'
import type { CodeDetails } from './codes.ts'
import { codeRow, fillText, isCode } from './codes.ts'
import { idleCutText, silenceSeconds } from './idle-limits.ts'
import type { VerdictText } from './verdict.ts'

/** How a connection ended, as far as it survives JSON; the error, where it is at hand, gives the system's words. */
export type ToldClosing = Omit<Closing, 'error'> & { readonly error?: Closing['error'] }

/** How a connection ended, for people: the code and what it says. */
export interface ClosingText extends VerdictText {
  readonly code: string
}

/**
 * The code of an end, from the table of codes: `END_PEER_FIN`, `MESSAGE_TOO_LONG`. It tells apart what the standard's
 * 1006 does not, and both ends of a connection give the same one where the one that ended it could still say why.
 */
export function closingCode(closing: ToldClosing): string {
  return closing.violation ?? namedByPeer(closing)?.code ?? endCodeOf[closing.cause]
}

/** The end in words. */
export function closingText(closing: ToldClosing, language: Language): ClosingText {
  const code = closingCode(closing)
  const named = namedByPeer(closing)
  const details = { ...detailsOf(closing, language), code, ...named }
  const { sentence, hint } = isCode(code) ? codeRow(code) : fromAnotherVersion
  return {
    code,
    sentence: fillText(named === undefined ? sentence : toldByPeer, details)[language],
    hint: closing.silence === undefined ? fillText(hint, details)[language] : idleCutText(closing.silence, language),
  }
}

const fromAnotherVersion: { readonly sentence: Text; readonly hint: Text } = {
  sentence: { en: 'The connection ended with {code}.', zh: '连接以 {code} 结束。' },
  hint: {
    en: 'This version does not know the code: look it up in the documentation of the version that told it.',
    zh: '本版本不认识这个代码：请查阅给出该代码的版本的文档。',
  },
}

/** What is said of an end that the other side has explained. */
const toldByPeer: Text = {
  en: 'The other side ended the connection with {status} and says why: {code}[, "{words}"].',
  zh: '对方以状态码 {status} 结束了连接，并说明了原因：{code}[，“{words}”]。',
}

const openers: Readonly<Record<Closing['initiator'], Text>> = {
  local: { en: 'This side', zh: '本端' },
  remote: { en: 'The other side', zh: '对方' },
}

function detailsOf(closing: ToldClosing, language: Language): CodeDetails {
  const { code, initiator, received, error } = closing
  const row = statusCodeRow(code)
  return {
    opener: openers[initiator][language],
    status: code,
    name: row?.name ?? '',
    meaning: row?.meaning[language] ?? '',
    says: initiator === 'remote' ? (received?.reason ?? '') : '',
    reason: error?.message.replace(/\.$/, '') ?? '',
    silence: closing.silence === undefined ? '' : silenceSeconds(closing.silence),
  }
}

/** The code with which a side of ours begins the reason of its Close when it is not the application that closes. */
function namedByPeer({ cause, initiator, received }: ToldClosing): { code: string; words: string } | undefined {
  if (cause !== 'closing-handshake' || initiator !== 'remote' || received === undefined) return undefined
  const [code = '', ...rest] = received.reason.split(': ')
  if (!isEndCode(code)) return undefined
  return { code, words: rest.join(': ').replace(/\.$/, '') }
}

function isEndCode(code: string): boolean {
  return (code.startsWith('END_') && isCode(code)) || violationCodes.some((row) => row.code === code)
}
