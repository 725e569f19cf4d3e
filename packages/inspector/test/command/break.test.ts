import { endpoint, listen, refuse } from 'centouno'
import { afterEach, expect, test } from 'vitest'
import { breaks } from '../../src/break-a-rule/breaks.ts'
import { runCommand } from '../../src/command/program.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { captured } from '../support/capture.ts'
import { answering, closedPort, closeRawServers, rawServer } from '../support/raw-server.ts'

afterEach(closeRawServers)

async function breaking(
  ...commandLine: string[]
): Promise<{ code: number; out: string; lines: string[]; err: string }> {
  const { terminal, result, remarks } = captured()
  const code = await runCommand(['break', ...commandLine], terminal, new AbortController().signal)
  return { code, out: result.text, lines: result.lines, err: remarks.text }
}

/** Takes whatever has a head for an opening handshake. */
function acceptingAll(): Promise<string> {
  return rawServer((socket) => answering(socket, () => socket.end()))
}

test('a strict server refuses them all: a row for each, what it broke, what came back; exit status 0', async () => {
  await using demo = await startDemo({ port: 0, mode: 'echo', tls: false })
  const { code, lines, err } = await breaking(demo.url)
  expect(code).toBe(0)
  expect(err).toBe('')
  expect(lines).toHaveLength(breaks.length + 2)
  expect(lines[0]).toBe('✓ a valid handshake  101  accepted')
  expect(lines.find((line) => line.includes('no-upgrade'))).toMatch(
    /^✓ H-REQ-06 {2}no-upgrade +no Upgrade +426 {2}refused, and names the rule$/,
  )
  expect(lines.find((line) => line.includes('foreign-origin'))).toMatch(
    /^○ .* 101 {2}accepted, as the standard allows$/,
  )
  expect(lines.at(-1)).toMatch(/^47 of 49 refused; 2 accepted as the standard allows; none wrongly accepted\.$/)
})

test('a server that accepts what it must refuse is told of; exit status 1', async () => {
  const { code, lines } = await breaking(await acceptingAll(), '--rule', 'H-REQ-06', '--rule', 'body')
  expect(code).toBe(1)
  expect(lines.filter((line) => line.startsWith('✗ H-REQ-06'))).toHaveLength(3)
  expect(lines.filter((line) => line.startsWith('○ H-SRV-23'))).toHaveLength(1)
  expect(lines.at(-1)).toBe('0 of 4 refused; 1 accepted as the standard allows; 3 wrongly accepted.')
})

test('as JSON, and in Chinese', async () => {
  const { code, out } = await breaking(await acceptingAll(), '--rule', 'no-key', '--json', '--lang', 'zh')
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    valid: { status: 101, accepted: true },
    breaks: [
      { id: 'no-key', rule: 'H-REQ-08', sent: '没有密钥', outcome: 'accepted', judgement: 'wrong', named: null },
    ],
  })
})

test('what the valid handshake needs goes with the broken ones', async () => {
  await using server = await listen(
    { port: 0, host: '127.0.0.1' },
    endpoint('/', { authorize: ({ bearer }) => (bearer === 'ada' ? undefined : refuse(401, 'who?')) }),
  )
  const refused = await breaking(server.url, '--rule', 'no-host')
  expect(refused.code).toBe(3)
  expect(refused.lines[0]).toMatch(/^✗ a valid handshake {2}401 {2}not accepted/)
  expect(refused.lines).toHaveLength(3)
  const admitted = await breaking(server.url, '--rule', 'no-host', '--bearer', 'ada')
  expect(admitted.code).toBe(0)
})

test('no server: exit status 3, with the verdict', async () => {
  const { code, lines } = await breaking(`ws://127.0.0.1:${await closedPort()}`)
  expect(code).toBe(3)
  expect(lines.join('\n')).toContain('CONNECT_REFUSED')
})

test.each([
  [
    'a rule that cannot be broken here',
    ['ws://127.0.0.1:1', '--rule', 'H-RES-01'],
    /no way here to break "H-RES-01".*H-REQ-01/,
  ],
  ['a URL that is none', ['ftp://a'], /H-URI-01/],
  ['a field of the handshake', ['ws://127.0.0.1:1', '--header', 'Host: b'], /Host belongs to the handshake/],
])('%s: exit status 2', async (_what, words, complaint) => {
  const { code, err } = await breaking(...words)
  expect(code).toBe(2)
  expect(err).toMatch(complaint)
})
