import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { ConnectOptions } from 'centouno'
import type { Language } from 'centouno/telling'
import { readSteps } from '../conversation/step.ts'
import { StepError } from '../conversation/step-error.ts'
import { parseRequestFile } from '../request-file/request-file.ts'
import type { SavedRequest } from '../request-file/request-file.ts'
import { RequestFileError } from '../request-file/request-file-error.ts'
import { fillRequest } from '../request-file/variables.ts'
import { entryText } from '../telling/entry-text.ts'
import { span } from '../telling/styled-line.ts'
import { collectPair, collectText, languageOption, milliseconds } from './arguments.ts'
import { carryOut } from './connect.ts'
import { addRecordingFlags, sessionWriter } from './recording-flags.ts'
import type { RecordingFlags } from './recording-flags.ts'
import type { SessionWriter } from './session-writer.ts'
import type { Shell } from './shell.ts'
import { exitCodes, Talk } from './talk.ts'
import { WatchedConnection } from './watched-connection.ts'

interface RunFlags extends RecordingFlags {
  readonly var?: readonly (readonly [name: string, value: string])[]
  readonly only?: readonly string[]
  readonly expectWithin: number
  readonly lang: Language
}

export function addRun(program: Command, shell: Shell): void {
  const command = program
    .command('run')
    .description('Carry out a file of saved requests, one connection after another, and say which went as expected')
    .argument('<file>', 'what the page saves: variables, requests, and what is said')
    .option('--var <pair>', "value of a variable, 'name=value'; repeatable", collectPair)
    .option('--only <name>', 'the request of this name; repeatable (default: all)', collectText)
    .option('--expect-within <ms>', 'milliseconds an /expect waits', milliseconds, 10_000)
    .addOption(languageOption())
  addRecordingFlags(command)
    .addHelpText('after', '\nExit status: 0 all went as expected, else that of the first which did not (see connect).')
    .action(async (file: string, flags: RunFlags) => shell.finish(await run(file, flags, shell)))
}

async function run(file: string, flags: RunFlags, shell: Shell): Promise<number> {
  const { terminal, environment } = shell
  try {
    const { variables, requests } = parseRequestFile(await readFile(file, 'utf8'))
    const named = new Map([...variables, ...(flags.var ?? [])])
    const chosen = requests.filter(({ name }) => flags.only === undefined || flags.only.includes(name))
    if (chosen.length === 0) {
      terminal.remark([span('✗ ', 'bad'), span(nothingToRun[flags.lang])])
      return exitCodes.unusable
    }
    // All of them are read before the first one is made.
    const ready = chosen.map((request) => {
      const filled = fillRequest(request, { named, environment })
      return { request: filled, steps: readSteps(filled.conversation) }
    })
    using session = sessionWriter(flags)
    let exitCode: number = exitCodes.ended
    for (const { request, steps } of ready) {
      shell.signal.throwIfAborted()
      const code = await carryOutRequest(request, steps, flags, shell, session)
      if (exitCode === exitCodes.ended) exitCode = code
    }
    return exitCode
  } catch (error) {
    if (!(error instanceof RequestFileError) && !(error instanceof StepError)) throw error
    terminal.remark([span('✗ ', 'bad'), span(error.text[flags.lang])])
    return exitCodes.unusable
  }
}

const nothingToRun = {
  en: 'The file has no request of that name. See the names behind ### in it.',
  zh: '文件里没有这个名称的请求。请查看文件中 ### 后面的名称。',
}

async function carryOutRequest(
  request: SavedRequest,
  steps: ReturnType<typeof readSteps>,
  flags: RunFlags,
  { terminal, signal }: Shell,
  session: SessionWriter | undefined,
): Promise<number> {
  terminal.print([span(`### ${request.name === '' ? request.url : request.name}`, 'strong')])
  const watched = session && new WatchedConnection({ url: request.url, withSecrets: flags.withSecrets ?? false })
  const talk = await Talk.begin(
    request.url,
    optionsOf(request),
    { language: flags.lang, patience: flags.expectWithin, watched },
    {
      entry: (entry) => {
        for (const line of entryText(entry, flags.lang)) terminal.print(line)
      },
      remark: (line) => terminal.print(line),
    },
    signal,
  )
  const exitCode = talk === undefined ? exitCodes.notOpen : await carryOut(talk, steps)
  if (watched !== undefined) session?.add(await watched.recorded())
  return exitCode
}

function optionsOf({ fields, subprotocols, origin, settings }: SavedRequest): ConnectOptions {
  return {
    headers: fields,
    subprotocols,
    origin: origin === '' ? undefined : origin,
    proxy: settings.proxy,
    ...(settings.insecure ? { tls: { rejectUnauthorized: false } } : {}),
  }
}
