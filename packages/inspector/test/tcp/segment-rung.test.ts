import { describe, expect, test } from 'vitest'
import { openCapture } from '../../src/capture/open-capture.ts'
import { SegmentTeller } from '../../src/tcp/segment-rung.ts'
import type { RungDraft } from '../../src/wire/layer-reader.ts'
import type { WireField } from '../../src/wire/rung.ts'
import type { Segment } from '../../src/wire/segment.ts'
import { ack, fin, pcapFile, rst, syn } from '../support/packet-writer.ts'
import { TcpTalk } from '../support/tcp-talk.ts'

/** What a newcomer reads on each arrow of TCP. */

function told(talk: TcpTalk): RungDraft[] {
  const teller = new SegmentTeller()
  const [connection] = openCapture(pcapFile(talk.packets)).connections
  return (connection?.segments ?? []).map((segment) => teller.tell(segment))
}

function last(talk: TcpTalk): RungDraft | undefined {
  return told(talk).at(-1)
}

function shown(field: WireField): unknown[] {
  return [field.name, field.value, field.start, field.end, ...(field.bits ?? [])]
}

const labels = (rungs: readonly RungDraft[]): string[] => rungs.map(({ from, label }) => `${from}: ${label.en}`)

/** MSS 1460, SACK permitted, timestamps 7 and 9, no-operation, window scale 7. */
const options = Uint8Array.of(2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 1, 3, 3, 7)

test('a connection from SYN to the last ACK, in labels, sentences and clauses', () => {
  const talk = new TcpTalk().open(options).say('sent', 'hello').raw('received').say('received', 'x')
  talk.finish('received').raw('sent').finish('sent').raw('received')
  const rungs = told(talk)
  expect(rungs.map(({ from, label, clause }) => [from, label.en, label.zh, clause])).toEqual([
    ['client', 'SYN', 'SYN', 'RFC 9293 §3.5'],
    ['server', 'SYN-ACK', 'SYN-ACK', 'RFC 9293 §3.5'],
    ['client', 'ACK', 'ACK', 'RFC 9293 §3.5'],
    ['client', '5 bytes', '5 字节', 'RFC 9293 §3.8'],
    ['server', 'ACK', 'ACK', 'RFC 9293 §3.4'],
    ['server', '1 byte', '1 字节', 'RFC 9293 §3.8'],
    ['server', 'FIN', 'FIN', 'RFC 9293 §3.6'],
    ['client', 'ACK', 'ACK', 'RFC 9293 §3.6'],
    ['client', 'FIN', 'FIN', 'RFC 9293 §3.6'],
    ['server', 'ACK', 'ACK', 'RFC 9293 §3.6'],
  ])
  expect(rungs.map(({ sentence }) => sentence.en)).toEqual([
    'The client asks to open a connection, and will number its bytes from 1000 on, a number nobody can guess.',
    'The server agrees, and opens its own direction; its bytes are numbered from 5000 on.',
    'The client confirms that it heard the answer. The connection is established: each side knows that the other hears it.',
    'The client sends 5 bytes: numbers 1 to 5 of its stream.',
    'The server confirms that it has the first 5 bytes of what the client sent.',
    'The server sends 1 byte: number 1 of its stream.',
    'The server has said all it had to say, and closes its direction. The client may still speak.',
    'The client confirms that it knows the server is done.',
    'The client is done too: once this is confirmed, the connection is closed.',
    'The server confirms that it knows the client is done.',
  ])
  expect(rungs[4]?.sentence.zh).toBe('服务器确认已收到客户端发来的前 5 字节。')
  expect(rungs.some(({ alarming, inferred }) => alarming || inferred)).toBe(false)
})

