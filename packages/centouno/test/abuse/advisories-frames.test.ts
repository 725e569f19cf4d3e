import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { clientFrame, frame, hex, join, utf8 } from '../protocol/wire.ts'
import { AbuseServer } from '../support/abuse-server-process.ts'
import type { Fate } from '../support/abuse-client.ts'
import { type ChildProgram, startProgram, stopPrograms } from '../support/child-program.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'
import { closeScriptedServers, head, scriptedServer, switchLines } from '../support/scripted-server.ts'

/* What went wrong in the frame parsers of others, on the wire, against processes of ours that nobody watches over. */

/** The raw servers never answer a Close. */
const impatient = { limits: { closeTimeout: 200 } }

let server: AbuseServer
let client: ChildProgram

beforeAll(async () => {
  server = await AbuseServer.start()
  client = await startProgram('abuse-client')
})

afterEach(async () => {
  resetRawPeers()
  await closeScriptedServers()
  // Whatever came, the processes live, have warned of nothing, and the server serves others.
  client.mustBeUnharmed()
  server.program.mustBeUnharmed()
  const other = await RawPeer.connect(server.port)
  await other.send(openingRequest('/'), clientFrame(1, 'alive'))
  await other.texts(1)
  other.reset()
})

afterAll(stopPrograms)

interface Attack {
  readonly name: string
  readonly bytes: Uint8Array
  /** The code by which the end is known. */
  readonly end: string
  readonly statusCode: number
}

const unfinished = clientFrame(1, 'a', { fin: false })

const attacks: readonly Attack[] = [
  {
    name: 'gorilla CVE-2020-27813: a continuation of 2^63 - 1 bytes, which overflows the sum of 64 bits',
    bytes: join(unfinished, hex('80 ff 7f ff ff ff ff ff ff ff 01020304')),
    end: 'LENGTH_UNSAFE',
    statusCode: 1009,
  },
  {
    name: 'gorilla CVE-2020-27813: a continuation of 2^53 - 1 bytes, which makes the sum inexact',
    bytes: join(unfinished, hex('80 ff 00 1f ff ff ff ff ff ff 01020304')),
    end: 'MESSAGE_TOO_LONG',
    statusCode: 1009,
  },
  {
    name: 'Tomcat CVE-2020-13935: a length whose top bit is set',
    bytes: hex('82 ff 80 00 00 00 00 00 00 05 01020304 0102030405'),
    end: 'LENGTH_TOP_BIT',
    statusCode: 1002,
  },
  {
    name: 'Tomcat CVE-2020-13935: the length -1',
    bytes: hex('82 ff ff ff ff ff ff ff ff ff 01020304'),
    end: 'LENGTH_TOP_BIT',
    statusCode: 1002,
  },
  {
    name: 'websocket-driver CVE-2026-54466: a length as an unlimited run of bytes, as in the drafts',
    bytes: join(hex('80'), new Uint8Array(100).fill(0xff), hex('7f')),
    end: 'LENGTH_TOP_BIT',
    statusCode: 1002,
  },
  {
    name: 'fastwebsockets, Deno, websocket: a frame that is not masked',
    bytes: frame(1, 'hello'),
    end: 'FRAME_UNMASKED',
    statusCode: 1002,
  },
  {
    name: 'Deno: a new text inside a fragmented one',
    bytes: join(unfinished, clientFrame(1, 'b', { fin: false }), clientFrame(0, 'c')),
    end: 'MESSAGE_INTERRUPTED',
    statusCode: 1002,
  },
  {
    name: 'Deno: a character that is cut off by the end of the last fragment',
    bytes: join(unfinished, clientFrame(0, utf8('€').subarray(0, 2))),
    end: 'TEXT_NOT_UTF8',
    statusCode: 1007,
  },
  {
    name: 'Deno: a Close of 126 bytes',
    bytes: clientFrame(8, join(hex('03e8'), new Uint8Array(124).fill(0x61))),
    end: 'CONTROL_TOO_LONG',
    statusCode: 1002,
  },
]

