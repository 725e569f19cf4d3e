import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { start, type RunningCommand } from './command.ts'

/** `centouno serve`, the built command, with the client of the `ws` package. */

const running: RunningCommand[] = []
afterEach(async () => {
  for (const command of running.splice(0)) await command.end('SIGKILL')
})

async function serve(...options: string[]): Promise<{ command: RunningCommand; url: string }> {
  const command = start('serve', '--port', '0', ...options)
  running.push(command)
  const [url = ''] = await command.line(/wss?:\/\/\S+/)
  return { command, url }
}

async function open(url: string): Promise<WebSocket> {
  const client = new WebSocket(url, { rejectUnauthorized: false })
  await once(client, 'open')
  return client
}

async function text(client: WebSocket): Promise<string> {
  const [data] = (await once(client, 'message')) as [Buffer]
  return data.toString()
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s: open sockets get 1001, and it ends with 0', async (signal) => {
  const { command, url } = await serve('--mode', 'echo')
  const client = await open(url)
  client.send('hello')
  expect(await text(client)).toBe('hello')
  const closed = once(client, 'close') as Promise<[number]>
  const { status, stdout } = await command.end(signal)
  expect((await closed)[0]).toBe(1001)
  expect(status).toBe(0)
  expect(stdout.trim().split('\n')).toHaveLength(1)
})

test('chat: what one says reaches the other', async () => {
  const { url } = await serve('--mode', 'chat')
  const ada = await open(url)
  const grace = await open(url)
  const heard = new Promise<string>((resolve) =>
    grace.on('message', (data: Buffer) => {
      if (data.toString().includes('good morning')) resolve(data.toString())
    }),
  )
  ada.send('good morning')
  expect(await heard).toContain('good morning')
})

test('time: the server pushes, unasked', async () => {
  const { url } = await serve('--mode', 'time')
  const client = await open(url)
  expect((await text(client)).length).toBeGreaterThan(0)
  expect((await text(client)).length).toBeGreaterThan(0)
})

test('--tls: the same over TLS', async () => {
  const { url } = await serve('--tls')
  expect(url).toMatch(/^wss:/)
  const client = await open(url)
  client.send('hello')
  expect(await text(client)).toBe('hello')
})

test('an option that is none, or a port that is taken, is told, with a status of its own', async () => {
  const { url } = await serve()
  const taken = start('serve', '--port', new URL(url).port)
  const [status] = (await once(taken.process, 'close')) as [number]
  expect(status).toBe(1)
  const wrong = start('serve', '--mode', 'nonsense')
  expect(((await once(wrong.process, 'close')) as [number])[0]).toBe(2)
})