describe('the fields of the header', () => {
  const [first, , , data] = told(new TcpTalk().open(options).say('sent', 'a secret'))

  test('SYN: every field with its bytes and bits, the options within', () => {
    expect(first?.fields.map((field) => shown(field))).toEqual([
      ['Source Port', '40000', 0, 2],
      ['Destination Port', '80', 2, 4],
      ['Sequence Number', '0 (1000 on the wire)', 4, 8],
      ['Acknowledgment Number', '0 (unused)', 8, 12],
      ['Data Offset', '10 words, 40 bytes', 12, 13, 0, 3],
      ['Reserved', '0', 12, 13, 4, 7],
      ['CWR', '0', 13, 14, 0, 0],
      ['ECE', '0', 13, 14, 1, 1],
      ['URG', '0', 13, 14, 2, 2],
      ['ACK', '0', 13, 14, 3, 3],
      ['PSH', '0', 13, 14, 4, 4],
      ['RST', '0', 13, 14, 5, 5],
      ['SYN', '1', 13, 14, 6, 6],
      ['FIN', '0', 13, 14, 7, 7],
      ['Window', '512 bytes', 14, 16],
      ['Checksum', '0x0000', 16, 18],
      ['Urgent Pointer', '0', 18, 20],
      ['Options', '20 bytes', 20, 40],
    ])
    expect(first?.fields.at(-1)?.fields?.map((field) => shown(field))).toEqual([
      ['Maximum Segment Size', '1460 bytes', 20, 24],
      ['SACK Permitted', 'yes', 24, 26],
      ['Timestamps', 'TSval 7, TSecr 9', 26, 36],
      ['No-Operation', 'padding', 36, 37],
      ['Window Scale', '7: times 128', 37, 40],
    ])
  })

  test('the payload is left to the layers above, which hide its secrets', () => {
    expect(data?.byteCount).toBe(20)
    expect(Buffer.from(data?.bytes ?? '', 'base64').includes('secret')).toBe(false)
    expect(data?.fields.find(({ name }) => name === 'Window')?.value).toBe('512 × 128 = 65536 bytes')
  })

  test('RFC 7323 §2.2: a window is scaled only when both sides offered it', () => {
    const talk = new TcpTalk().raw('sent', { flags: syn, options }).skip('sent', 1)
    talk
      .raw('received', { flags: syn | ack })
      .skip('received', 1)
      .raw('sent')
    expect(told(talk)[2]?.fields.find(({ name }) => name === 'Window')?.value).toBe('512 bytes')
  })

  test('without the SYN, the first number counts as 1, and the scale is not known', () => {
    const [rung] = told(new TcpTalk().say('sent', 'GET / HTTP/1.1'))
    const values = new Map(rung?.fields.map(({ name, value }) => [name, value]))
    expect(values.get('Sequence Number')).toBe('1 (1000 on the wire)')
    expect(values.get('Window')).toBe('512, in units that the SYN would have told')
  })

  test('SACK blocks, options nobody knows, and one whose length leads out of the header', () => {
    const sack = Uint8Array.of(5, 10, 0, 0, 0x03, 0xed, 0, 0, 0x03, 0xf3, 99, 2, 8, 40, 0, 0)
    const rungs = told(new TcpTalk().open().raw('received', { options: sack }))
    expect(rungs[3]?.fields.at(-1)?.fields?.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'SACK: 5 (1005 on the wire) to 11 (1011 on the wire)',
      'Option 99: 2 bytes',
      'Malformed option: its length leads out of the header',
    ])
  })
})

