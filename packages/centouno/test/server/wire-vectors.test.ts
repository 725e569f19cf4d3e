import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { attach, type Attachment } from '../../src/server/attach.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type Server } from '../../src/server/listen.ts'
import { refusesManyFields } from '../support/node-parser.ts'
import { RawPeer, resetRawPeers } from '../support/raw-peer.ts'
import { requestVectors, type RequestVector } from '../vectors/request-vectors.ts'

const edgeBytes = 500

/** How the bytes of a vector reach the server. Each must come to the same answer. */
type Deliver = (peer: RawPeer, bytes: Uint8Array) => Promise<void>

const deliveries: Readonly<Record<string, Deliver>> = {
  'in one write': (peer, bytes) => peer.send(bytes),
  'byte by byte': async (peer, bytes) => {
    // Of a long one, its beginning and its end: what is between is more of the same.
    const edge = bytes.length > 4 * edgeBytes ? edgeBytes : bytes.length
    await peer.drip(bytes.subarray(0, edge))
    for (let from = edge; from < bytes.length - edge && !peer.ended; from += 499) {
      await peer.send(bytes.subarray(from, Math.min(from + 499, bytes.length - edge)))
    }
    await peer.drip(bytes.subarray(Math.max(edge, bytes.length - edge)))
  },
  'cut in the last CRLF CRLF': async (peer, bytes) => {
    const end = Buffer.from(bytes).indexOf('\r\n\r\n')
    const cuts = [end + 1, end + 2, end + 3, end + 4].filter((cut) => cut >= 4 && cut <= bytes.length)
    let from = 0
    for (const cut of [...cuts, bytes.length]) {
      await peer.send(bytes.subarray(from, cut))
      from = cut
    }
  },
}

const echo = endpoint('/', { message: (socket, data) => socket.send(data) })

afterEach(resetRawPeers)

interface Answer {
  readonly status: number
  /** The head's lines behind the first. */
  readonly fields: readonly string[]
  readonly body: string
  /** How many responses came before the server ended its side: nothing glued to a refused request is answered. */
  readonly responses: number
}

async function exchange(
  port: number,
  { bytes, expect: expected }: RequestVector,
  deliver: Deliver | undefined,
): Promise<Answer> {
  const peer = await RawPeer.connect(port)
  await deliver?.(peer, bytes)
  // A refusal has to end the connection; an accepted request leaves it open.
  const text = expected.status === 101 ? `${await peer.head()}\r\n\r\n` : await peer.all()
  const [head = '', body = ''] = text.split('\r\n\r\n', 2)
  const [statusLine = '', ...fields] = head.split('\r\n')
  return {
    status: statusLine.startsWith('HTTP/1.1 ') ? Number(statusLine.split(' ')[1]) : 0,
    fields,
    body,
    responses: text.match(/^HTTP\/1\.1 /gm)?.length ?? 0,
  }
}

function expectedOf({ bytes, expect: { status, rule, fields = {} } }: RequestVector): unknown {
  const headOnly = Buffer.from(bytes).toString('latin1').startsWith('HEAD ')
  return {
    status,
    fields: expect.arrayContaining(Object.entries(fields).map(([name, value]) => `${name}: ${value}`)),
    // RFC 9110 §9.3.2: a HEAD is answered without a body.
    body: expect.stringMatching(headOnly ? /^$/ : (rule ?? /^$/)),
    responses: 1,
  }
}

describe.each(Object.keys(deliveries))('listen, %s', (delivery) => {
  let server: Server
  beforeAll(async () => {
    server = await listen({ port: 0, host: '127.0.0.1' }, echo)
  })
  afterAll(() => server.close())

  test.each(requestVectors)('$id: $name → $expect.status', async (vector) => {
    expect(await exchange(server.port, vector, deliveries[delivery])).toEqual(expectedOf(vector))
  })
})

/** Node's parser refuses these itself, with a bare response: no `'upgrade'` event, no rule named. */
const refusedByNode: ReadonlyMap<string, number> = new Map([
  ['no request line', 400],
  ['method in lower case', 400],
  ['target host:port', 400],
  ['both lengths', 400],
  ['blank before a colon', 400],
  ['folded field', 400],
  ['NUL in a value', 400],
  ['CR in a value', 400],
  ['field name with a blank', 400],
  ['lone LF as line end', 400],
  ['target of 100 KiB', 431],
  ['field of 100 KiB', 431],
  ...((await refusesManyFields()) ? [['2,000 fields', 431] as const] : []),
])

/** To Node these are ordinary requests: they go to the HTTP server's own handler (H-TRAP-07). */
const ordinaryToNode: ReadonlySet<string> = new Set([
  'no Upgrade',
  'a browser asking for a page',
  'no Connection',
  'Connection: keep-alive',
  'Connection: Upgraded',
])

/** What the HTTP server of these tests answers to ordinary requests. */
const ordinaryStatus = 404

function neverReachesUs({ name }: RequestVector): boolean {
  return refusedByNode.has(name) || ordinaryToNode.has(name)
}

describe.each(Object.keys(deliveries))('attach, %s', (delivery) => {
  const httpServer = http.createServer((_, response) =>
    response.writeHead(ordinaryStatus, { Connection: 'close' }).end('no page here'),
  )
  let attachment: Attachment
  let port = 0
  beforeAll(async () => {
    attachment = attach(httpServer, echo)
    httpServer.listen(0, '127.0.0.1')
    await once(httpServer, 'listening')
    port = (httpServer.address() as AddressInfo).port
  })
  afterAll(async () => {
    await attachment.close()
    httpServer.close()
  })

  const ours = requestVectors.filter((vector) => !neverReachesUs(vector))
  test.each(ours)('$id: $name → $expect.status', async (vector) => {
    expect(await exchange(port, vector, deliveries[delivery])).toEqual(expectedOf(vector))
  })

  const others = requestVectors.filter(neverReachesUs)
  test.each(others)('$id: $name → answered by Node or by the HTTP handler', async (vector) => {
    const { status } = await exchange(port, vector, deliveries[delivery])
    expect(status).toBe(refusedByNode.get(vector.name) ?? ordinaryStatus)
  })
})

test('every vector that Node answers is one of the vectors', () => {
  const names = requestVectors.map((vector) => vector.name)
  expect(names).toEqual(expect.arrayContaining([...refusedByNode.keys(), ...ordinaryToNode]))
})
