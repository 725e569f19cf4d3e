import { expect, test } from 'vitest'
import { fillRequest, fillVariables } from '../../src/request-file/variables.ts'
import { parseRequestFile } from '../../src/request-file/request-file.ts'

const values = {
  named: new Map([
    ['host', 'example.com'],
    ['base', 'ws://{{host}}'],
    ['circle', '{{circle}}'],
  ]),
  environment: { TOKEN: 's3cret' },
}

test('names, names within names, and the environment are replaced, everywhere in a request', () => {
  const [request] = parseRequestFile(
    '# @proxy http://{{host}}\n{{base}}/a\nOrigin: https://{{host}}\nA: {{env:TOKEN}}\nSec-WebSocket-Protocol: {{ host }}\n\nhi {{host}}',
  ).requests
  expect(request && fillRequest(request, values)).toEqual({
    name: '',
    url: 'ws://example.com/a',
    fields: [['A', 's3cret']],
    subprotocols: ['example.com'],
    origin: 'https://example.com',
    settings: { insecure: false, proxy: 'http://example.com' },
    conversation: ['hi example.com'],
  })
})

test.each([
  ['{{nobody}}', 'VARIABLE_UNKNOWN'],
  ['{{circle}}', 'VARIABLE_UNKNOWN'],
  ['{{env:NOBODY}}', 'ENVIRONMENT_UNKNOWN'],
])('%s has no value', (text, code) => {
  expect(() => fillVariables(text, values)).toThrow(expect.objectContaining({ code }))
})

test('what is no variable stays as it is', () => {
  expect(fillVariables('{"a":{"b":1}} {{1}}', values)).toBe('{"a":{"b":1}} {{1}}')
})
