import { connect } from 'centouno'
import { expect, test } from 'vitest'
import { startDemo } from '../../src/demo/demo-server.ts'
import { nextMessage } from '../support/messages.ts'

test('all hear who comes, what is said, and who leaves', async () => {
  await using server = await startDemo({ port: 0, mode: 'chat', tls: false })
  await using ada = await connect(`${server.url}/chat?name=Ada`)
  expect(await nextMessage(ada)).toBe('→ Ada is here (1 in the room)')
  const guest = await connect(`${server.url}/chat`)
  expect(await nextMessage(ada)).toBe('→ guest 2 is here (2 in the room)')
  expect(await nextMessage(guest)).toBe('→ guest 2 is here (2 in the room)')
  await guest.send('hi')
  for (const each of [ada, guest]) expect(await nextMessage(each)).toBe('guest 2: hi')
  await ada.send(new Uint8Array([1, 2]))
  for (const each of [ada, guest]) expect(await nextMessage(each)).toEqual(new Uint8Array([1, 2]))
  await guest.close(1000)
  expect(await nextMessage(ada)).toBe('← guest 2 has left (1 in the room)')
})

test('a name is cut at 32 characters and cannot hold control characters', async () => {
  await using server = await startDemo({ port: 0, mode: 'chat', tls: false })
  await using socket = await connect(`${server.url}/chat?name=%1b[2J${'é'.repeat(40)}`)
  expect(await nextMessage(socket)).toBe(`→ [2J${'é'.repeat(29)} is here (1 in the room)`)
})
