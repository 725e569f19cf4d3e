import { describe, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { version } from '../../src/command/version.ts'
import { captured } from '../support/capture.ts'

const never = new AbortController().signal

describe('a command line that cannot be understood exits with 2, and stdout stays empty', () => {
  test.each([
    [['inspect'], /missing required argument 'url'/],
    [['inspect', 'ws://a/', 'ws://b/'], /too many arguments/],
    [['inspect', 'ws://a/', '--lang', 'it'], /Allowed choices are en, zh/],
    [['inspect', 'ws://a/', '--header', 'no colon'], /must look like 'Name: value'/],
    [['inspect', 'ws://a/', '--header', ': no name'], /must look like 'Name: value'/],
    [['inspect', 'ws://a/', '--timeout', '0'], /whole number from 1/],
    [['inspect', 'ws://a/', '--timeout', '1.5'], /whole number from 1/],
    [['inspect', 'ws://a/', '--unknown'], /unknown option/],
    [['serve', '--mode', 'dance'], /Allowed choices are echo, chat, time/],
    [['serve', '--port', '65536'], /whole number from 0 to 65535/],
    [['--port', 'x'], /whole number from 0 to 65535/],
    [['dance'], /unknown command 'dance'/],
    [['ws://a/'], /unknown command 'ws:\/\/a\/'\. Did you mean 'centouno inspect ws:\/\/a\/'\?/],
  ])('%j', async (commandLine, words) => {
    const { terminal, result, remarks } = captured()
    expect(await runCommand(commandLine, terminal, never)).toBe(2)
    expect(remarks.text).toMatch(words)
    expect(result.text).toBe('')
  })
})

test('what was typed cannot steer the terminal', async () => {
  const { terminal, remarks } = captured()
  await runCommand(['inspect', 'ws://a/', '--lang', '\u001b[2J'], terminal, never)
  expect(remarks.text).toContain('\\x1b[2J')
  expect(remarks.text).not.toContain('\u001b')
})

test('--help and --version exit with 0 and go to stdout', async () => {
  for (const [commandLine, words] of [
    [['--help'], /inspect[\s\S]*serve/],
    [['inspect', '--help'], /--subprotocol/],
    [['--version'], new RegExp(`^${version.replaceAll('.', '\\.')}\n$`)],
  ] as const) {
    const { terminal, result, remarks } = captured()
    expect(await runCommand(commandLine, terminal, never)).toBe(0)
    expect(result.text).toMatch(words)
    expect(remarks.text).toBe('')
  }
})
