import { fillText, rules } from 'centouno/telling'
import type { ConnectionReport, Rule, Text } from 'centouno/telling'
import type { Break } from './break.ts'

/** What a server made of a broken handshake. */
export interface BreakOutcome {
  /**
   * `refused`: it answered, and did not switch. `accepted`: it switched. `hung-up`: it ended the connection without a reply.
   * `silent`: it did not answer in time. `garbled`: what came was no HTTP. `unreached`: nothing was sent.
   */
  readonly kind: 'refused' | 'accepted' | 'hung-up' | 'silent' | 'garbled' | 'unreached'
  /** Of the reply, if there was one. */
  readonly status: number | undefined
  /** The rule that the reply names, if it names one. */
  readonly named: string | undefined
  /** `good`: as it should be. `allowed`: not refused, and the standard lets it pass. `wrong`: it had to be refused. `open`: nothing shown. */
  readonly judgement: 'good' | 'allowed' | 'wrong' | 'open'
  readonly sentence: Text
}

const switching = 101
const endedCodes: ReadonlySet<string> = new Set(['UPGRADE_ENDED', 'UPGRADE_RESET', 'UPGRADE_BROKEN'])

/**
 * Reads from the report of a broken handshake what became of it.
 *
 * @param broken What was broken; undefined for a request that somebody wrote by hand: whether it had to be refused is then
 * said by the rules that the report found broken.
 */
export function breakOutcome(report: ConnectionReport, broken: Break | undefined): BreakOutcome {
  const { request, response, verdict } = report
  const named = response === null ? undefined : namedRule(response.body)
  const status = response?.status
  if (request === null) return { kind: 'unreached', status, named, judgement: 'open', sentence: sentences.unreached }
  if (status === undefined) return withoutReply(verdict.code)
  if (status === switching) return accepted(report, broken)
  const expected = broken?.rule
  const details = { status, named: named ?? '', expected: expected ?? '' }
  const text =
    named === undefined
      ? sentences.refused
      : expected === undefined || named === expected
        ? sentences.refusedByRule
        : sentences.refusedByOther
  return { kind: 'refused', status, named, judgement: 'good', sentence: fillText(text, details) }
}

function withoutReply(code: string): BreakOutcome {
  const nothing = { status: undefined, named: undefined } as const
  if (endedCodes.has(code)) return { kind: 'hung-up', ...nothing, judgement: 'good', sentence: sentences.hungUp }
  if (code === 'UPGRADE_TIMEOUT') return { kind: 'silent', ...nothing, judgement: 'open', sentence: sentences.silent }
  if (code === 'ABORTED') return { kind: 'silent', ...nothing, judgement: 'open', sentence: sentences.givenUp }
  return { kind: 'garbled', ...nothing, judgement: 'open', sentence: sentences.garbled }
}

function accepted(report: ConnectionReport, broken: Break | undefined): BreakOutcome {
  const answer = { kind: 'accepted', status: switching, named: undefined } as const
  if (broken?.allowed !== undefined) {
    const sentence = {
      en: `${sentences.accepted.en} ${broken.allowed.en}`,
      zh: `${sentences.accepted.zh}${broken.allowed.zh}`,
    }
    return { ...answer, judgement: 'allowed', sentence }
  }
  if (broken !== undefined)
    return { ...answer, judgement: 'wrong', sentence: fillText(sentences.wrong, { rule: broken.rule }) }
  const found = brokenRules(report)
  const worst = found.find(({ level }) => level === 'must')
  if (worst !== undefined) {
    return { ...answer, judgement: 'wrong', sentence: fillText(sentences.wrong, { rule: worst.id }) }
  }
  if (found.length > 0) return { ...answer, judgement: 'allowed', sentence: sentences.accepted }
  return { ...answer, judgement: 'good', sentence: sentences.kept }
}

/** Those that the request breaks, by what the report says. */
function brokenRules(report: ConnectionReport): readonly Rule[] {
  const ids = new Set(report.rules.flatMap(({ id, ok }) => (ok ? [] : [id])))
  return rules.filter(({ id, subject }) => subject === 'request' && ids.has(id))
}

/** Servers of ours name the rule in the body of their refusal: the line `code:`, or the sentence below it. */
function namedRule(body: string): string | undefined {
  const id = /\bH-[A-Z0-9]{1,5}-\d{2}\b/.exec(body)?.[0]
  return rules.some((rule) => rule.id === id) ? id : undefined
}

const sentences = {
  unreached: {
    en: 'Nothing was sent: the server was not reached. See the verdict for why.',
    zh: '什么也没有发出：没能连上服务器。原因见结论。',
  },
  refused: {
    en: 'Refused with {status}, as it should be. The reply does not say which rule was broken.',
    zh: '以 {status} 拒绝，理应如此。响应没有说明违反了哪条规则。',
  },
  refusedByRule: {
    en: 'Refused with {status}, as it should be, and the reply names the rule: `{named}`.',
    zh: '以 {status} 拒绝，理应如此；响应还指出了所违反的规则：`{named}`。',
  },
  refusedByOther: {
    en: 'Refused with {status}. The reply names `{named}`, where `{expected}` was meant.',
    zh: '以 {status} 拒绝。响应指出的是 `{named}`，而本意是违反 `{expected}`。',
  },
  hungUp: {
    en: 'Refused without a word: the server ended the connection. A status would have told the client why.',
    zh: '一言不发地拒绝：服务器直接结束了连接。回一个状态码，客户端才知道原因。',
  },
  silent: {
    en: 'No answer came in time: neither refused nor accepted. The server may be waiting for more.',
    zh: '没有等到回应：既没拒绝，也没接受。服务器也许还在等待更多数据。',
  },
  givenUp: { en: 'Given up before there was an answer.', zh: '还没有回应就放弃了。' },
  garbled: { en: 'What came back was not HTTP.', zh: '返回的内容不是 HTTP。' },
  accepted: { en: 'Accepted with 101, which is allowed.', zh: '以 101 接受，这是允许的。' },
  kept: {
    en: 'Accepted with 101, and rightly: the request breaks no rule.',
    zh: '以 101 接受，理应如此：这个请求没有违反任何规则。',
  },
  wrong: {
    en: 'Wrongly accepted with 101: the request breaks `{rule}`, and RFC 6455 §4.2.1 has the server refuse it.',
    zh: '不该接受却以 101 接受了：请求违反了 `{rule}`，按 RFC 6455 §4.2.1 服务器必须拒绝。',
  },
} satisfies Record<string, Text>
