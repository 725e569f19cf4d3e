import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'centouno'
import { afterAll, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { TapRecorder } from '../../src/command/tap-recorder.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { parseSession } from '../../src/session-file/parse-session.ts'
import { captured } from '../support/capture.ts'
import { openReport, refusedReport } from '../support/sample-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'centouno-tap-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('tap --record keeps what passes, one that is refused and one that is still open too, and open tells it', async () => {
  await using demo = await startDemo({ port: 0, mode: 'echo', tls: false })
  const path = join(folder, 'tapped.json')
  const end = new AbortController()
  const { terminal, result } = captured()
  const exit = runCommand(['tap', demo.url, '--port', '0', '--no-page', '--record', path], terminal, end.signal)
  const [, url = ''] = await result.match(/^(ws:\/\/127\.0\.0\.1:\d+)/)
  const first = await connect(`${url}/echo?token=s3cret`, { headers: { Cookie: 'sid=s3cret' } })
  await first.send('one')
  await first.close(4000, 'done')
  await result.match(/#1 .*END_CLOSED/)
  await expect(connect(`${url}/nothing`)).rejects.toMatchObject({ code: 'UPGRADE_NOT_FOUND' })
  await result.match(/#2 .*Hint/)
  await using open = await connect(`${url}/echo`)
  await open.send('still here')
  await result.match(/#3 .*still here/)
  end.abort()
  expect(await exit).toBe(0)

  const text = readFileSync(path, 'utf8')
  expect(text).not.toContain('s3cret')
  const { connections } = parseSession(text)
  const codes = connections.map(({ report, closing }) => [report.verdict.code, closing?.sent?.code])
  expect(codes.slice(0, 2)).toEqual([
    ['OPEN', 4000],
    ['UPGRADE_NOT_FOUND', undefined],
  ])
  expect(codes[2]?.[0]).toBe('OPEN')
  expect(connections[0]?.report.stages.map(({ name, endMs }) => [name, endMs !== null])).toEqual(
    expect.arrayContaining([
      ['open', true],
      ['close', true],
      ['disconnect', true],
    ]),
  )
  expect(connections[0]?.rungs.map(({ label }) => label.en)).toEqual(expect.arrayContaining(['SYN', 'Text, 3 bytes']))
  expect(connections[2]?.messages[0]).toMatchObject({ kind: 'text', data: 'still here' })
  const opened = captured()
  expect(await runCommand(['open', path, '--connection', '1'], opened.terminal, end.signal)).toBe(0)
  expect(opened.result.text).toContain('⬆ one')
})

test('a file that cannot be written is told once, and throws nothing at the tap', () => {
  const failures: unknown[] = []
  const full = {
    add(): never {
      throw new Error('no space left')
    },
  }
  const recorder = new TapRecorder(full, (error) => failures.push(error))
  for (const [id, report] of [
    ['a', refusedReport],
    ['b', refusedReport],
  ] as const) {
    recorder.take({ news: 'tapped', id, url: report.url })
    recorder.take({ news: 'report', id, report })
  }
  recorder.take({ news: 'report', id: 'unknown', report: openReport })
  recorder.end()
  expect(failures).toEqual([new Error('no space left')])
})
