import { codes, refusalCodes, statusCodes, violations } from 'centouno/telling'
import type { CodeRow, StageName } from 'centouno/telling'
import { page, table, templateText } from './markdown.ts'

const stages: readonly (readonly [stage: StageName, title: string, words: string])[] = [
  ['resolve', 'resolve: the call, the URL and the name', 'Before any packet to the server is sent.'],
  ['connect', 'connect: TCP', 'The TCP connection, to one address after another.'],
  ['proxy', 'proxy: the tunnel', 'The way through a proxy, where there is one.'],
  ['secure', 'secure: TLS', 'The TLS handshake of a `wss:` connection.'],
  ['upgrade', 'upgrade: the opening handshake', 'The request, and the reply that should have been a 101.'],
  ['open', 'open: messages', 'Both sides may send. Violations and limits end it by their own names.'],
  ['close', 'close: the closing handshake', 'A Close frame each way.'],
  ['disconnect', 'disconnect: the end of the transport', 'The standard calls all of them 1006.'],
]

const sides: Readonly<Record<CodeRow['side'], string>> = {
  local: 'this side',
  remote: 'the other side',
  transport: 'the path between',
  either: 'either side',
}

const isRefusal: ReadonlySet<string> = new Set(refusalCodes.map(({ code }) => code))

/** Every code with what it says, what to do and whose doing it is. */
export function codesPage(): string {
  return page(
    '# Codes',
    'Every way in which a connection fails to open, is refused, or ends has one code. A `ConnectError` has it as `code`, a report as `verdict.code`; `closingCode(closing)` gives it for the end of an open connection, and a refusal of a server has it as `refusal.code`. Codes are never renamed.',
    'Words in italics are filled in; a part in brackets is left out when what it names is not known. “This side” is the one that tells the code. Each sentence and hint is there in Chinese, too: `verdictText(verdict, "zh")`, `closingText(closing, "zh")`.',
    'A handshake that breaks a rule is named by the rule’s id instead: see [the rules](rules.md).',
    ...stages.flatMap(([stage, title, words]) =>
      section(
        title,
        words,
        codes.filter((row) => row.stage === stage && !isRefusal.has(row.code)),
      ),
    ),
    ...section(
      'Refusals by a server',
      'Told by a server that runs centouno: in the body of its response as `code: …`, in `onRefused`, and by a client that runs centouno as `details.refusal`. “This side” is the server.',
      refusalCodes,
    ),
    '## Status codes of a Close frame',
    'The number in a Close frame (`closing.code`), by RFC 6455 §7.4 and the registry it founded. 3000 to 3999 are registered by libraries, 4000 to 4999 are the application’s own.',
    table(
      ['code', 'name', 'meaning', 'sent by', 'clause'],
      statusCodes.map(({ code, name, meaning, sender, clause }) => [
        String(code),
        name,
        meaning.en,
        { both: 'both sides', client: 'clients', nobody: 'nobody' }[sender],
        clause,
      ]),
    ),
  )
}

function section(title: string, words: string, rows: readonly CodeRow[]): string[] {
  return rows.length === 0 ? [] : [`## ${title}`, words, ...rows.flatMap(entry)]
}

function entry({ code, side, sentence, hint }: CodeRow): string[] {
  return [
    `### \`${code}\``,
    templateText(sentence.en),
    ...(hint.en === '' ? [] : [`**What to do.** ${templateText(hint.en)}`]),
    `**Whose doing:** ${sides[side]}.${more(code)}`,
  ]
}

function more(code: string): string {
  const violation = violations.find((row) => row.code === code)
  if (violation !== undefined) return ` **Answered with** ${violation.statusCode} (${violation.clause}).`
  const refusal = refusalCodes.find((row) => row.code === code)
  if (refusal === undefined) return ''
  const status = refusal.status === undefined ? 'the status the application chose' : String(refusal.status)
  return ` **Answered with** ${status}${refusal.rule === undefined ? '' : ` (${refusal.rule})`}.`
}
