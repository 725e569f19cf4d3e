import { describe, expect, test } from 'vitest'
import { handshakeFailure } from '../../src/client/handshake-failure.ts'
import { judgeResponse } from '../../src/protocol/handshake/judge-response.ts'
import type { SentRequest } from '../../src/protocol/handshake/judgement.ts'
import { parseResponseHead } from '../../src/protocol/http/response-head.ts'
import { isCode } from '../../src/report/codes.ts'
import { utf8 } from '../protocol/wire.ts'

// The example of RFC 6455 §1.3.
const sent: SentRequest = {
  key: 'dGhlIHNhbXBsZSBub25jZQ==',
  subprotocols: [],
  extensions: [{ name: 'permessage-deflate', parameters: [] }],
  requireSubprotocol: true,
  relaxed: new Set(),
}

function failureFor(...fields: readonly string[]): unknown {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ...fields,
  ]
  const head = parseResponseHead(utf8(`${lines.join('\r\n')}\r\n\r\n`))
  const judgement = judgeResponse(head, sent)
  return judgement.ok ? undefined : handshakeFailure(judgement.rule, head, sent)
}

describe('the failure of a 101', () => {
  test('a right one has none', () => {
    expect(failureFor()).toBeUndefined()
  })

  test.each([
    'permessage-deflate; server_max_window_bits=7',
    'permessage-deflate; server_max_window_bits=16',
    'permessage-deflate; unknown',
    'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
    'permessage-deflate, permessage-deflate',
  ])('H-RES-08: %s', (answer) => {
    expect(failureFor(`Sec-WebSocket-Extensions: ${answer}`)).toMatchObject({
      code: 'UPGRADE_EXTENSION_PARAMETER',
      details: { rule: 'H-RES-08' },
    })
  })

  test('a rule without a code of its own is named by its id', () => {
    const failure = handshakeFailure('H-SRV-17', parseResponseHead(utf8('HTTP/1.1 101 x\r\n\r\n')), sent)
    expect(failure).toMatchObject({ code: 'UPGRADE_RULE_BROKEN', details: { rule: 'H-SRV-17' } })
    expect(isCode(failure.code)).toBe(true)
  })
})
