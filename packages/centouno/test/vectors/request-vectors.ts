import { requestText, sampleAccept } from '../opening-handshake/messages.ts'
import type { Changes } from '../opening-handshake/messages.ts'

/** One opening request as bytes, and how a strict server answers it. Runs against the core and against real sockets. */
export interface RequestVector {
  readonly name: string
  /** The rule the vector is about. */
  readonly id: string
  /** Everything the client sends: the head, and what is glued to it. */
  readonly bytes: Uint8Array
  readonly expect: {
    readonly status: number
    /** The rule the refusal names. */
    readonly rule?: string
    /** Fields the answer must have, with these values. */
    readonly fields?: Readonly<Record<string, string>>
  }
}

const accepted: RequestVector['expect'] = { status: 101, fields: { 'Sec-WebSocket-Accept': sampleAccept } }

function refused(status: number, rule: string): RequestVector['expect'] {
  return { status, rule }
}

function upgradeRequired(rule: string): RequestVector['expect'] {
  return {
    status: 426,
    rule,
    fields: { Upgrade: 'websocket', Connection: 'Upgrade, close', 'Sec-WebSocket-Version': '13' },
  }
}

function vector(name: string, id: string, changes: Changes, expect: RequestVector['expect']): RequestVector {
  return raw(name, id, requestText(changes), expect)
}

/** Character codes are bytes. */
function raw(name: string, id: string, text: string, expect: RequestVector['expect']): RequestVector {
  return { name, id, bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)), expect }
}

function field(name: string, value: string | readonly string[] | undefined): Changes {
  return { fields: { [name]: value } }
}

const notAllowed = { status: 405, rule: 'H-REQ-02', fields: { Allow: 'GET' } }
/** A masked text frame saying `Hi`: FIN and opcode 1, mask bit and length 2, masking key 0, payload. */
const frame = '\x81\x82\x00\x00\x00\x00Hi'

