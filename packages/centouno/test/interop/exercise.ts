import { expect } from 'vitest'
import { connect } from '../../src/index.ts'

const mebibyte = 1024 * 1024

/**
 * Takes our client through all that a connection is for, against any echo server that speaks `echo.v1` and, where
 * `control` is set, answers "fragment, please" with a fragmented message and "close, please" with a close of its own.
 */
export async function exerciseOurClient(url: string, control: boolean): Promise<void> {
  const socket = await connect(url, { subprotocols: ['other.v1', 'echo.v1'] })
  expect(socket.subprotocol).toBe('echo.v1')
  expect(socket.report.verdict).toMatchObject({ ok: true, code: 'OPEN' })
  const messages = socket[Symbol.asyncIterator]()
  const answer = async (message: string | Uint8Array): Promise<string | Uint8Array> => {
    await socket.send(message)
    const next = await messages.next()
    if (next.done === true) throw new Error('the connection ended instead of answering')
    return next.value
  }

  expect(await answer('hello, 你好')).toBe('hello, 你好')
  expect(await answer('')).toBe('')
  expect(await answer(Uint8Array.from({ length: 256 }, (_, at) => at))).toEqual(
    Uint8Array.from({ length: 256 }, (_, at) => at),
  )
  const large = 'é'.repeat(mebibyte / 2)
  expect((await answer(large)) === large).toBe(true)
  if (control) expect(await answer('fragment, please')).toBe('one, two, three')
  expect(await socket.ping()).toBeGreaterThanOrEqual(0)

  if (control) {
    await socket.send('close, please')
    expect(await messages.next()).toMatchObject({ done: true })
    expect(await socket.closed).toMatchObject({
      code: 4001,
      reason: 'as you wish',
      clean: true,
      cause: 'closing-handshake',
      initiator: 'remote',
    })
  } else {
    expect(await socket.close(4003, 'enough 够了')).toMatchObject({ code: 4003, clean: true, initiator: 'local' })
  }
}
