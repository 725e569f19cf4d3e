import { connect, endpoint, listen } from 'centouno'
import { describe, expect, test } from 'vitest'
import { emptyForm } from '../../page/src/connect-form.ts'
import type { ConnectForm } from '../../page/src/connect-form.ts'
import { orderFrom } from '../../page/src/connect-order.ts'
import { previewRequest } from '../../page/src/request-preview.ts'

function keyLeftOut(head: string): string {
  return head.replace(/(Sec-WebSocket-Key: ).*\r\n/, '$1\r\n')
}

describe('the preview', () => {
  test.each<[string, Partial<ConnectForm>]>([
    ['of the plain request', {}],
    [
      'with everything',
      {
        subprotocols: 'chat.v1',
        origin: 'http://page.example',
        fields: [{ name: 'X-Id', value: '7' }],
        bearer: { ...emptyForm().bearer, token: 'abc', place: 'query', query: 'room' },
        compression: { offer: true, takeover: false, peerTakeover: true, windowBits: 11, peerWindowBits: 12 },
      },
    ],
    [
      'without takeover of the server',
      { compression: { ...emptyForm().compression, offer: true, peerTakeover: false } },
    ],
  ])('%s is what goes over the wire, but for the key', async (_what, part) => {
    await using server = await listen(
      { port: 0, host: '127.0.0.1', origins: 'any' },
      endpoint('*', { subprotocols: ['chat.v1'] }),
    )
    const order = orderFrom({ ...emptyForm(), url: `${server.url}/a?b=1`, ...part }, '')
    const { url, fields, subprotocols, origin, compression } = order
    await using socket = await connect(url, {
      headers: fields,
      subprotocols,
      origin: origin === '' ? undefined : origin,
      compression,
    })
    const preview = previewRequest(order)
    expect(keyLeftOut(preview.ok ? preview.text : '')).toBe(keyLeftOut(socket.report.request?.head ?? ''))
    expect(preview.ok && preview.text.startsWith('GET /a?b=1')).toBe(true)
  })

  test.each<[string, string, Partial<ConnectForm>]>([
    ['H-URI-01', 'a URL that is none', { url: 'ftp://a' }],
    ['H-REQ-14', 'a subprotocol that is no token', { subprotocols: 'a/b' }],
    ['H-REQ-16', 'a field of the handshake itself', { fields: [{ name: 'Host', value: 'b' }] }],
    ['H-H1-06', 'a line break in a value', { fields: [{ name: 'X', value: 'a\r\nb' }] }],
  ])('%s: %s cannot go', (rule, _what, part) => {
    expect(previewRequest(orderFrom({ ...emptyForm(), url: 'ws://a/', ...part }, ''))).toMatchObject({
      ok: false,
      rule,
    })
  })
})
