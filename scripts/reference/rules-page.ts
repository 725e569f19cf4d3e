import { formatRules, rules } from 'centouno/telling'
import type { Rule, RuleSubject } from 'centouno/telling'
import { page, plainText, table } from './markdown.ts'

const subjects: readonly (readonly [subject: RuleSubject, title: string, words: string])[] = [
  ['uri', 'The URI', 'Judged before anything is sent.'],
  ['request', 'The request', 'Judged by the server; the client judges its own request by them, too.'],
  ['response', 'The response', 'Judged by the client on a 101.'],
  [
    'conduct',
    'Conduct',
    'Kept by how an endpoint behaves: no single handshake can show them, a test of the same id does.',
  ],
]

/** Every rule of the opening handshake, and the seven format rules that sum them up. */
export function rulesPage(): string {
  return page(
    '# Rules of the opening handshake',
    'Every requirement has an id that never changes. The refusal of a server names the one that was broken, and so does the error of a client; `relaxed` takes ids of rules that are to be told but not enforced. A `note` is a choice that the clause leaves open, or a trap.',
    ...subjects.flatMap(([subject, title, words]) => [
      `## ${title}`,
      words,
      table(
        ['rule', 'clause', 'level', 'binds', 'what it asks'],
        rules.filter((rule) => rule.subject === subject).map(cells),
      ),
    ]),
    '## The seven format rules of a request',
    'By which introductions describe a valid request; each is the sum of some rules above.',
    table(
      ['', 'what it asks', 'rules'],
      formatRules.map(({ id, sentence, ruleIds }) => [id, plainText(sentence.en), ruleIds.join(', ')]),
    ),
  )
}

function cells({ id, clause, level, side, sentence }: Rule): string[] {
  return [id, clause, level, side === 'both' ? 'both' : `the ${side}`, plainText(sentence.en)]
}
