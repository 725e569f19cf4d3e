import { RequestFileError } from './request-file-error.ts'

/**
 * Saved connections as plain text, for people, version control and scripts alike:
 *
 *     @host = 127.0.0.1:9001
 *
 *     ### Ada in room 42
 *     # @insecure
 *     wss://{{host}}/rooms/42?nick=ada
 *     Authorization: Bearer {{env:TOKEN}}
 *     Sec-WebSocket-Protocol: chat.v1
 *
 *     hello
 *     /expect welcome
 *     /close 1000
 *
 * A file is variables and requests. `###` begins a request and names it; a request is its settings, its URL, its header
 * fields, an empty line, and what is said once it is open (`conversation/step.ts`). `# ` begins a comment.
 */
export interface RequestFile {
  /** In the order of the file; the last of a name holds. */
  readonly variables: readonly (readonly [name: string, value: string])[]
  readonly requests: readonly SavedRequest[]
}

/** One saved request. Variables (`{{name}}`) are in its texts as they were written. */
export interface SavedRequest {
  /** Empty when the file does not name it. */
  readonly name: string
  readonly url: string
  /** Without the two that have places of their own. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly subprotocols: readonly string[]
  /** Empty: none is sent. */
  readonly origin: string
  readonly settings: RequestSettings
  /** What is said once it is open, line by line. */
  readonly conversation: readonly string[]
}

/** What is not part of the request itself. */
export interface RequestSettings {
  /** Accept a certificate that cannot be verified. */
  readonly insecure: boolean
  /** The proxy's URL; undefined: as the environment says. */
  readonly proxy: string | undefined
}

const originName = 'origin'
const subprotocolName = 'sec-websocket-protocol'

/** @throws RequestFileError, with the line. */
export function parseRequestFile(text: string): RequestFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const variables: (readonly [string, string])[] = []
  const requests: SavedRequest[] = []
  let block: string[] = []
  let name = ''
  let firstLine = 1
  const endBlock = (): void => {
    const request = readBlock(block, firstLine, name, variables)
    if (request !== undefined) requests.push(request)
    else if (name !== '') throw new RequestFileError('REQUEST_WITHOUT_URL', firstLine - 1, { name })
  }
  lines.forEach((line, index) => {
    if (line.startsWith('###')) {
      endBlock()
      name = line.slice(3).trim()
      block = []
      firstLine = index + 2
    } else {
      block.push(line)
    }
  })
  endBlock()
  return { variables, requests }
}

/** The same as text: `parseRequestFile` reads it back to what was given. */
export function formatRequestFile({ variables, requests }: RequestFile): string {
  const parts = requests.map((request) => formatRequest(request))
  if (variables.length > 0) parts.unshift(variables.map(([name, value]) => `@${name} = ${value}\n`).join(''))
  return parts.join('\n')
}

function readBlock(
  lines: readonly string[],
  firstLine: number,
  name: string,
  variables: (readonly [string, string])[],
): SavedRequest | undefined {
  let url: string | undefined
  let origin = ''
  let insecure = false
  let proxy: string | undefined
  const subprotocols: string[] = []
  const fields: (readonly [string, string])[] = []
  for (const [index, raw] of lines.entries()) {
    const number = firstLine + index
    const line = raw.trim()
    if (line === '') {
      if (url === undefined) continue
      const conversation = withoutEmptyEnds(lines.slice(index + 1))
      return { name, url, fields, subprotocols, origin, settings: { insecure, proxy }, conversation }
    }
    const setting = /^#\s*@(\w+)\s*(.*)$/.exec(line)
    if (setting !== null) {
      const [, key = '', value = ''] = setting
      if (key === 'insecure') insecure = true
      else if (key === 'proxy' && value !== '') proxy = value
      else throw new RequestFileError('REQUEST_SETTING', number, { setting: line })
    } else if (line.startsWith('#')) {
      continue
    } else if (url === undefined && line.startsWith('@')) {
      variables.push(readVariable(line, number))
    } else if (url === undefined) {
      url = readUrl(line, number)
    } else {
      const [field, value] = readField(line, number)
      if (field.toLowerCase() === originName) origin = value
      else if (field.toLowerCase() === subprotocolName) subprotocols.push(...listOf(value))
      else fields.push([field, value])
    }
  }
  return url === undefined
    ? undefined
    : { name, url, fields, subprotocols, origin, settings: { insecure, proxy }, conversation: [] }
}

function formatRequest({ name, url, fields, subprotocols, origin, settings, conversation }: SavedRequest): string {
  const lines = [`### ${name}`.trimEnd()]
  if (settings.insecure) lines.push('# @insecure')
  if (settings.proxy !== undefined) lines.push(`# @proxy ${settings.proxy}`)
  lines.push(url)
  if (origin !== '') lines.push(`Origin: ${origin}`)
  if (subprotocols.length > 0) lines.push(`Sec-WebSocket-Protocol: ${subprotocols.join(', ')}`)
  for (const [field, value] of fields) lines.push(`${field}: ${value}`)
  if (conversation.length > 0) lines.push('', ...conversation)
  return `${lines.join('\n')}\n`
}

function readVariable(line: string, number: number): readonly [string, string] {
  const match = /^@([A-Za-z_][\w-]*)\s*=\s*(.*)$/.exec(line)
  if (match === null) throw new RequestFileError('REQUEST_VARIABLE', number, { line })
  return [match[1] ?? '', match[2] ?? '']
}

/** The method may stand in front, as in the request itself: it is always GET. */
function readUrl(line: string, number: number): string {
  const url = line.replace(/^GET\s+/, '')
  // A variable may stand for all of it.
  if (/^(?:wss?(?:\+unix)?|https?):/i.test(url) || url.startsWith('{{')) return url
  throw new RequestFileError('REQUEST_URL', number, { line })
}

function readField(line: string, number: number): readonly [string, string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(0, colon)).trimEnd()
  if (name === '' || /\s/.test(name)) throw new RequestFileError('REQUEST_FIELD', number, { line })
  return [name, line.slice(colon + 1).trim()]
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function withoutEmptyEnds(lines: readonly string[]): readonly string[] {
  return lines.slice(Math.max(0, lines.findIndex(filled)), lines.findLastIndex(filled) + 1)
}

function filled(line: string): boolean {
  return line.trim() !== ''
}
