import { connect } from 'centouno'
import { expect, test } from 'vitest'
import { startDemo } from '../../src/demo/demo-server.ts'
import { nextMessage } from '../support/messages.ts'

test('the time comes unasked, at once and then every second, to all', async () => {
  await using server = await startDemo({ port: 0, mode: 'time', tls: false })
  await using one = await connect(`${server.url}/time`)
  await using other = await connect(`${server.url}/time`)
  for (const socket of [one, other]) {
    const first = Date.parse(String(await nextMessage(socket)))
    const second = Date.parse(String(await nextMessage(socket)))
    expect(second - first).toBeGreaterThan(0)
    expect(second - first).toBeLessThan(5_000)
  }
})