describe('a server', () => {
  test.for(attacks.map((attack) => [attack.name, attack] as const))('%s', async ([, attack]) => {
    const { bytes, end, statusCode } = attack
    const before = (await server.counts()).ends[end] ?? 0
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/'), bytes)
    const [close] = await peer.frames(1)
    expect(close?.opcode).toBe(8)
    expect(Buffer.from(close?.payload ?? []).readUInt16BE(0)).toBe(statusCode)
    await peer.closed
    const { ends } = await server.countsOnce((counts) => counts.ends[end] === before + 1)
    expect(ends[end]).toBe(before + 1)
  })

  test('curl CVE-2025-5399: a control frame at every place of a message that comes byte by byte', async () => {
    const ping = clientFrame(9, 'p')
    const fragments = ['a', 'b', ''].map((text, index) => clientFrame(index === 0 ? 1 : 0, text, { fin: text === '' }))
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/'))
    for (const fragment of fragments) await peer.drip(join(ping, fragment))
    const frames = await peer.frames(4)
    expect(frames.map(({ opcode }) => opcode)).toEqual([10, 10, 10, 1])
    expect(new TextDecoder().decode(frames[3]?.payload)).toBe('ab')
  })

  test('curl CVE-2025-5399: a Close in the middle of a message ends it', async () => {
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/'), unfinished, clientFrame(8, hex('03e8')))
    expect((await peer.frames(1))[0]?.payload).toEqual(Buffer.from(hex('03e8')))
    await peer.closed
  })
})

/** How the naive client fares with a server that sends these bytes after its 101. */
async function fateOf(bytes: Uint8Array): Promise<Fate> {
  const raw = await scriptedServer((socket, request) => {
    socket.write(join(utf8(head(switchLines(request))), bytes))
    socket.resume()
  })
  return client.ask<Fate>({ ask: 'connect', url: raw.url, options: impatient })
}

describe('a client', () => {
  test.for<[name: string, bytes: Uint8Array, end: string, statusCode: number]>([
    ['undici CVE-2026-1528: a message of 2^63 - 1 bytes', hex('82 7f 7f ff ff ff ff ff ff ff'), 'LENGTH_UNSAFE', 1009],
    ['undici CVE-2026-1528: a message of 2^64 - 1 bytes', hex('82 7f ff ff ff ff ff ff ff ff'), 'LENGTH_TOP_BIT', 1002],
    [
      'gorilla CVE-2020-27813: a continuation of 2^53 - 1 bytes',
      join(frame(1, 'a', { fin: false }), hex('80 7f 00 1f ff ff ff ff ff ff')),
      'MESSAGE_TOO_LONG',
      1009,
    ],
    ['fastwebsockets: a frame that is masked', clientFrame(1, 'hello'), 'FRAME_MASKED', 1002],
    [
      'Deno: a Close of 126 bytes',
      frame(8, join(hex('03e8'), new Uint8Array(124).fill(0x61))),
      'CONTROL_TOO_LONG',
      1002,
    ],
    ['Deno: cut UTF-8', frame(1, utf8('€').subarray(0, 2)), 'TEXT_NOT_UTF8', 1007],
    [
      'undici CVE-2026-12151: a message of too many fragments',
      join(frame(1, '', { fin: false }), Buffer.alloc(2 * 131_072, frame(0, '', { fin: false }))),
      'MESSAGE_TOO_MANY_FRAMES',
      1008,
    ],
  ])('%s', async ([, bytes, end, statusCode]) => {
    expect(await fateOf(bytes)).toEqual({ messages: 0, end, sent: statusCode })
  })

  test('curl CVE-2025-5399: a Ping in the middle of a message, and a Close at once', async () => {
    const bytes = join(
      frame(1, 'a', { fin: false }),
      frame(9, 'p'),
      frame(0, 'b'),
      frame(9, 'q'),
      frame(8, hex('03e8')),
    )
    expect(await fateOf(bytes)).toEqual({ messages: 1, end: 'END_CLOSED', sent: 1000 })
  })
})
