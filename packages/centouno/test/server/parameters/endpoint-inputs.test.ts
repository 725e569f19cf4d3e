import * as v from 'valibot'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { endpoint } from '../../../src/server/endpoint.ts'
import { ask, serve, stopServing } from '../../support/serving.ts'

afterEach(stopServing)

test('every place is read as declared', async () => {
  const server = await serve(
    endpoint('/rooms/:room/*', {
      params: { room: 'integer' },
      query: { nick: 'string', page: 'integer=1', tag: 'string[]', quiet: 'boolean?' },
      headers: { 'X-Tenant': 'string' },
      cookies: { theme: 'string=light', session: 'uuid?' },
      open({ params, query, request: { headers, cookies } }) {
        seen.push({ params, query, headers, cookies })
      },
    }),
  )
  const seen: unknown[] = []
  const fields = ['x-tenant: acme', 'Cookie: theme=d%61rk; other=1']
  const peer = await ask(server, '/rooms/42/a%20b?nick=ad%C3%A1+l&tag=x&tag=y&other=1', ...fields)
  expect(await peer.status()).toBe(101)
  expect(seen).toEqual([
    {
      params: { room: 42, '*': 'a b' },
      query: { nick: 'adá l', page: 1, tag: ['x', 'y'], quiet: undefined },
      headers: { 'X-Tenant': 'acme' },
      cookies: { theme: 'dark', session: undefined },
    },
  ])
})

describe('a parameter that is not as declared gets 400, its name, and what is wrong', () => {
  test.each<[string, string, string]>([
    ['missing', '/1?page=1', 'query parameter "nick" (it is missing)'],
    ['twice', '/1?nick=a&nick=b', 'query parameter "nick" (it is there more than once)'],
    ['of another kind', '/1?nick=a&page=one', 'query parameter "page" (it has to be a whole number)'],
    ['in the path', '/one?nick=a', 'path parameter "room" (it has to be a whole number)'],
  ])('%s', async (_what, path, words) => {
    const opened = vi.fn()
    const authorize = vi.fn()
    const refused = vi.fn()
    const server = await serve(
      endpoint('/:room', {
        params: { room: 'integer' },
        query: { nick: 'string', page: 'integer?' },
        authorize,
        open: opened,
      }),
      { onRefused: refused },
    )
    const answer = await (await ask(server, path)).all()
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('code: SERVER_PARAMETER_INVALID')
    expect(answer).toContain(words)
    expect(authorize).not.toHaveBeenCalled()
    expect(opened).not.toHaveBeenCalled()
    expect(refused).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ refusal: expect.objectContaining({ status: 400, code: 'SERVER_PARAMETER_INVALID' }) }),
    )
  })

  test('all of them are named, in both languages', async () => {
    const server = await serve(endpoint('/', { query: { a: 'integer', b: 'uuid' }, cookies: { c: 'string' } }))
    const answer = await (await ask(server, '/?a=x')).all()
    for (const words of [
      '- query parameter "a": it has to be a whole number',
      '- query parameter "b": it is missing',
      '- cookie "c": it is missing',
      '- 查询参数 "a"：必须是整数',
      '- Cookie "c"：缺少这个参数',
    ]) {
      expect(answer).toContain(words)
    }
  })
})

