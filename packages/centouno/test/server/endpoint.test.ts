import { expect, expectTypeOf, test } from 'vitest'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen } from '../../src/server/listen.ts'
import { refuse } from '../../src/server/refuse.ts'

test('params are typed by the path, data by authorize', () => {
  const declared = endpoint('/rooms/:room', {
    async authorize(request) {
      expectTypeOf(request.params).toEqualTypeOf<{ readonly room: string }>()
      await Promise.resolve()
      return request.searchParams.get('token') === 'good' ? { user: 'ada' } : refuse(403, 'no')
    },
    open(socket) {
      expectTypeOf(socket.params.room).toEqualTypeOf<string>()
      expectTypeOf(socket.data).toEqualTypeOf<{ user: string }>()
    },
    message(socket, data) {
      expectTypeOf(socket.data.user).toEqualTypeOf<string>()
      expectTypeOf(data).toEqualTypeOf<string | Uint8Array>()
    },
  })
  expect(declared.path).toBe('/rooms/:room')

  endpoint('/plain', {
    open(socket) {
      expectTypeOf(socket.data).toEqualTypeOf<undefined>()
      // @ts-expect-error -- the path has no such parameter
      expect(socket.params.room).toBeUndefined()
    },
  })
  endpoint('/sync', {
    authorize: () => ({ level: 3 }),
    message(socket) {
      expectTypeOf(socket.data).toEqualTypeOf<{ level: number }>()
    },
  })
})

test.each(['', 'a b', 'a,b', 'a/b', 'ä'])('%o is no subprotocol', (name) => {
  expect(() => endpoint('/', { subprotocols: [name] })).toThrow(expect.objectContaining({ code: 'SUBPROTOCOL' }))
})

test('the same path twice is refused when it is served', async () => {
  const options = { port: 0, host: '127.0.0.1' }
  await expect(listen(options, endpoint('/a', {}), endpoint('/a', {}))).rejects.toMatchObject({ code: 'PATH_TWICE' })
})