export const requestVectors: readonly RequestVector[] = [
  vector('plain valid', 'H-REQ-01', {}, accepted),
  raw('no request line', 'H-REQ-01', 'websocket please\r\n\r\n', refused(400, 'H-REQ-01')),

  vector('POST', 'H-REQ-02', { startLine: 'POST / HTTP/1.1' }, notAllowed),
  vector('HEAD', 'H-REQ-02', { startLine: 'HEAD / HTTP/1.1' }, notAllowed),
  vector('method in lower case', 'H-REQ-02', { startLine: 'get / HTTP/1.1' }, notAllowed),
  vector('HTTP/1.0', 'H-REQ-03', { startLine: 'GET / HTTP/1.0' }, refused(400, 'H-REQ-03')),
  vector('HTTP/2.0 in a start line', 'H-REQ-03', { startLine: 'GET / HTTP/2.0' }, refused(505, 'H-REQ-03')),

  vector('absolute target', 'H-REQ-04', { startLine: 'GET http://example.com/ HTTP/1.1' }, accepted),
  vector(
    'absolute target, other host',
    'H-REQ-04',
    { startLine: 'GET http://other.example/ HTTP/1.1' },
    refused(400, 'H-REQ-04'),
  ),
  vector('target *', 'H-REQ-04', { startLine: 'GET * HTTP/1.1' }, refused(400, 'H-REQ-04')),
  vector('target host:port', 'H-REQ-04', { startLine: 'GET example.com:80 HTTP/1.1' }, refused(400, 'H-REQ-04')),

  vector('no Host', 'H-REQ-05', field('Host', undefined), refused(400, 'H-REQ-05')),
  vector('empty Host', 'H-REQ-05', field('Host', ''), refused(400, 'H-REQ-05')),
  vector('two Host', 'H-H1-03', field('Host', ['example.com', 'example.com']), refused(400, 'H-H1-03')),
  vector('Host with a blank inside', 'H-H1-03', field('Host', 'a b'), refused(400, 'H-H1-03')),

  vector('no Upgrade', 'H-REQ-06', field('Upgrade', undefined), upgradeRequired('H-REQ-06')),
  vector(
    'a browser asking for a page',
    'H-REQ-06',
    {
      fields: {
        Upgrade: undefined,
        Connection: 'keep-alive',
        'Sec-WebSocket-Key': undefined,
        'Sec-WebSocket-Version': undefined,
      },
    },
    upgradeRequired('H-REQ-06'),
  ),
  vector('Upgrade: h2c', 'H-REQ-06', field('Upgrade', 'h2c'), upgradeRequired('H-REQ-06')),
  vector('Upgrade: websocket/13', 'H-REQ-06', field('Upgrade', 'websocket/13'), upgradeRequired('H-REQ-06')),
  vector('Upgrade: WebSocket', 'H-REQ-06', field('Upgrade', 'WebSocket'), accepted),
  vector('Upgrade: foo, websocket', 'H-REQ-06', field('Upgrade', 'foo, websocket'), accepted),

  vector('no Connection', 'H-REQ-07', field('Connection', undefined), refused(400, 'H-REQ-07')),
  vector('Connection: keep-alive', 'H-REQ-07', field('Connection', 'keep-alive'), refused(400, 'H-REQ-07')),
  vector('Connection: Upgraded', 'H-REQ-07', field('Connection', 'Upgraded'), refused(400, 'H-REQ-07')),
  vector('Connection: keep-alive, Upgrade', 'H-REQ-07', field('Connection', 'keep-alive, Upgrade'), accepted),
  vector('Connection: uPgRaDe', 'H-REQ-07', field('Connection', 'uPgRaDe'), accepted),
  vector('Connection on two lines', 'H-REQ-07', field('Connection', ['keep-alive', 'Upgrade']), accepted),

  vector('no key', 'H-REQ-08', field('Sec-WebSocket-Key', undefined), refused(400, 'H-REQ-08')),
  vector('empty key', 'H-REQ-08', field('Sec-WebSocket-Key', ''), refused(400, 'H-REQ-08')),
  vector('key of 8 bytes', 'H-REQ-08', field('Sec-WebSocket-Key', 'AAAAAAAAAAA='), refused(400, 'H-REQ-08')),
  vector('key of 15 bytes', 'H-REQ-08', field('Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAA'), refused(400, 'H-REQ-08')),
  vector(
    'key of 17 bytes',
    'H-REQ-08',
    field('Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAAA='),
    refused(400, 'H-REQ-08'),
  ),
  vector(
    'key that is no base64',
    'H-REQ-08',
    field('Sec-WebSocket-Key', 'not base64, not at all!!'.replace(',', '.')),
    refused(400, 'H-REQ-08'),
  ),
  vector(
    'key in the url-safe alphabet',
    'H-REQ-08',
    field('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZ_=='),
    refused(400, 'H-REQ-08'),
  ),
  vector(
    'key without padding',
    'H-REQ-08',
    field('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ'),
    refused(400, 'H-REQ-08'),
  ),
  vector('key of RFC 6455 §4.1', 'H-TRAP-02', field('Sec-WebSocket-Key', 'AQIDBAUGBwgJCgsMDQ4PEC=='), {
    status: 101,
    fields: { 'Sec-WebSocket-Accept': 'OfS0wDaT5NoxF2gqm7Zj2YtetzM=' },
  }),
  vector(
    'key twice',
    'H-REQ-10',
    field('Sec-WebSocket-Key', ['dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ==']),
    refused(400, 'H-REQ-10'),
  ),
  vector(
    'two keys on a line',
    'H-REQ-10',
    field('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=='),
    refused(400, 'H-REQ-10'),
  ),

  vector('no version', 'H-VER-01', field('Sec-WebSocket-Version', undefined), upgradeRequired('H-REQ-12')),
  vector('version 12', 'H-VER-01', field('Sec-WebSocket-Version', '12'), upgradeRequired('H-REQ-12')),
  vector('version 25', 'H-VER-01', field('Sec-WebSocket-Version', '25'), upgradeRequired('H-REQ-12')),
  vector('version 8, a draft', 'H-VER-05', field('Sec-WebSocket-Version', '8'), upgradeRequired('H-REQ-12')),
  vector('version 0, a draft', 'H-VER-05', field('Sec-WebSocket-Version', '0'), upgradeRequired('H-REQ-12')),
  vector('version 013', 'H-VER-02', field('Sec-WebSocket-Version', '013'), upgradeRequired('H-VER-02')),
  vector('version 256', 'H-VER-02', field('Sec-WebSocket-Version', '256'), upgradeRequired('H-VER-02')),
  vector('version 13abc', 'H-VER-02', field('Sec-WebSocket-Version', '13abc'), upgradeRequired('H-VER-02')),
  vector('version 13, 8', 'H-REQ-13', field('Sec-WebSocket-Version', '13, 8'), upgradeRequired('H-REQ-13')),
  vector('version twice', 'H-REQ-13', field('Sec-WebSocket-Version', ['13', '13']), upgradeRequired('H-REQ-13')),

  vector('subprotocol chat, chat', 'H-REQ-14', field('Sec-WebSocket-Protocol', 'chat, chat'), refused(400, 'H-REQ-14')),
  vector('subprotocol empty', 'H-REQ-14', field('Sec-WebSocket-Protocol', ''), refused(400, 'H-REQ-14')),
  vector('subprotocol cha t', 'H-REQ-14', field('Sec-WebSocket-Protocol', 'cha t'), refused(400, 'H-REQ-14')),
  vector('subprotocol a/b', 'H-REQ-14', field('Sec-WebSocket-Protocol', 'a/b'), refused(400, 'H-REQ-14')),
  vector('subprotocol beyond ASCII', 'H-REQ-14', field('Sec-WebSocket-Protocol', 'caf\xe9'), refused(400, 'H-REQ-14')),
  vector('subprotocols on two lines', 'H-REQ-14', field('Sec-WebSocket-Protocol', ['a', 'b']), accepted),
  vector('subprotocols with stray commas', 'H-TRAP-04', field('Sec-WebSocket-Protocol', 'a,,b,'), accepted),

  vector(
    'extension without parameter name',
    'H-REQ-15',
    field('Sec-WebSocket-Extensions', 'permessage-deflate; ;'),
    refused(400, 'H-REQ-15'),
  ),
  vector('extension without name', 'H-REQ-15', field('Sec-WebSocket-Extensions', '; a'), refused(400, 'H-REQ-15')),
  vector(
    'extension value with a blank',
    'H-REQ-15',
    field('Sec-WebSocket-Extensions', 'foo; a="a b"'),
    refused(400, 'H-REQ-15'),
  ),
  vector(
    'extension with an open quote',
    'H-REQ-15',
    field('Sec-WebSocket-Extensions', 'foo; a="b'),
    refused(400, 'H-REQ-15'),
  ),
  vector('extension with a quoted value', 'H-REQ-15', field('Sec-WebSocket-Extensions', 'foo; a="b"'), accepted),
  vector('unknown extension', 'H-SRV-10', field('Sec-WebSocket-Extensions', 'foo'), accepted),
  vector(
    'permessage-deflate with 99 bits',
    'H-EXT-01',
    field('Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits=99'),
    accepted,
  ),

  vector('another field', 'H-REQ-16', field('X-Foo', 'bar'), accepted),
  vector('foreign Origin', 'H-SRV-06', field('Origin', 'https://elsewhere.example'), refused(403, 'H-SRV-06')),
  vector('Origin null', 'H-SRV-06', field('Origin', 'null'), refused(403, 'H-SRV-06')),
  vector('own Origin', 'H-SRV-06', field('Origin', 'http://example.com'), accepted),

  vector(
    'a body of 5 bytes',
    'H-SRV-23',
    { ...field('Content-Length', '5'), after: 'hello' },
    refused(400, 'H-SRV-23'),
  ),
  vector(
    'a chunked body',
    'H-SRV-23',
    { ...field('Transfer-Encoding', 'chunked'), after: '0\r\n\r\n' },
    refused(400, 'H-SRV-23'),
  ),
  vector('a body of 0 bytes', 'H-SRV-23', field('Content-Length', '0'), accepted),
  vector(
    'both lengths',
    'H-H1-08',
    { fields: { 'Content-Length': '5', 'Transfer-Encoding': 'chunked' }, after: '0\r\n\r\n' },
    refused(400, 'H-H1-08'),
  ),
  vector('Expect: 100-continue', 'H-SRV-24', field('Expect', '100-continue'), refused(417, 'H-SRV-24')),
  vector('a frame glued to the request', 'H-SRV-22', { after: frame }, accepted),

  vector(
    'blank before a colon',
    'H-H1-04',
    { fields: { Upgrade: undefined }, lines: ['Upgrade : websocket'] },
    refused(400, 'H-H1-04'),
  ),
  vector('folded field', 'H-H1-05', { lines: ['X-Folded: one', ' two'] }, refused(400, 'H-H1-05')),
  vector('NUL in a value', 'H-H1-06', field('X-Foo', 'a\0b'), refused(400, 'H-H1-06')),
  vector('CR in a value', 'H-H1-06', field('X-Foo', 'a\rb'), refused(400, 'H-H1-06')),
  vector('field name with a blank', 'H-H1-09', { lines: ['Sec WebSocket-Foo: a'] }, refused(400, 'H-H1-09')),
  raw('lone LF as line end', 'H-H1-10', requestText().replaceAll('\r\n', '\n'), refused(400, 'H-H1-10')),
  vector(
    'target of 100 KiB',
    'H-H1-11',
    { startLine: `GET /${'a'.repeat(100 * 1024)} HTTP/1.1` },
    refused(414, 'H-H1-11'),
  ),
  vector('field of 100 KiB', 'H-H1-11', field('X-Foo', 'a'.repeat(100 * 1024)), refused(431, 'H-H1-11')),
  vector(
    '2,000 fields',
    'H-H1-11',
    field(
      'X',
      Array.from({ length: 2000 }, () => '1'),
    ),
    refused(431, 'H-H1-11'),
  ),
]