describe('a Standard Schema', () => {
  test('for one parameter gets its text, several texts, or undefined, and gives its output', async () => {
    const seen: unknown[] = []
    const server = await serve(
      endpoint('/', {
        query: {
          limit: z.coerce.number().max(100).default(10),
          sort: v.optional(v.picklist(['name', 'age'])),
          tag: z.array(z.string()),
        },
        open: (socket) => void seen.push(socket.query),
      }),
    )
    expect(await (await ask(server, '/?limit=5&sort=age&tag=a&tag=b')).status()).toBe(101)
    expect(await (await ask(server, '/?tag=a&tag=b')).status()).toBe(101)
    expect(seen).toEqual([
      { limit: 5, sort: 'age', tag: ['a', 'b'] },
      { limit: 10, sort: undefined, tag: ['a', 'b'] },
    ])
    const answer = await (await ask(server, '/?limit=500&tag=a&tag=b')).all()
    expect(answer).toContain('query parameter "limit" (Too big: expected number to be <=100)')
  })

  test('for a whole place gets all that came', async () => {
    const seen: unknown[] = []
    const server = await serve(
      endpoint('/:id', {
        params: v.object({ id: v.pipe(v.string(), v.transform(Number)) }),
        query: z.object({ nick: z.string().min(2), tags: z.array(z.string()).optional() }).loose(),
        headers: v.object({ 'x-tenant': v.string() }),
        open: ({ params, query, request }) => void seen.push([params, query, request.headers]),
      }),
    )
    const peer = await ask(server, '/7?nick=ada&tags=x&tags=y&__proto__=z', 'X-Tenant: acme')
    expect(await peer.status()).toBe(101)
    expect(seen).toEqual([
      [{ id: 7 }, expect.objectContaining({ nick: 'ada', tags: ['x', 'y'] }), { 'x-tenant': 'acme' }],
    ])
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    const answer = await (await ask(server, '/7?nick=a', 'X-Tenant: acme')).all()
    expect(answer).toContain('query parameter "nick" (Too small')
    expect(await (await ask(server, '/7?nick=ada')).all()).toContain('header field "x-tenant"')
  })

  test('may take its time; messages that come meanwhile wait', async () => {
    const server = await serve(
      endpoint('/', {
        query: { user: z.string().refine(async (name) => Promise.resolve(name === 'ada'), 'nobody of that name') },
        open: (socket) => socket.send(socket.query.user),
      }),
    )
    expect(await (await ask(server, '/?user=ada')).texts(1)).toEqual(['ada'])
    expect(await (await ask(server, '/?user=bob')).all()).toContain('query parameter "user" (nobody of that name)')
  })

  test.each(['throws', 'rejects'])('that %s: 500, and onError is told', async (way) => {
    const error = new Error('the schema is broken')
    const told = vi.fn()
    const server = await serve(
      endpoint('/', {
        query: {
          '~standard': {
            version: 1,
            vendor: 'test',
            validate: () => {
              if (way === 'throws') throw error
              return Promise.reject(error)
            },
          },
        },
      }),
      { onError: told },
    )
    expect(await (await ask(server, '/')).all()).toMatch(/^HTTP\/1\.1 500 /)
    expect(told).toHaveBeenCalledExactlyOnceWith(error, expect.objectContaining({ socket: undefined }))
  })
})

describe('values that are secrets are never told', () => {
  const secret = 'S3cr3t-Value'
  const quoting = v.pipe(
    v.string(),
    v.check(
      () => false,
      (issue) => `Received ${issue.received}`,
    ),
  )

  test.each<[string, Parameters<typeof endpoint>[1], string, string[]]>([
    ['a cookie', { cookies: { session: quoting } }, '/', [`Cookie: session=${secret}`]],
    ['a field', { headers: { authorization: quoting } }, '/', [`Authorization: Bearer ${secret}`]],
    ['a usual query parameter', { query: { token: quoting } }, `/?token=${secret}`, []],
    [
      'a named query parameter',
      { query: { key: quoting }, bearer: { from: [{ query: 'key' }] } },
      `/?key=${secret}`,
      [],
    ],
    [
      'all cookies',
      {
        cookies: v.pipe(
          v.any(),
          v.check(
            () => false,
            (issue) => JSON.stringify(issue.input),
          ),
        ),
      },
      '/',
      [`Cookie: a=${secret}`],
    ],
    [
      'a place with one in it',
      {
        query: v.pipe(
          v.any(),
          v.check(
            () => false,
            (issue) => JSON.stringify(issue.input),
          ),
        ),
      },
      `/?token=${secret}`,
      [],
    ],
  ])('%s', async (_what, declared, path, fields) => {
    const refused = vi.fn()
    const server = await serve(endpoint('/', declared), { onRefused: refused })
    const answer = await (await ask(server, path, ...fields)).all()
    expect(answer).toContain('it is not what the endpoint expects')
    expect(answer + JSON.stringify(refused.mock.calls)).not.toContain(secret)
  })

  test('others may be quoted by the schema, bounded and escaped', async () => {
    const server = await serve(endpoint('/', { query: { nick: quoting } }))
    const answer = await (await ask(server, `/?nick=%1B[31m${'x'.repeat(5000)}`)).all()
    expect(answer).toContain(String.raw`Received "\x1b[31mxxx`)
    expect(answer.length).toBeLessThan(2000)
  })
})

describe('a declaration that cannot work is refused at once', () => {
  test.each<[string, () => unknown]>([
    ['no kind', () => endpoint('/', { query: { page: 'interger' as 'integer' } })],
    ['neither kind nor schema', () => endpoint('/', { query: { page: 5 as unknown as 'integer' } })],
    ['a path parameter that the path does not capture', () => endpoint('/:room', { params: { romm: 'integer' } })],
  ])('%s', (_what, declare) => {
    expect(declare).toThrow(expect.objectContaining({ code: 'PARAMETER' }))
  })
})