describe('what is out of the ordinary', () => {
  test('RST instead of an answer: nobody listens', () => {
    const rung = last(new TcpTalk().raw('sent', { flags: syn }).raw('received', { flags: rst | ack, sequence: 0 }))
    expect(rung).toMatchObject({ label: { en: 'RST' }, alarming: true, clause: 'RFC 9293 §3.5.2' })
    expect(rung?.sentence.en).toMatch(/^The server refuses: no program listens/)
    expect(rung?.sentence.zh).toMatch(/^服务器拒绝连接/)
  })

  test('RST in the middle cuts off; RST after both FINs harms nobody', () => {
    const cut = last(new TcpTalk().open().raw('received', { flags: rst }))
    expect([cut?.alarming, cut?.sentence.en.slice(0, 30)]).toEqual([true, 'The server cuts the connection'])
    const late = last(new TcpTalk().open().finish('sent').finish('received').raw('sent', { flags: rst }))
    expect([late?.alarming, late?.sentence.en.slice(0, 35)]).toEqual([false, 'The client answers what came late: '])
  })

  test('a retransmission, a late segment and a gap say so on the arrow and in the sentence', () => {
    const again = last(
      new TcpTalk()
        .open()
        .say('sent', 'abc')
        .raw('sent', { sequence: 1001, payload: Buffer.from('abc') }),
    )
    expect(again).toMatchObject({ label: { en: '3 bytes (again)', zh: '3 字节（重传）' }, alarming: true })
    expect([again?.clause, again?.sentence.en]).toEqual([
      'RFC 9293 §3.8.1',
      expect.stringMatching(/numbers 1 to 3 of its stream\. It sends this again/),
    ])
    const late = new TcpTalk()
      .open()
      .raw('sent', { sequence: 1004, payload: Buffer.from('def') })
      .say('sent', 'abc')
    expect(last(late)).toMatchObject({ label: { en: '3 bytes (late)' }, alarming: false })
    const gap = last(new TcpTalk().open().skip('sent', 9).say('sent', 'xyz'))
    expect(gap).toMatchObject({ label: { en: '3 bytes (after a gap)' }, alarming: true })
  })

  test('a window of zero, and room again', () => {
    const talk = new TcpTalk().open().raw('received', { window: 0 }).raw('received', { window: 9 })
    const [, , , full, room] = told(talk)
    expect([full?.alarming, full?.clause]).toEqual([true, 'RFC 9293 §3.8.6'])
    expect(full?.sentence.en).toMatch(/^The server can take in nothing more for now/)
    expect(room?.sentence.en).toBe('The server has room again, for 9 bytes. The client may go on.')
  })

  test('a keep-alive', () => {
    const rung = last(new TcpTalk().open().say('sent', 'abc').raw('sent', { sequence: 1003 }))
    expect(rung).toMatchObject({
      label: { en: 'keep-alive', zh: '保活探测' },
      clause: 'RFC 9293 §3.8.4',
      alarming: false,
    })
  })

  test('both open, and both close, at the same time', () => {
    const talk = new TcpTalk().raw('sent', { flags: syn }).raw('received', { flags: syn })
    expect(told(talk)[1]?.sentence.en).toMatch(/both sides began at the same time/)
    const close = new TcpTalk()
      .open()
      .raw('sent', { flags: fin | ack })
      .raw('received', { flags: fin | ack })
    expect(last(close)?.sentence.en).toMatch(/both close at the same time/)
  })

  test('over a proxy, it is the proxy who answers', () => {
    const [connection] = openCapture(pcapFile(new TcpTalk().open().packets)).connections
    const teller = new SegmentTeller()
    const rungs = connection?.segments.map((segment) => teller.tell(segment, 'proxy')) ?? []
    expect(labels(rungs)).toEqual(['client: SYN', 'proxy: SYN-ACK', 'client: ACK'])
    expect(rungs[1]?.sentence.zh).toMatch(/^代理同意/)
  })
})

test('a segment that was cut, or is no segment at all, is told without fields that are not there', () => {
  const segment: Segment = {
    direction: 'sent',
    atMs: 0,
    inferred: false,
    flags: ['ACK'],
    sequence: 1,
    acknowledgement: 1,
    window: 1,
    payloadBytes: 10,
    note: undefined,
    bytes: new Uint8Array(7),
  }
  expect(new SegmentTeller().tell(segment)).toMatchObject({ fields: [], bytes: '', label: { en: '10 bytes' } })
})
