import type { Text } from 'centouno/telling'
import { formatRequestFile, parseRequestFile } from '../../src/request-file/request-file.ts'
import type { RequestFile, SavedRequest } from '../../src/request-file/request-file.ts'
import { RequestFileError } from '../../src/request-file/request-file-error.ts'

/*
 * The saved requests are one text, the file that `centouno run` carries out. What the page changes in it is changed in
 * the text, so that comments and order stay as they were written.
 */

/** The file, or what is wrong with it. */
export type LibraryReading =
  | { readonly ok: true; readonly file: RequestFile }
  | { readonly ok: false; readonly text: Text; readonly line: number | undefined }

export function readLibrary(text: string): LibraryReading {
  try {
    return { ok: true, file: parseRequestFile(text) }
  } catch (error) {
    if (!(error instanceof RequestFileError)) throw error
    return { ok: false, text: error.text, line: error.line }
  }
}

/** The variables that the environment gives, `{{env:NAME}}`, each once and in order. */
export function environmentNames(text: string): readonly string[] {
  const names = [...text.matchAll(/\{\{\s*env:([A-Za-z_][\w-]*)\s*\}\}/g)].map(([, name = '']) => name)
  return [...new Set(names)]
}

/** The text with one more request at its end. */
export function withRequest(text: string, request: SavedRequest): string {
  const added = formatRequestFile({ variables: [], requests: [request] })
  return text.trim() === '' ? added : `${text.trimEnd()}\n\n${added}`
}

/** The text without the request of this place. */
export function withoutRequest(text: string, place: number): string {
  const lines = text.split('\n')
  const blocks = blocksOf(lines).filter(({ url }) => url !== undefined)
  const block = blocks[place]
  if (block === undefined) return text
  // What stands above the first name belongs to the whole file.
  const start = block.named ? block.start : (block.url ?? block.start)
  lines.splice(start, block.end - start)
  return lines.join('\n').replace(/^\n+/, '')
}

/** The text with the variable's value changed, or with one more variable at its top. */
export function withVariable(text: string, name: string, value: string): string {
  const line = `@${name} = ${value}`
  const lines = text.split('\n')
  const at = variableLine(lines, name)
  if (at !== undefined) return lines.with(at, line).join('\n')
  // Below the variables that are there, or else above everything.
  const last = lines.findLastIndex((_, index) => variableAt(lines, index) !== undefined && index < firstRequest(lines))
  if (last >= 0) lines.splice(last + 1, 0, line)
  else lines.unshift(line, '')
  return lines.join('\n')
}

export function withoutVariable(text: string, name: string): string {
  const lines = text.split('\n')
  const at = variableLine(lines, name)
  return at === undefined ? text : lines.toSpliced(at, 1).join('\n')
}

/** A name that a variable may have. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(name)
}

/** The line that gives the variable the value that holds: the last. */
function variableLine(lines: readonly string[], name: string): number | undefined {
  const at = lines.findLastIndex((_, index) => variableAt(lines, index) === name)
  return at === -1 ? undefined : at
}

/** The variable that a line sets; undefined when it sets none: behind a URL, `@` begins a message. */
function variableAt(lines: readonly string[], index: number): string | undefined {
  const name = /^\s*@([A-Za-z_][\w-]*)\s*=/.exec(lines[index] ?? '')?.[1]
  if (name === undefined) return undefined
  const block = blocksOf(lines).find(({ start, end }) => index >= start && index < end)
  return block?.url !== undefined && index > block.url ? undefined : name
}

function firstRequest(lines: readonly string[]): number {
  const first = blocksOf(lines).find(({ url }) => url !== undefined)
  return first === undefined ? lines.length : first.named ? first.start : (first.url ?? lines.length)
}

/** Lines from one `###` to the next. */
interface Block {
  readonly start: number
  readonly end: number
  readonly named: boolean
  /** The line of its URL. */
  readonly url: number | undefined
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const names = lines.flatMap((line, index) => (line.startsWith('###') ? [index] : []))
  const starts = names[0] === 0 ? names : [0, ...names]
  return starts.map((start, place) => {
    const end = starts[place + 1] ?? lines.length
    const named = lines[start]?.startsWith('###') === true
    const url = lines.findIndex((line, index) => index >= start && index < end && isUrlLine(line))
    return { start, end, named, url: url === -1 ? undefined : url }
  })
}

/** Neither empty, nor a comment, a name, or a variable: the first such line of a block is its URL. */
function isUrlLine(line: string): boolean {
  return !/^\s*(?:$|#|@)/.test(line)
}
