import { execFileSync } from 'node:child_process'
import { captureTools } from '../../src/capture/capture-tool.ts'
import type { CaptureTool } from '../../src/capture/capture-tool.ts'

/**
 * What real captures need: a tool that captures, the right to do so, and tshark to compare with. A test is skipped with
 * the reason in its title where they are missing; with `CI` set it fails instead.
 */

const required = process.env['CI'] !== undefined && process.env['CI'] !== ''

/** Empty when these programs are there and packets may be captured; otherwise what to add to a skipped test's title. */
export function missingForCaptures(...programs: readonly string[]): string {
  const missing = programs.filter((program) => !runs(program, ['--version']))
  const reason =
    missing.length > 0
      ? `${missing.join(' and ')} not found; apt install tcpdump tshark`
      : process.getuid?.() === 0
        ? ''
        : 'capturing needs root'
  if (reason !== '' && required) throw new Error(`Real captures are needed with CI set: ${reason}`)
  return reason === '' ? '' : ` (skipped: ${reason})`
}

function runs(command: string, parameters: readonly string[]): boolean {
  try {
    execFileSync(command, parameters, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** One of the tools by its name. */
export function toolNamed(name: string): CaptureTool {
  const tool = captureTools.find((each) => each.name === name)
  if (tool === undefined) throw new Error(`there is no tool ${name}`)
  return tool
}

const tshark = 'tshark'

/** The values of some fields of each packet in a capture, as tshark reads them; empty for what a packet has not. */
export function tsharkFields(file: string, fields: readonly string[], ...options: readonly string[]): string[][] {
  const output = execFileSync(
    tshark,
    ['-r', file, '-T', 'fields', '-E', 'separator=|', ...options, ...fields.flatMap((field) => ['-e', field])],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('|'))
}

const editcap = 'editcap'

/** Writes a capture anew as pcapng, with the keys of a file within it. */
export function injectKeys(capture: string, keyLog: string, written: string): void {
  execFileSync(editcap, ['-F', 'pcapng', '--inject-secrets', `tls,${keyLog}`, capture, written], { stdio: 'ignore' })
}
