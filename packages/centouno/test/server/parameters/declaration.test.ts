import * as v from 'valibot'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { accept } from '../../../src/server/accept.ts'
import { endpoint } from '../../../src/server/endpoint.ts'
import { refuse } from '../../../src/server/refuse.ts'

test('built-in kinds give their types, in the request and in the socket', () => {
  const declared = endpoint('/rooms/:room/*', {
    params: { room: 'integer' },
    query: {
      nick: 'string',
      page: 'integer=1',
      since: 'number?',
      tag: 'string[]',
      quiet: 'boolean=false',
      id: 'uuid?',
    },
    headers: { 'x-tenant': 'string?' },
    cookies: { session: 'uuid' },
    authorize(request) {
      expectTypeOf(request.params).toEqualTypeOf<{ readonly room: number; readonly '*': string }>()
      expectTypeOf(request.query).toEqualTypeOf<{
        readonly nick: string
        readonly page: number
        readonly since: number | undefined
        readonly tag: readonly string[]
        readonly quiet: boolean
        readonly id: string | undefined
      }>()
      expectTypeOf(request.headers['x-tenant']).toEqualTypeOf<string | undefined>()
      expectTypeOf(request.cookies.session).toEqualTypeOf<string>()
      expectTypeOf(request.bearer).toEqualTypeOf<string | undefined>()
      expectTypeOf(request.searchParams).toEqualTypeOf<URLSearchParams>()
      expectTypeOf(request.signal).toEqualTypeOf<AbortSignal>()
      return { user: request.query.nick }
    },
    message(socket) {
      expectTypeOf(socket.query.page).toEqualTypeOf<number>()
      expectTypeOf(socket.params.room).toEqualTypeOf<number>()
      expectTypeOf(socket.request.cookies.session).toEqualTypeOf<string>()
      expectTypeOf(socket.data).toEqualTypeOf<{ user: string }>()
      // @ts-expect-error -- not declared
      socket.query.other satisfies unknown
    },
  })
  expect(declared.path).toBe('/rooms/:room/*')
})

test('without a declaration nothing is there', () => {
  const declared = endpoint('/', {
    open(socket) {
      // @ts-expect-error -- not declared
      socket.query.nick satisfies unknown
      expectTypeOf(socket.data).toEqualTypeOf<undefined>()
    },
  })
  expect(declared.path).toBe('/')
})

test('schemas give their output: one for a parameter, or one for a place', () => {
  const declared = endpoint('/users/:id', {
    params: z.object({ id: z.coerce.number() }),
    query: { limit: z.coerce.number().max(100), sort: v.picklist(['name', 'age']), nick: 'string' },
    headers: v.object({ 'x-tenant': v.string() }),
    open(socket) {
      expectTypeOf(socket.params).toEqualTypeOf<{ id: number }>()
      expectTypeOf(socket.query).toEqualTypeOf<{
        readonly limit: number
        readonly sort: 'name' | 'age'
        readonly nick: string
      }>()
      expectTypeOf(socket.request.headers).toEqualTypeOf<{ 'x-tenant': string }>()
    },
  })
  expect(declared.path).toBe('/users/:id')
})

test('accept and refuse leave only the data', () => {
  const declared = endpoint('/', {
    async authorize(request) {
      await Promise.resolve()
      if (request.origin === undefined) return refuse(403, 'no')
      return accept({ user: 'ada' }, { fields: { 'Set-Cookie': ['a=1', 'b=2'] } })
    },
    open(socket) {
      expectTypeOf(socket.data).toEqualTypeOf<{ user: string }>()
    },
  })
  expect(declared.path).toBe('/')
})

test('subprotocols by a function that sees the declared inputs', () => {
  const declared = endpoint('/', {
    query: { version: 'integer' },
    subprotocols(offered, request) {
      expectTypeOf(request.query.version).toEqualTypeOf<number>()
      return offered.find((name) => name === `chat.v${request.query.version}`)
    },
  })
  expect(declared.path).toBe('/')
})

test('what is no kind does not compile, and is refused', () => {
  // @ts-expect-error -- a misspelt kind
  expect(() => endpoint('/', { query: { page: 'interger' } })).toThrow('is no kind')
})
