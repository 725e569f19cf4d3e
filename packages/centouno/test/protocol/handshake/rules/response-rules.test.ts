import { describe, expect, test } from 'vitest'
import { inSwitch } from './found.ts'

const offer = (name: string): { name: string; parameters: [] } => ({ name, parameters: [] })

describe('H-RES-08: permessage-deflate in the reply', () => {
  const sent = { extensions: [offer('permessage-deflate')] }
  test.each([
    ['permessage-deflate', 'kept'],
    ['foo', 'idle'],
    ['permessage-deflate, permessage-deflate', 'broken: `permessage-deflate` was accepted twice.'],
    [
      'permessage-deflate; x',
      'broken: `permessage-deflate` has the parameter `x`: unknown, out of bounds, or there twice.',
    ],
    [
      'permessage-deflate; client_max_window_bits=9',
      'broken: The parameters of `permessage-deflate` do not fit any of the offers.',
    ],
  ])('%s: %s', (answer, told) => {
    expect(inSwitch('H-RES-08', { fields: { 'Sec-WebSocket-Extensions': answer } }, sent)).toBe(told)
  })

  test('one that was not offered, or cannot be read, is for other rules', () => {
    expect(inSwitch('H-RES-08', { fields: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } })).toBe('kept')
    expect(inSwitch('H-RES-08', { fields: { 'Sec-WebSocket-Extensions': 'a b' } }, sent)).toBe('idle')
    expect(inSwitch('H-RES-08', {}, sent)).toBe('idle')
  })
})

describe('H-RES-10: a subprotocol was offered', () => {
  const sent = { subprotocols: ['chat', 'soap'] }
  test.each([
    ['chat', true, 'kept'],
    [undefined, true, 'broken: Offered were `chat`, `soap`; the server picked none.'],
    [undefined, false, 'noted: Offered were `chat`, `soap`; the server picked none.'],
  ])('picked %j, insisted %j: %s', (picked, requireSubprotocol, told) => {
    const fields = { 'Sec-WebSocket-Protocol': picked }
    expect(inSwitch('H-RES-10', { fields }, { ...sent, requireSubprotocol })).toBe(told)
  })
})

test('H-RES-11: a fault of the head, by the rule that it breaks', () => {
  expect(inSwitch('H-RES-11', { startLine: 'HTTP/1.1 1o1 x' })).toMatch(/^broken: .*[^)]$/)
  expect(inSwitch('H-RES-11', { lines: ['X : a'] })).toMatch(/^broken: .* \(H-H1-04\)$/)
})
