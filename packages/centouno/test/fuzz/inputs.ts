import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { requestText, switchText } from '../opening-handshake/messages.ts'
import { clientFrame, frame, hex, join, utf8 } from '../protocol/wire.ts'

/* Inputs that mostly keep the rules, so that they get somewhere before one is broken. */

const names = [
  'Host',
  'Upgrade',
  'Connection',
  'Origin',
  'Content-Length',
  'Transfer-Encoding',
  'Expect',
  'Cookie',
  'Sec-WebSocket-Key',
  'Sec-WebSocket-Version',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Extensions',
  'Sec-WebSocket-Accept',
  '__proto__',
  'constructor',
  'X-A',
]

const values = [
  '',
  ' ',
  'websocket',
  'Upgrade',
  'keep-alive, Upgrade',
  'null',
  'http://example.com',
  'https://evil.example',
  'http://[',
  '13',
  '8',
  '0',
  '5',
  'chunked',
  'chat',
  'chat, superchat',
  'a,,b,',
  'permessage-deflate; client_max_window_bits',
  'permessage-deflate; server_max_window_bits=10; ;',
  'a; b="c\\"',
  '"',
  '[::1]:80',
  'example.com:99999',
  '__proto__',
  'caf\xe9',
  'a\0b',
  'a\rb',
  'x'.repeat(9_000),
]

const startLines = [
  'GET / HTTP/1.1',
  'GET /a?b=%ff#c HTTP/1.1',
  'POST / HTTP/1.1',
  'GET http://example.com/ HTTP/1.1',
  'GET  / HTTP/1.1',
  'PRI * HTTP/2.0',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 101',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 999999 x',
  'HTTP/1.0 101 x',
  '',
]

const lines = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary-ascii', maxLength: 12 })) },
  { weight: 1, arbitrary: fc.tuple(fc.string({ unit: 'binary-ascii', maxLength: 6 }), fc.constantFrom(...values)) },
)

const lineEnds = fc.oneof(
  { weight: 20, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\r\n', '') },
)

/** A valid head of which lines are added, dropped or said twice, and single bytes changed. */
function changedHead(valid: string, startLine: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const [first = '', ...rest] = valid.slice(0, -4).split('\r\n')
  return fc
    .record({
      start: fc.oneof({ weight: 4, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: startLine }),
      kept: fc.array(fc.integer({ min: 0, max: 14 }), { minLength: rest.length, maxLength: rest.length }),
      added: fc.array(lines, { maxLength: 3 }),
      lineEnd: lineEnds,
      changes: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }) },
      ),
    })
    .map(({ start, kept, added, lineEnd, changes }) => {
      // 0 drops the line, 1 says it twice.
      const fields = rest.flatMap((line, index) => (kept[index] === 0 ? [] : kept[index] === 1 ? [line, line] : [line]))
      const all = [start, ...fields, ...added.map(([name, value]) => `${name}: ${value}`), '', '']
      const bytes = encodeLatin1(all.join(lineEnd))
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
      return bytes
    })
}

const noise = fc.uint8Array({ minLength: 1, maxLength: 300 })

export const requestHeads: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: changedHead(requestText(), fc.constantFrom(...startLines)) },
  { weight: 1, arbitrary: noise },
)

export const responseHeads: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: changedHead(switchText(), fc.constantFrom(...startLines)) },
  { weight: 1, arbitrary: noise },
)

const payloads = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(utf8),
  fc.uint8Array({ maxLength: 8 }),
  fc.nat({ max: 700 }).map((length) => new Uint8Array(length).fill(0x61)),
  fc.constantFrom(hex('03e8'), hex('03e8 6279 65'), hex('03'), hex('03ed'), hex('e2 82')),
)

/** Frames that are in order by themselves, whatever they are together. */
function wellFormed(make: typeof frame): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      opcode: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(1, 2, 0, 0) },
        { weight: 3, arbitrary: fc.constantFrom(9, 10) },
        { weight: 1, arbitrary: fc.constant(8) },
      ),
      fin: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      // RSV1, where nothing was agreed.
      rsv: fc.oneof({ weight: 40, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(4) }),
      payload: payloads,
    })
    .map(({ opcode, fin, rsv, payload }) => {
      const isControl = opcode >= 8
      return make(opcode, isControl ? payload.subarray(0, 125) : payload, { fin: fin || isControl, rsv })
    })
}

