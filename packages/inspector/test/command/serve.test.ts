import { closingCode, connect } from 'centouno'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/command/program.ts'
import { captured } from '../support/capture.ts'
import type { Capture } from '../support/capture.ts'
import { nextMessage } from '../support/messages.ts'
import { askRaw } from '../support/raw-http.ts'

let end: AbortController
let result: Capture
let remarks: Capture
let exit: Promise<number>

function serve(...commandLine: string[]): Promise<RegExpExecArray> {
  const streams = captured()
  result = streams.result
  remarks = streams.remarks
  exit = runCommand(['serve', ...commandLine], streams.terminal, end.signal)
  return result.match(/^(wss?:\/\/127\.0\.0\.1:(\d+))\/\n/)
}

beforeEach(() => {
  end = new AbortController()
})

afterEach(async () => {
  end.abort()
  await exit
})

test('one line on stdout: its URL. In the end sockets are closed with 1001, and the exit code is 0', async () => {
  const [, url = ''] = await serve()
  const socket = await connect(`${url}/`)
  await socket.send('hello')
  expect(await nextMessage(socket)).toBe('hello')
  end.abort()
  expect(await exit).toBe(0)
  expect(await socket.closed).toMatchObject({ code: 1001, clean: true })
  expect(result.lines).toHaveLength(1)
})

test.each([
  ['chat', /is here/],
  ['time', /^\d{4}-/],
])('--mode %s at /', async (mode, words) => {
  const [, url = ''] = await serve('--mode', mode)
  await using socket = await connect(`${url}/`)
  expect(await nextMessage(socket)).toMatch(words)
})

test('--tls speaks wss', async () => {
  const [, url = ''] = await serve('--tls')
  expect(url).toMatch(/^wss:/)
  await using socket = await connect(`${url}/`, { tls: { rejectUnauthorized: false } })
  expect(socket.state).toBe('open')
})

test('--port takes that port, or says that it cannot', async () => {
  const [, , port = ''] = await serve()
  const second = captured()
  expect(await runCommand(['serve', '--port', port], second.terminal, end.signal)).toBe(1)
  expect(second.remarks.text).toMatch(new RegExp(`^centouno: .*${port}.*another port`))
  expect(second.result.text).toBe('')
})

describe('stderr tells', () => {
  test('who connected, and how it ended', async () => {
    const [, url = ''] = await serve('--mode', 'chat')
    const socket = await connect(`${url}/chat`, { subprotocols: ['chat.v1'] })
    await socket.close(4000, 'en\u001bough')
    await remarks.match(
      /- #1 ended: END_CLOSED The other side closed .* with 4000\. It says: "en\\x1bough"\. \(status code 4000; 0 messages, 0 bytes received in \d+\.\d s\)\n/,
    )
    expect(remarks.lines[0]).toBe('+ #1 connected from 127.0.0.1 to /chat, subprotocol chat.v1')
  })

  test('who was refused, by which rule', async () => {
    const [, , port = ''] = await serve()
    await askRaw(Number(port), ['GET / HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade'])
    const [line] = await remarks.match(/✗ refused .*\n/)
    expect(line).toMatch(/from 127\.0\.0\.1 with 4\d\d: H-[A-Z0-9]+-\d\d /)
  })

  test('who was refused, by which code', async () => {
    const [, url = ''] = await serve()
    await expect(connect(`${url}/nowhere`)).rejects.toMatchObject({ details: { refusal: 'SERVER_NO_ENDPOINT' } })
    await remarks.match(
      /✗ refused GET \/nowhere from 127\.0\.0\.1 with 404: SERVER_NO_ENDPOINT \(H-SRV-08\) No WebSocket/,
    )
  })

  test('--max-message: a limit that struck, by the same name on both sides', async () => {
    const [, url = ''] = await serve('--max-message', '4')
    const socket = await connect(`${url}/`)
    await socket.send('four')
    expect(await nextMessage(socket)).toBe('four')
    await socket.send('fives')
    const closing = await socket.closed
    expect(closing.code).toBe(1009)
    expect(closingCode(closing)).toBe('MESSAGE_TOO_LONG')
    await remarks.match(
      /- #1 ended: MESSAGE_TOO_LONG A message is longer .*\(status code 1006; 1 message, 4 bytes received/,
    )
  })

  test('the same in Chinese', async () => {
    const [, url = ''] = await serve('--lang', 'zh')
    const socket = await connect(`${url}/`)
    await socket.close(1000)
    expect(await remarks.match(/#1 已结束：END_CLOSED 对方按规矩关闭了连接，状态码为 1000/)).not.toBeNull()
  })
})
