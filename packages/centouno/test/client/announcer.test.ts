import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, test } from 'vitest'
import type {
  ClientCloseMessage,
  ClientOpenMessage,
  StageMessage,
  StartMessage,
  VerdictMessage,
} from '../../src/client/client-channels.ts'
import { connect } from '../../src/client/connect.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { refused } from '../support/refused.ts'
import { serve, stopServing } from '../support/serving.ts'

const subscriptions: (() => void)[] = []

afterEach(async () => {
  for (const stop of subscriptions.splice(0)) stop()
  await stopServing()
})

function listenOn<Message>(name: string, take: (message: Message) => void): void {
  const listener = (message: unknown): void => take(message as Message)
  subscribe(name, listener)
  subscriptions.push(() => unsubscribe(name, listener))
}

function messagesOn<Message>(name: string): Message[] {
  const messages: Message[] = []
  listenOn<Message>(name, (message) => void messages.push(message))
  return messages
}

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** Tells what trace it was asked in. */
const tracing = endpoint('/', {
  message: (socket) => socket.send(JSON.stringify([socket.request.traceparent, socket.request.tracestate])),
})

async function traceSeen(url: string, options: Parameters<typeof connect>[1] = {}): Promise<unknown> {
  const client = await connect(url, options)
  void client.send('?')
  const { value } = await client[Symbol.asyncIterator]().next()
  await client.close(1000)
  return JSON.parse(String(value))
}

test('an attempt from its start to the end of its socket, under one number', async () => {
  const server = await serve(tracing)
  const told = {
    start: messagesOn<StartMessage>('centouno:client:start'),
    stage: messagesOn<StageMessage>('centouno:client:stage'),
    verdict: messagesOn<VerdictMessage>('centouno:client:verdict'),
    open: messagesOn<ClientOpenMessage>('centouno:client:open'),
    close: messagesOn<ClientCloseMessage>('centouno:client:close'),
  }
  const client = await connect(`${server.url}/?token=hush`, { headers: { Authorization: 'Bearer hush' } })
  const closing = await client.close(1000)
  const [{ attempt, url } = { attempt: -1, url: '' }] = told.start
  for (const messages of Object.values(told)) {
    expect(messages.length).toBeGreaterThan(0)
    for (const message of messages) expect(message).toMatchObject({ attempt, url })
  }
  const ended = told.stage.filter(({ stage }) => stage.endMs !== null).map(({ stage }) => stage.name)
  expect([...new Set(ended)]).toEqual(['resolve', 'connect', 'upgrade', 'open', 'close', 'disconnect'])
  expect(told.verdict[0]?.report.verdict).toMatchObject({ ok: true, code: 'OPEN' })
  expect(told.open).toEqual([{ attempt, url, socket: client }])
  expect(told.close).toEqual([{ attempt, url, socket: client, closing, code: 'END_CLOSED' }])
  const shown = JSON.stringify([told.start, told.stage, told.verdict])
  expect(shown).not.toContain('hush')
})

test('a failed attempt has a verdict and no socket', async () => {
  const verdicts = messagesOn<VerdictMessage>('centouno:client:verdict')
  const opened = messagesOn<ClientOpenMessage>('centouno:client:open')
  const server = await serve(tracing)
  const error = await refused(`${server.url}/nowhere`)
  expect(verdicts.map(({ report }) => report)).toEqual([error.report])
  expect(opened).toEqual([])
})

test('an observer is told the same, whether or not anybody listens on the channel', async () => {
  const server = await serve(tracing)
  const kinds: string[][] = []
  for (const listened of [false, true]) {
    if (listened) messagesOn<StageMessage>('centouno:client:stage')
    const seen: string[] = []
    const client = await connect(`${server.url}/`, { observe: ({ kind }) => seen.push(kind) })
    await client.close(1000)
    kinds.push(seen)
  }
  expect(kinds[0]).toContain('verdict')
  expect(kinds[1]).toEqual(kinds[0])
})

describe('W3C Trace Context', () => {
  test('goes with the request', async () => {
    const { url } = await serve(tracing)
    expect(await traceSeen(`${url}/`)).toEqual([null, null])
    expect(await traceSeen(`${url}/`, { traceparent })).toEqual([traceparent, null])
    expect(await traceSeen(`${url}/`, { traceparent, tracestate: 'a=1,b=2' })).toEqual([traceparent, 'a=1,b=2'])
    // It adds to a trace; without one there is nothing to add to.
    expect(await traceSeen(`${url}/`, { tracestate: 'a=1' })).toEqual([null, null])
  })

  test('is set by whoever traces the process', async () => {
    listenOn<StartMessage>('centouno:client:start', (message) => {
      message.traceparent ??= traceparent
      message.tracestate = 'tracer=1'
    })
    const { url } = await serve(tracing)
    expect(await traceSeen(`${url}/`)).toEqual([traceparent, 'tracer=1'])
    const own = traceparent.replace('-01', '-00')
    expect(await traceSeen(`${url}/`, { traceparent: own })).toEqual([own, 'tracer=1'])
  })

  test.each(['', 'nonsense', traceparent.toUpperCase(), `${traceparent}\r\nX: y`])(
    '%j cannot be sent',
    async (text) => {
      const error = await refused('ws://127.0.0.1:9/', { traceparent: text })
      expect(error.code).toBe('OPTIONS_INVALID')
      expect(error.message).toContain('traceparent')
    },
  )

  test('a tracestate that would break the head cannot be sent', async () => {
    const error = await refused('ws://127.0.0.1:9/', { traceparent, tracestate: 'a=1\r\nX: y' })
    expect(error.code).toBe('OPTIONS_INVALID')
  })
})
