import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { HandshakeInputError, keyFrom, readWebSocketUri } from 'centouno/telling'
import type { Language, RequestParts } from 'centouno/telling'
import type { Break } from '../break-a-rule/break.ts'
import { breakOutcome } from '../break-a-rule/break-outcome.ts'
import type { BreakOutcome } from '../break-a-rule/break-outcome.ts'
import { breaks, breaksOf } from '../break-a-rule/breaks.ts'
import { bytesOfRequest, requestText, validRequest } from '../break-a-rule/opening-request.ts'
import type { OpeningRequest } from '../break-a-rule/opening-request.ts'
import { sendBroken } from '../break-a-rule/send-broken.ts'
import { breakLine, controlLine, summaryLine } from '../telling/break-text.ts'
import { verdictLines } from '../telling/report-text.ts'
import { span } from '../telling/styled-line.ts'
import { collectText, languageOption } from './arguments.ts'
import { addConnectionFlags, connectOptions, fieldsOf } from './connection-flags.ts'
import type { ConnectionFlags } from './connection-flags.ts'
import type { Shell } from './shell.ts'
import type { Terminal } from './terminal.ts'

interface BreakFlags extends ConnectionFlags {
  readonly rule?: readonly string[]
  readonly all?: true
  readonly json?: true
  readonly lang: Language
}

/** Exit codes of `centouno break`. */
const exitCodes = { refused: 0, wronglyAccepted: 1, unusable: 2, nothingShown: 3 } as const
const keyBytes = 16
const switching = 101

/** What came of one broken handshake. */
interface Shown {
  readonly broken: Break
  readonly outcome: BreakOutcome
}

export function addBreak(program: Command, shell: Shell): void {
  const command = program
    .command('break')
    .description('Break the rules of the opening handshake one by one, and see whether the server refuses')
    .argument('<url>', 'ws: or wss: URL of a server that you may test')
    .option('--rule <id>', 'only this rule, or this way to break one (see the first columns); repeatable', collectText)
    .option('--all', 'every rule (the default)')
    .option('--json', 'print what came of each as one JSON object')
    .addOption(languageOption())
  addConnectionFlags(command)
    .addHelpText(
      'after',
      `
A valid handshake goes first: where it is not accepted, refusals of broken ones show nothing.
Exit status: 0 none was wrongly accepted, 1 one was, 2 not understood, 3 the valid handshake was not accepted.`,
    )
    .action(async (url: string, flags: BreakFlags) => shell.finish(await breakRules(url, flags, shell)))
}

async function breakRules(url: string, flags: BreakFlags, { terminal, signal }: Shell): Promise<number> {
  const complain = (sentence: string): number => {
    terminal.remark([span('✗ ', 'bad'), span(sentence)])
    return exitCodes.unusable
  }
  const unknown = flags.rule?.find((name) => breaksOf([name]).length === 0)
  if (unknown !== undefined) return complain(unknownRule(unknown)[flags.lang])
  const chosen = breaksOf(flags.all === true ? [] : (flags.rule ?? []))
  const reading = readWebSocketUri(url)
  if (!reading.ok) return complain(`${reading.rule}: ${reading.found}`)
  const make = (): OpeningRequest => validRequest(partsOf(reading.uri, flags))
  try {
    make()
  } catch (error) {
    if (!(error instanceof HandshakeInputError)) throw error
    return complain(error.message)
  }
  const { handshakeTimeout, proxy, tls } = connectOptions(flags)
  const send = (text: string): ReturnType<typeof sendBroken> =>
    sendBroken({ url, bytes: bytesOfRequest(text), handshakeTimeout, proxy, tls, signal })

  const control = await send(requestText(make()))
  const shown: Shown[] = []
  const accepted = control.response?.status === switching
  if (flags.json !== true) {
    terminal.print(controlLine(control, flags.lang))
    if (!accepted) for (const line of verdictLines(control, flags.lang)) terminal.print(line)
  }
  if (!accepted) {
    if (flags.json === true) printJson(url, control.response?.status, shown, flags.lang, terminal)
    return exitCodes.nothingShown
  }
  for (const broken of chosen) {
    signal.throwIfAborted()
    const outcome = breakOutcome(await send(broken.falsify(make())), broken)
    shown.push({ broken, outcome })
    if (flags.json !== true) terminal.print(breakLine(broken, outcome, chosen, flags.lang))
  }
  if (flags.json === true) printJson(url, switching, shown, flags.lang, terminal)
  else terminal.print(summaryLine(shown, flags.lang))
  return shown.some(({ outcome }) => outcome.judgement === 'wrong') ? exitCodes.wronglyAccepted : exitCodes.refused
}

function partsOf(uri: RequestParts['uri'], flags: BreakFlags): RequestParts {
  const { origin, subprotocol = [] } = flags
  return {
    uri,
    key: keyFrom(randomBytes(keyBytes)),
    ...(origin === undefined ? {} : { origin }),
    subprotocols: subprotocol,
    extensions: [],
    fields: fieldsOf(flags).map(([name, value]) => ({ name, value })),
  }
}

function printJson(
  url: string,
  control: number | undefined,
  shown: readonly Shown[],
  language: Language,
  terminal: Terminal,
): void {
  terminal.printJson({
    url,
    valid: { status: control ?? null, accepted: control === switching },
    breaks: shown.map(({ broken: { id, rule, name }, outcome: { kind, status, named, judgement, sentence } }) => ({
      id,
      rule,
      sent: name[language],
      outcome: kind,
      status: status ?? null,
      named: named ?? null,
      judgement,
      sentence: sentence[language],
    })),
  })
}

function unknownRule(name: string): Record<Language, string> {
  const known = [...new Set(breaks.map(({ rule }) => rule))].join(', ')
  return {
    en: `There is no way here to break "${name}". Name one of these rules: ${known}.`,
    zh: `这里没有办法违反“${name}”。请从这些规则中选一条：${known}。`,
  }
}
