import fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import { PathPattern, type PathParams } from '../../src/server/path-pattern.ts'

test.each([
  ['/', '/', {}],
  ['/chat', '/chat', {}],
  ['/rooms/:room', '/rooms/42', { room: '42' }],
  ['/rooms/:room', '/rooms/a%20b%2Fc', { room: 'a b/c' }],
  ['/rooms/:room/:seat', '/rooms/42/7', { room: '42', seat: '7' }],
  ['/café', '/caf%C3%A9', {}],
  ['/caf%C3%A9', '/caf%c3%a9', {}],
  ['/files/*', '/files/a/b%20c', { '*': 'a/b c' }],
  ['/files/*', '/files/', { '*': '' }],
  ['/:tenant/*', '/acme/x', { tenant: 'acme', '*': 'x' }],
  ['*', '/any/thing', { '*': '/any/thing' }],
])('%s serves %s', (pattern, path, params) => {
  expect({ ...new PathPattern(pattern).match(path) }).toEqual(params)
})

test.each([
  ['/chat', '/chat/'],
  ['/chat', '/Chat'],
  ['/chat', '/chats'],
  ['/chat', '/'],
  ['/rooms/:room', '/rooms'],
  ['/rooms/:room', '/rooms/'],
  ['/rooms/:room', '/rooms/42/7'],
  ['/rooms/:room', '/rooms/%E0%A4%A'],
  ['/rooms/:room', '/rooms/%ff'],
  ['/files/*', '/files'],
  ['/files/*', '/files/%zz'],
])('%s does not serve %s', (pattern, path) => {
  expect(new PathPattern(pattern).match(path)).toBeUndefined()
})

test.each(['', 'chat', '/a/*/b', '/:', '/:a/:a', '/%zz', '/a?b', '/a#b'])('%o is no pattern', (text) => {
  expect(() => new PathPattern(text)).toThrow(expect.objectContaining({ code: 'PATH_PATTERN' }))
})

test('parameters named like parts of an object are only names', () => {
  const params = new PathPattern('/:__proto__/:constructor').match('/a/b')
  expect(Object.keys(params ?? {})).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(params)).toBeNull()
})

test('any segment comes back as it was before it was encoded, and no path throws', () => {
  const pattern = new PathPattern('/rooms/:room')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (room) => {
      expect({ ...pattern.match(`/rooms/${encodeURIComponent(room)}`) }).toEqual({ room })
    }),
  )
  fc.assert(
    fc.property(fc.string(), (path) => {
      const params = pattern.match(path)
      expect(params === undefined || typeof params['room'] === 'string').toBe(true)
    }),
  )
})

test('the names of parameters are part of the type', () => {
  expectTypeOf<PathParams<'/rooms/:room/seats/:seat'>>().toEqualTypeOf<{
    readonly room: string
    readonly seat: string
  }>()
  expectTypeOf<PathParams<'/files/*'>>().toEqualTypeOf<{ readonly '*': string }>()
  expectTypeOf<keyof PathParams<'/chat'>>().toEqualTypeOf<never>()
  expectTypeOf<PathParams<string>>().toEqualTypeOf<Readonly<Record<string, string>>>()
})
