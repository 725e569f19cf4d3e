import { endpoint, listen } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AgentNews, StepOutcome } from '../../src/agent/agent-message.ts'
import { PageSession } from '../../src/agent/page-session.ts'
import { Collected } from '../support/collected.ts'

/** The steps of a saved request, carried out on a page's open connection. */

let server: Server
let news: Collected<AgentNews>
let session: PageSession

beforeAll(async () => {
  server = await listen(
    { port: 0, host: '127.0.0.1' },
    endpoint('/', {
      open: (socket) => void socket.send('welcome'),
      message: (socket, data) =>
        data === 'quiet' ? undefined : data === 'bye' ? void socket.close() : socket.send(`you said ${data}`),
    }),
  )
})

afterAll(() => server.close())

beforeEach(async () => {
  news = new Collected()
  session = new PageSession(async (item) => news.add(item))
  const { url } = server
  order({ order: 'connect', url, fields: [], subprotocols: [], origin: '', skipVerification: false })
  await received('welcome')
})

afterEach(() => session.end())

function order(given: object): void {
  session.receive(JSON.stringify({ ...given, id: 'a' }))
}

function run(...lines: string[]): void {
  order({ order: 'run-steps', lines })
}

function received(data: string): Promise<AgentNews> {
  return news.find((item) => item.news === 'message' && item.entry.direction === 'received' && item.entry.data === data)
}

function outcome(at: number, kind: StepOutcome['kind']): Promise<AgentNews> {
  return news.find((item) => item.news === 'step' && item.at === at && item.outcome.kind === kind)
}

function outcomes(): string[] {
  return news.items.flatMap((item) => (item.news === 'step' ? [`${item.at} ${item.outcome.kind}`] : []))
}

describe('the steps of a saved request', () => {
  test('are carried out one after another; what came before them can be expected', async () => {
    run('/expect welcome', 'one', '/expect you said one', '/ping', '/close 1000 done')
    expect(await outcome(3, 'done')).toMatchObject({ outcome: { roundTripMs: expect.any(Number) } })
    await outcome(4, 'done')
    expect(outcomes()).toEqual([0, 1, 2, 3, 4].flatMap((at) => [`${at} going`, `${at} done`]))
    await news.find((item) => item.news === 'closed' && item.closing.code === 1000)
  })

  test('do not take for an answer what came of something that was sent by hand', async () => {
    order({ order: 'send', kind: 'text', data: 'one' })
    await received('you said one')
    run('quiet', '/expect you said one')
    await outcome(1, 'going')
    order({ order: 'send', kind: 'text', data: 'bye' })
    expect(await outcome(1, 'failed')).toMatchObject({ outcome: { text: { zh: expect.stringMatching(/结束/) } } })
  })

  test('can be stopped while they wait, and begun anew', async () => {
    run('/wait 3600000', 'one')
    await outcome(0, 'going')
    run('two')
    await news.find((item) => item.news === 'trouble' && item.code === 'STEPS_GOING')
    order({ order: 'stop-steps' })
    await outcome(0, 'stopped')
    run('three')
    await received('you said three')
    expect(outcomes()).toEqual(['0 going', '0 stopped', '0 going', '0 done'])
  })

  test('stop at an expectation, when asked', async () => {
    run('/expect nothing of the kind')
    await outcome(0, 'going')
    order({ order: 'stop-steps' })
    await outcome(0, 'stopped')
    expect(outcomes()).toEqual(['0 going', '0 stopped'])
  })

  test('open no file: else whoever writes into the page could read it', async () => {
    run(`/file ${import.meta.filename}`, 'one')
    expect(await outcome(0, 'failed')).toMatchObject({
      outcome: { text: { en: expect.stringMatching(/opens no files/) } },
    })
    expect(outcomes()).toEqual(['0 going', '0 failed'])
  })

  test('of which one cannot be read are not begun', async () => {
    run('one', '/dance')
    await news.find((item) => item.news === 'trouble' && item.code === 'STEP_UNKNOWN')
    expect(outcomes()).toEqual([])
  })

  test('are not run on a connection that is not open', async () => {
    order({ order: 'close', code: 1000, reason: '' })
    run('one')
    await news.find((item) => item.news === 'trouble' && item.code === 'NOT_OPEN')
    expect(outcomes()).toEqual([])
  })
})
