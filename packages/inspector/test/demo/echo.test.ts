import { connect } from 'centouno'
import { expect, test } from 'vitest'
import { startDemo } from '../../src/demo/demo-server.ts'
import { nextMessage } from '../support/messages.ts'

test('text and bytes come back as they went, large ones too', async () => {
  await using server = await startDemo({ port: 0, mode: 'echo', tls: false })
  await using socket = await connect(`${server.url}/echo`, { limits: { messageBytes: 8 * 1024 * 1024 } })
  const large = new Uint8Array(5 * 1024 * 1024).map((_, index) => index % 251)
  for (const message of ['hello', '', '你好', new Uint8Array([0, 255, 1]), large]) {
    await socket.send(message)
    const answer = await nextMessage(socket)
    expect(typeof answer).toBe(typeof message)
    expect(Buffer.from(answer).equals(Buffer.from(message))).toBe(true)
  }
})
