import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatRequestFile, parseRequestFile } from '../../src/request-file/request-file.ts'
import type { RequestFile, SavedRequest } from '../../src/request-file/request-file.ts'
import { RequestFileError } from '../../src/request-file/request-file-error.ts'

const whole = `@host = 127.0.0.1:9001
@room = 42

### Ada in room 42
# a comment
# @insecure
# @proxy http://proxy:3128
GET wss://{{host}}/rooms/{{room}}?nick=ada
Authorization: Bearer {{env:TOKEN}}
origin: https://example.com
Sec-WebSocket-Protocol: chat.v1, chat.v2

hello

# said to everyone
/close 1000

###
ws://other/
`

test('a file is variables and requests; a request is settings, URL, fields and a conversation', () => {
  expect(parseRequestFile(whole)).toEqual({
    variables: [
      ['host', '127.0.0.1:9001'],
      ['room', '42'],
    ],
    requests: [
      {
        name: 'Ada in room 42',
        url: 'wss://{{host}}/rooms/{{room}}?nick=ada',
        fields: [['Authorization', 'Bearer {{env:TOKEN}}']],
        subprotocols: ['chat.v1', 'chat.v2'],
        origin: 'https://example.com',
        settings: { insecure: true, proxy: 'http://proxy:3128' },
        conversation: ['hello', '', '# said to everyone', '/close 1000'],
      },
      {
        name: '',
        url: 'ws://other/',
        fields: [],
        subprotocols: [],
        origin: '',
        settings: { insecure: false, proxy: undefined },
        conversation: [],
      },
    ],
  } satisfies RequestFile)
})

describe('what cannot be read is told with its line', () => {
  test.each([
    ['### Nothing\n\n### Other\nws://a/', 'REQUEST_WITHOUT_URL', 1],
    ['### A\n# @unsafe\nws://a/', 'REQUEST_SETTING', 2],
    ['### A\n# @proxy\nws://a/', 'REQUEST_SETTING', 2],
    ['@no equals', 'REQUEST_VARIABLE', 1],
    ['\n### A\nftp://a/', 'REQUEST_URL', 3],
    ['### A\r\nws://a/\r\nhello', 'REQUEST_FIELD', 3],
    ['### A\nws://a/\n: x', 'REQUEST_FIELD', 3],
  ] as const)('%j', (text, code, line) => {
    const read = (): RequestFile => parseRequestFile(text)
    expect(read).toThrow(RequestFileError)
    expect(read).toThrow(expect.objectContaining({ code, line, message: expect.stringContaining(`Line ${line}: `) }))
  })
})

const word = fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/)
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
const messageLine = fc.stringMatching(/^[!-~][ -~]{0,20}$/).filter((line) => !line.startsWith('###'))
const request: fc.Arbitrary<SavedRequest> = fc.record({
  name: word,
  url: word.map((host) => `ws://${host}/`),
  fields: fc.array(
    fc.tuple(
      word.filter((name) => !/^(?:origin|sec-websocket-protocol)$/i.test(name)),
      value,
    ),
    { maxLength: 3 },
  ),
  subprotocols: fc.array(word, { maxLength: 3 }),
  origin: fc.oneof(fc.constant(''), value),
  settings: fc.record({ insecure: fc.boolean(), proxy: fc.option(value, { nil: undefined }) }),
  conversation: fc.array(messageLine, { maxLength: 4 }),
})

test('what is written is read back', () => {
  const file = fc.record({
    variables: fc.array(fc.tuple(word, value), { maxLength: 3 }),
    requests: fc.array(request, { maxLength: 3 }),
  })
  fc.assert(
    fc.property(file, (given) => {
      expect(parseRequestFile(formatRequestFile(given))).toEqual(given)
    }),
  )
})

test('any text is read or refused with a code', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('#', '@', ' ', '\n', ':', '=', 'w', 's', '/', '{', '}') }),
      (text) => {
        expect(readOrRefused(text)).toBe(true)
      },
    ),
  )
})

/** True when the text is read, or refused as it should be. */
function readOrRefused(text: string): boolean {
  try {
    parseRequestFile(text)
    return true
  } catch (error) {
    return error instanceof RequestFileError
  }
}