/** Headers with any bits and any length, in any of the three forms. */
const strangeHeaders = fc
  .record({
    first: fc.integer({ min: 0, max: 255 }),
    masked: fc.boolean(),
    length: fc.oneof(
      fc.integer({ min: 0, max: 125 }).map((length) => Uint8Array.of(length)),
      fc.uint8Array({ minLength: 2, maxLength: 2 }).map((bytes) => join(Uint8Array.of(126), bytes)),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => join(Uint8Array.of(127), bytes)),
    ),
    rest: fc.uint8Array({ maxLength: 12 }),
  })
  .map(({ first, masked, length: [mark = 0, ...length], rest }) =>
    Uint8Array.from([first, mark + (masked ? 0x80 : 0), ...length, ...rest]),
  )

function frames(make: typeof frame, other: typeof frame): fc.Arbitrary<Uint8Array> {
  return fc
    .array(
      fc.oneof(
        { weight: 12, arbitrary: wellFormed(make) },
        { weight: 1, arbitrary: wellFormed(other) },
        { weight: 1, arbitrary: strangeHeaders },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
      ),
      { maxLength: 10 },
    )
    .map((pieces) => join(...pieces))
}

export const serverFrames: fc.Arbitrary<Uint8Array> = frames(clientFrame, frame)
export const clientFrames: fc.Arbitrary<Uint8Array> = frames(frame, clientFrame)

function deflated(content: Uint8Array, finishFlush: number): Uint8Array {
  const flushed = deflateRawSync(content, { finishFlush })
  return finishFlush === constants.Z_FINISH ? join(flushed, Uint8Array.of(0)) : flushed.subarray(0, -4)
}

const deflatedPayloads = fc
  .record({
    content: fc.oneof({ weight: 8, arbitrary: payloads }, { weight: 1, arbitrary: fc.constant(new Uint8Array(5_000)) }),
    flush: fc.constantFrom(constants.Z_SYNC_FLUSH, constants.Z_SYNC_FLUSH, constants.Z_FINISH),
    changes: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(12), fc.integer({ min: 0, max: 255 })), { maxLength: 2 }) },
    ),
  })
  .map(({ content, flush, changes }) => {
    const bytes = deflated(content, flush).slice()
    for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
    return bytes
  })

/** Messages of one frame or two, compressed: what they come to is up to them, and to those before. */
const compressedMessages = fc
  .record({
    opcode: fc.constantFrom(1, 2),
    payload: fc.oneof(
      { weight: 8, arbitrary: deflatedPayloads },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
      // Points to what came before.
      { weight: 1, arbitrary: fc.constant(hex('f2 00 11 00 00')) },
    ),
    cut: fc.option(fc.nat(20)),
    repeatsBit: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ opcode, payload, cut, repeatsBit }) => {
    if (cut === null) return clientFrame(opcode, payload, { rsv: 4 })
    const first = clientFrame(opcode, payload.subarray(0, cut), { rsv: 4, fin: false })
    return join(first, clientFrame(0, payload.subarray(cut), { rsv: repeatsBit === 0 ? 4 : 0 }))
  })

/** What a client sends that has agreed on permessage-deflate. */
export const compressedFrames: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: compressedMessages },
      { weight: 2, arbitrary: wellFormed(clientFrame) },
      { weight: 1, arbitrary: strangeHeaders },
    ),
    { maxLength: 8 },
  )
  .map((pieces) => join(...pieces))

function connections(
  validHead: string,
  heads: fc.Arbitrary<Uint8Array>,
  pieces: fc.Arbitrary<Uint8Array>,
): fc.Arbitrary<Uint8Array> {
  const head = fc.oneof({ weight: 3, arbitrary: fc.constant(encodeLatin1(validHead)) }, { weight: 2, arbitrary: heads })
  return fc
    .record({
      head,
      pieces,
      length: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
    })
    .map(({ head: first, pieces: rest, length }) => {
      const all = join(first, rest)
      return all.subarray(0, Math.ceil(all.length * length))
    })
}

/** What a client sends from the first byte to the last; some are cut off. */
export const serverConnections: fc.Arbitrary<Uint8Array> = connections(requestText(), requestHeads, serverFrames)

const switchForAnyKey = switchText({ fields: { 'Sec-WebSocket-Accept': '{accept}' } })

/** The same of a server. */
export const clientConnections: fc.Arbitrary<Uint8Array> = connections(
  switchForAnyKey,
  fc.oneof(changedHead(switchForAnyKey, fc.constantFrom(...startLines)), noise),
  clientFrames,
)
