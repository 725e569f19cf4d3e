import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import type { SavedRequest } from '../../src/request-file/request-file.ts'
import { readSteps } from '../../src/conversation/step.ts'
import { parseRequestFile } from '../../src/request-file/request-file.ts'
import { emptyHistory, tell } from '../../page/src/message-history.ts'
import { toBase64, utf8Of } from '../../page/src/payload.ts'
import * as library from '../../page/src/request-library.ts'
import { saidLines } from '../../page/src/said-lines.ts'
import { line } from './sample.ts'

const written = `# for the team
@host = 127.0.0.1:9001
@room = 42

### Ada
@nick = ada
# @insecure
wss://{{host}}/rooms/{{room}}?nick={{nick}}
Authorization: Bearer {{env:TOKEN}}

@room = no variable, but said
/close 1000

### Grace
ws://{{host}}/{{env:PATH_OF_IT}}?{{env:TOKEN}}
`

const request: SavedRequest = {
  name: 'Third',
  url: 'ws://a/',
  fields: [],
  subprotocols: [],
  origin: '',
  settings: { insecure: false, proxy: undefined },
  conversation: ['hello'],
}

function names(text: string): string[] {
  return parseRequestFile(text).requests.map(({ name }) => name)
}

describe('the saved requests', () => {
  test('are read; what is wrong is told with its line', () => {
    expect(library.readLibrary(written)).toMatchObject({ ok: true, file: { requests: [{}, {}] } })
    expect(library.readLibrary('### one\nnowhere')).toMatchObject({ ok: false, line: 2 })
  })

  test('one more stands at the end, as it was', () => {
    const more = library.withRequest(written, request)
    expect(more.startsWith(written.trimEnd())).toBe(true)
    expect(parseRequestFile(more).requests[2]).toEqual(request)
    expect(parseRequestFile(library.withRequest('', request)).requests).toEqual([request])
  })

  test.each([
    [0, ['Grace']],
    [1, ['Ada']],
    [2, ['Ada', 'Grace']],
  ])('without number %i', (place, left) => {
    const without = library.withoutRequest(written, place)
    expect(names(without)).toEqual(left)
    expect(without).toContain('# for the team\n@host = 127.0.0.1:9001')
  })

  test('removing one that has no name leaves the variables above it', () => {
    const without = library.withoutRequest('@host = a\nws://{{host}}/\n\nhello\n### other\nws://b/\n', 0)
    expect(parseRequestFile(without)).toMatchObject({ variables: [['host', 'a']], requests: [{ name: 'other' }] })
  })
})

describe('variables', () => {
  test('are changed where they stand; what only looks like one is a message', () => {
    const changed = library.withVariable(written, 'room', '43')
    expect(changed).toBe(written.replace('@room = 42', '@room = 43'))
    expect(library.withVariable(written, 'nick', 'eve')).toBe(written.replace('@nick = ada', '@nick = eve'))
  })

  test('a new one stands below the others, or at the top', () => {
    const added = library.withVariable(written, 'port', '1')
    expect(parseRequestFile(added).variables).toContainEqual(['port', '1'])
    expect(added).toContain('@room = 42\n@port = 1\n')
    expect(library.withVariable('ws://a/\n', 'port', '1')).toBe('@port = 1\n\nws://a/\n')
  })

  test('are removed', () => {
    expect(library.withoutVariable(written, 'room')).toBe(written.replace('@room = 42\n', ''))
    expect(library.withoutVariable(written, 'nothing')).toBe(written)
  })

  test('of the environment are named once each', () => {
    expect(library.environmentNames(written)).toEqual(['TOKEN', 'PATH_OF_IT'])
  })

  test.each([
    ['host', true],
    ['_a-1', true],
    ['1a', false],
    ['a b', false],
    ['', false],
  ])('%j may be a name: %j', (name, may) => {
    expect(library.isVariableName(name)).toBe(may)
  })
})

function sent(data: string, kind: LogEntry['kind'] = 'text'): LogEntry {
  return { ...line(data), direction: 'sent', kind }
}

test('what was said becomes lines that say the same again', () => {
  const history = tell(emptyHistory, [
    sent('hello'),
    line('not said, but heard'),
    sent('/slash'),
    sent('# hash'),
    sent('### three'),
    sent(' blanks '),
    sent('two\nlines'),
    sent(''),
    sent(toBase64(Uint8Array.of(0, 255)), 'binary'),
    sent(toBase64(utf8Of('are you there')), 'ping'),
    { ...sent('done', 'close'), code: 1000 },
  ])
  const lines = saidLines(history)
  expect(readSteps(lines)).toEqual([
    { kind: 'text', data: 'hello' },
    { kind: 'text', data: '/slash' },
    { kind: 'text', data: '# hash' },
    { kind: 'text', data: '### three' },
    { kind: 'text', data: ' blanks ' },
    { kind: 'text', data: 'two\nlines' },
    { kind: 'text', data: '' },
    { kind: 'binary', data: Uint8Array.of(0, 255) },
    { kind: 'ping', data: 'are you there' },
    { kind: 'close', code: 1000, reason: 'done' },
  ])
  const file = library.withRequest('', { ...request, conversation: lines })
  expect(readSteps(parseRequestFile(file).requests[0]?.conversation ?? [])).toEqual(readSteps(lines))
})
