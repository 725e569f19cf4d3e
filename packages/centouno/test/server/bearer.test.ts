import { inspect } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { BearerSource } from '../../src/server/bearer.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { refuse } from '../../src/server/refuse.ts'
import type { UpgradeRequest } from '../../src/server/upgrade-request.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

afterEach(stopServing)

const everywhere: readonly BearerSource[] = [
  'authorization',
  { cookie: 'session' },
  { query: 'ticket' },
  { subprotocol: 'bearer.' },
]

/** What an endpoint with these sources makes of a request. */
async function tokenOf(
  from: readonly BearerSource[] | undefined,
  path: string,
  ...fields: string[]
): Promise<string | undefined> {
  const seen: (string | undefined)[] = []
  const server = await serve(
    endpoint('/', {
      subprotocols: ['chat.v1'],
      ...(from && { bearer: { from } }),
      authorize: (request) => void seen.push(request.bearer),
    }),
  )
  const peer = await ask(server, path, ...fields)
  expect(await peer.status()).toBe(101)
  return seen[0]
}

describe('by default', () => {
  test.each<[string, string | undefined]>([
    ['Bearer abc.d-_~+/9==', 'abc.d-_~+/9=='],
    ['bEARER   abc', 'abc'],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['Bearer a=b', undefined],
    ['Basic YTpi', undefined],
  ])('Authorization: %s gives %o', async (value, token) => {
    expect(await tokenOf(undefined, '/', `Authorization: ${value}`)).toBe(token)
  })

  test('no other place is looked at', async () => {
    const fields = ['Cookie: session=abc', 'Sec-WebSocket-Protocol: bearer.abc']
    expect(await tokenOf(undefined, '/?ticket=abc&access_token=abc', ...fields)).toBeUndefined()
  })

  test('two lines of Authorization give none', async () => {
    expect(await tokenOf(undefined, '/', 'Authorization: Bearer a', 'Authorization: Bearer b')).toBeUndefined()
  })
})

describe('the first of the declared places that has one', () => {
  test.each<[string, string, string[], string | undefined]>([
    [
      'authorization',
      '/?ticket=q',
      ['Authorization: Bearer a', 'Cookie: session=c', 'Sec-WebSocket-Protocol: bearer.s'],
      'a',
    ],
    [
      'cookie',
      '/?ticket=q',
      ['Authorization: Basic a', 'Cookie: x=1; session=c%3D', 'Sec-WebSocket-Protocol: bearer.s'],
      'c=',
    ],
    ['query', '/?ticket=q%3D', ['Cookie: session=', 'Sec-WebSocket-Protocol: bearer.s'], 'q='],
    ['subprotocol', '/?ticket=', ['Sec-WebSocket-Protocol: chat.v1, bearer.s.t'], 's.t'],
    ['nowhere', '/', ['Sec-WebSocket-Protocol: chat.v1, bearer.'], undefined],
    ['not from a query parameter that is there twice', '/?ticket=a&ticket=b', [], undefined],
  ])('%s', async (_place, path, fields, token) => {
    expect(await tokenOf(everywhere, path, ...fields)).toBe(token)
  })
})

describe('a subprotocol that carries the token', () => {
  test('is neither offered to the application nor chosen nor echoed', async () => {
    const seen: (readonly string[])[] = []
    const server = await serve(
      endpoint('/', {
        bearer: { from: ['authorization', { subprotocol: 'bearer.' }] },
        subprotocols(offered, request) {
          seen.push(offered, request.subprotocols)
          return offered[0]
        },
      }),
    )
    // Even where the token stands elsewhere too.
    const peer = await ask(server, '/', 'Sec-WebSocket-Protocol: bearer.abc, chat.v1', 'Authorization: Bearer x')
    const head = await peer.head()
    expect(head).toContain('Sec-WebSocket-Protocol: chat.v1')
    expect(head).not.toContain('abc')
    expect(seen).toEqual([['chat.v1'], ['chat.v1']])
  })

  test('needs a real one beside it, since browsers would give up', () => {
    const bearer = { from: [{ subprotocol: 'bearer.' }] }
    expect(() => endpoint('/', { bearer })).toThrow(expect.objectContaining({ code: 'BEARER' }))
    expect(() => endpoint('/', { bearer, subprotocols: ['bearer.v1'] })).toThrow(
      expect.objectContaining({ code: 'BEARER' }),
    )
    expect(() => endpoint('/', { bearer, subprotocols: ['chat.v1'] })).not.toThrow()
    expect(() => endpoint('/', { bearer, subprotocols: () => undefined })).not.toThrow()
  })
})

test.each<[BearerSource]>([
  [{ cookie: 'a b' }],
  [{ query: '' }],
  [{ subprotocol: '' }],
  [{ subprotocol: 'a,b' }],
  [{ header: 'x' } as unknown as BearerSource],
  ['cookie' as unknown as BearerSource],
])('%o is no place for a token', (source) => {
  expect(() => endpoint('/', { subprotocols: ['x'], bearer: { from: [source] } })).toThrow(
    expect.objectContaining({ code: 'BEARER' }),
  )
})

describe('no token is told', () => {
  const secret = 'S3cr3t-Token-0123456789'
  const carriers = [
    `Authorization: Bearer ${secret}`,
    `Cookie: session=${secret}`,
    `Sec-WebSocket-Protocol: chat.v1, app.${secret}`,
    `Referer: https://h/?token=${secret}`,
  ]
  const from: readonly BearerSource[] = ['authorization', { query: 'key' }, { subprotocol: 'app.' }]

  test.each<[string, string, string[], number]>([
    ['the application', `/?key=${secret}`, carriers, 403],
    ['a rule about the version', `/?key=${secret}`, [...carriers, 'Sec-WebSocket-Version: 8'], 426],
    ['a rule about the subprotocols', `/?key=${secret}`, [...carriers, `Sec-WebSocket-Protocol: app.${secret}`], 400],
    ['a rule about the target', `x?key=${secret}`, carriers, 400],
    ['a rule about fields', `/?key=${secret}`, [...carriers, `Cookie: \x01${secret}`], 400],
    ['an unknown path', `/other?key=${secret}`, carriers, 404],
  ])('when %s refuses', async (_who, path, fields, status) => {
    const refused = vi.fn()
    const server = await serve(
      endpoint('/', { subprotocols: ['chat.v1'], bearer: { from }, authorize: () => refuse(403, 'no') }),
      { onRefused: refused },
    )
    const answer = await (await ask(server, path, ...fields)).all()
    expect(Number(answer.split(' ')[1])).toBe(status)
    expect(refused).toHaveBeenCalledOnce()
    expect(answer + JSON.stringify(refused.mock.calls)).not.toMatch(/S3cr3t|0123456789/)
    expect(JSON.stringify(refused.mock.calls)).toContain('•••')
  })

  test('a request that is logged shows none', async () => {
    const requests: UpgradeRequest[] = []
    const server = await serve(
      endpoint('/', {
        subprotocols: ['chat.v1'],
        bearer: { from },
        cookies: { session: 'string' },
        open: (socket) => void requests.push(socket.request as unknown as UpgradeRequest),
      }),
    )
    expect(await (await ask(server, `/?key=${secret}`, ...carriers)).status()).toBe(101)
    const [request] = requests
    expect(request?.bearer).toBe(secret)
    expect(inspect(request, { depth: 9 }) + JSON.stringify(request)).not.toContain('S3cr3t')
    expect(JSON.parse(JSON.stringify(request))).toMatchObject({ path: '/', subprotocols: ['chat.v1'] })
  })
})
