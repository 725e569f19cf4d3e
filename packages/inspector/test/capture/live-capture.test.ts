import { connect, endpoint, listen } from 'centouno'
import type { Server } from 'centouno'
import { EventEmitter, once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/capture-error.ts'
import { startTool } from '../../src/capture/capture-process.ts'
import type { CaptureTool } from '../../src/capture/capture-tool.ts'
import { startLiveCapture } from '../../src/capture/live-capture.ts'
import { openCapture } from '../../src/capture/open-capture.ts'
import { flagMasks, readTcpHeader } from '../../src/tcp/tcp-header.ts'
import { SegmentTeller } from '../../src/tcp/segment-rung.ts'
import type { Segment } from '../../src/wire/segment.ts'
import { missingForCaptures, toolNamed, tsharkFields } from '../support/capture-tools.ts'
import { nextMessage } from '../support/messages.ts'
import { said } from '../support/tcp-talk.ts'
import { WrittenCapture } from '../support/written-capture.ts'

/** Real packets of a real connection over loopback, as tcpdump and dumpcap see them, and what tshark says of them. */

const missing = missingForCaptures('tcpdump', 'dumpcap', 'tshark')
const folder = mkdtempSync(join(tmpdir(), 'centouno-capture-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const now = (): number => performance.timeOrigin + performance.now()
const echo = endpoint('/', { message: (socket, data) => socket.send(data) })

function startEcho(): Promise<Server> {
  return listen({ port: 0, host: '127.0.0.1', origins: 'any' }, echo)
}

/** One connection from SYN to FIN: a message there and back. Resolves with the client's port. */
async function talk(server: Server): Promise<number> {
  const socket = await connect(`ws://127.0.0.1:${server.port}/`)
  await socket.send('hello from a real socket')
  expect(await nextMessage(socket)).toBe('hello from a real socket')
  await socket.close(1000, 'done')
  return Number(socket.report.stages.find(({ name }) => name === 'connect')?.facts['localPort'])
}

function controlBits(flags: readonly string[]): number {
  return flagMasks.reduce((bits, [flag, mask]) => (flags.includes(flag) ? bits | mask : bits), 0)
}

/** What tshark is asked of each segment. */
const segmentFields = [
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.len',
  'tcp.time_relative',
  'tcp.seq',
  'tcp.ack',
  'tcp.window_size',
  'tcp.options.mss_val',
  'tcp.options.wscale.shift',
  'tcp.options.timestamp.tsval',
  'tcp.srcport',
  'tcp.payload',
]

describe.skipIf(missing !== '')(`a live capture${missing}`, { timeout: 60_000 }, () => {
  for (const name of ['tcpdump', 'dumpcap']) {
    for (const on of ['any', 'lo']) {
      test(`${name} on ${on}: SYN, SYN-ACK, ACK, the data, and FIN from both sides`, async () => {
        await using server = await startEcho()
        const capture = await startLiveCapture([{ address: '127.0.0.1', port: server.port }], {
          tools: [toolNamed(name)],
          interface: on,
        })
        const startMs = now()
        const port = await talk(server)
        const segments: Segment[] = []
        const client = { address: '127.0.0.1', port }
        const address = { address: '127.0.0.1', port: server.port }
        expect(await capture.follow(client, address, startMs, (segment) => segments.push(segment))).toBe(true)
        expect(await capture.stop()).toEqual([])

        const teller = new SegmentTeller()
        const told = segments.map((segment) => {
          const { from, label } = teller.tell(segment)
          return `${from}: ${label.en}`
        })
        expect(told.slice(0, 3)).toEqual(['client: SYN', 'server: SYN-ACK', 'client: ACK'])
        expect(told).toContainEqual(expect.stringMatching(/^client: \d+ bytes$/))
        // A busy machine may send one of them twice.
        const finishing = told.filter((line) => line.includes('FIN')).map((line) => line.split(':')[0])
        expect([...new Set(finishing)].sort()).toEqual(['client', 'server'])
        expect(segments.every(({ atMs }, index) => atMs >= (segments[index - 1]?.atMs ?? 0))).toBe(true)
        // The header alone: what it carries, secrets and all, is not kept.
        expect(segments.map(({ bytes }) => bytes.length)).toEqual(
          segments.map(({ bytes }) => readTcpHeader(bytes)?.length),
        )
        expect(Math.max(...segments.map(({ payloadBytes }) => payloadBytes))).toBeGreaterThan(100)
        // Nothing is older than the attempt. The clocks of the kernel and of Node may differ by their resolution.
        expect(segments[0]?.atMs).toBeGreaterThan(-5)
      })
    }
  }

  test('several connections to one server, each told by itself, whether it was made before or after', async () => {
    await using server = await startEcho()
    const address = { address: '127.0.0.1', port: server.port }
    await using capture = await startLiveCapture([address])
    const ports = [await talk(server), await talk(server)]
    for (const port of ports) {
      const segments: Segment[] = []
      const client = { address: '127.0.0.1', port }
      expect(await capture.follow(client, address, 0, (segment) => segments.push(segment))).toBe(true)
      expect(segments.filter(({ flags }) => flags.join() === 'SYN')).toHaveLength(1)
    }
    const socket = await connect(`ws://127.0.0.1:${server.port}/`)
    const port = Number(socket.report.stages.find(({ name }) => name === 'connect')?.facts['localPort'])
    const flags: string[] = []
    const client = { address: '127.0.0.1', port }
    const ended = capture.follow(client, address, 0, (segment) => flags.push(segment.flags.join(' ')))
    await socket.close()
    expect(await ended).toBe(true)
    expect(flags.slice(0, 3)).toEqual(['SYN', 'SYN ACK', 'ACK'])
  })

  test('a capture that is stopped ends what it follows', async () => {
    const server = { address: '127.0.0.1', port: 9 }
    const capture = await startLiveCapture([server])
    const followed = capture.follow({ address: '127.0.0.1', port: 1 }, server, 0, () => {})
    const client = capture.firstClient(server)
    await capture.stop()
    expect([await followed, await client]).toEqual([false, undefined])
  })

  test('a port where nobody listens: SYN, answered by RST', async () => {
    const gone = await startEcho()
    const server = { address: '127.0.0.1', port: gone.port }
    await gone.close()
    await using capture = await startLiveCapture([server])
    const startMs = now()
    await expect(connect(`ws://127.0.0.1:${server.port}/`)).rejects.toMatchObject({ code: 'CONNECT_REFUSED' })
    const client = await capture.firstClient(server)
    const segments: Segment[] = []
    const ended = await capture.follow(client ?? server, server, startMs, (segment) => segments.push(segment))
    expect(ended).toBe(true)
    expect(segments.map(({ flags }) => flags.join(' '))).toEqual(['SYN', 'ACK RST'])
    const teller = new SegmentTeller()
    expect(segments.map((segment) => teller.tell(segment).alarming)).toEqual([false, true])
  })
})

describe.skipIf(missing !== '')(`a file of tcpdump's and what tshark says of it${missing}`, { timeout: 60_000 }, () => {
  for (const [on, format] of [
    ['lo', 'pcap'],
    ['any', 'pcap'],
    ['any', 'pcapng'],
  ] as const) {
    test(`${format} on ${on}: numbers, flags, windows, lengths and times agree, segment by segment`, async () => {
      await using server = await startEcho()
      const written = new WrittenCapture()
      const tool = toolNamed(format === 'pcap' ? 'tcpdump' : 'dumpcap')
      const order = { interface: on, filter: `tcp and port ${server.port}` }
      const writing = await startTool(tool, order, (chunk) => written.add(chunk))
      const port = await talk(server)
      await written.untilEnd(port)
      await writing?.stop()
      const file = join(folder, `${on}.${format}`)
      await writeFile(file, written.bytes)

      const { connections, notes } = openCapture(readFileSync(file))
      // Others on this machine may use the same number for another port, and are captured in part.
      expect(notes.filter(({ code }) => code !== 'bytes-missing')).toEqual([])
      const ofThese = connections.filter(({ client }) => client.port === port)
      expect(ofThese).toHaveLength(1)
      const [connection] = ofThese
      expect(connection).toMatchObject({
        server: { port: server.port },
        evidence: 'syn',
        end: 'both-finished',
        gaps: [],
      })

      const theirs = tsharkFields(file, segmentFields, '-Y', `tcp.port == ${port} && tcp.port == ${server.port}`)
      const raw = theirs.map(([sequence, acknowledgement, flags, window, length, time]) => [
        Number(sequence),
        Number(acknowledgement),
        Number(flags),
        Number(window),
        Number(length),
        Math.round(Number(time) * 1e6),
      ])
      const ours = connection?.segments.map(({ sequence, acknowledgement, flags, window, payloadBytes, atMs }) => [
        sequence,
        acknowledgement,
        controlBits(flags),
        window,
        payloadBytes,
        Math.round(atMs * 1000),
      ])
      expect(ours).toEqual(raw)
      expect(ours?.map((numbers) => numbers[2]).slice(0, 3)).toEqual([0x02, 0x12, 0x10])

      const teller = new SegmentTeller()
      for (const [index, segment] of (connection?.segments ?? []).entries()) {
        const { fields } = teller.tell(segment)
        const value = (wanted: string): string => fields.find(({ name }) => name === wanted)?.value ?? ''
        const [sequence, acknowledgement, window] = theirs[index]?.slice(6, 9) ?? []
        expect(value('Sequence Number').split(' ')[0]).toBe(sequence)
        expect(value('Acknowledgment Number').split(' ')[0]).toBe(acknowledgement)
        expect(value('Window')).toMatch(new RegExp(`(^|= )${window} bytes$`))
      }

      const [maximum, shift, timestamp] = theirs[0]?.slice(9, 12).map(Number) ?? []
      const header = readTcpHeader(connection?.segments[0]?.bytes ?? new Uint8Array(0))
      expect(header?.options).toMatchObject([
        { kind: 'maximum-segment-size', bytes: maximum },
        { kind: 'sack-permitted' },
        { kind: 'timestamps', value: timestamp },
        { kind: 'no-operation' },
        { kind: 'window-scale', shift },
      ])

      for (const [direction, from] of [
        ['sent', port],
        ['received', server.port],
      ] as const) {
        const theirStream = theirs.filter((fields) => Number(fields[12]) === from).map((fields) => fields[13] ?? '')
        expect(Buffer.from(said(connection ?? { tape: [] }, direction), 'latin1').toString('hex')).toBe(
          theirStream.join(''),
        )
      }
      expect(said(connection ?? { tape: [] }, 'received')).toMatch(/^HTTP\/1\.1 101 /)
    })
  }
})

/** A program in place of the tool, which says what a tool says and ends. */
function saying(name: string, words: string): CaptureTool {
  const script = `process.stderr.write(${JSON.stringify(words)}); process.exitCode = 1`
  return { name, commands: [process.execPath], arguments: () => ['-e', script], ready: /listening on / }
}

describe('without a capture', () => {
  const endpoints = [{ address: '127.0.0.1', port: 9 }]
  const absent: CaptureTool = { ...saying('tcpdump', ''), commands: ['no-such-program-centouno'] }

  async function failure(...tools: readonly CaptureTool[]): Promise<CaptureError> {
    try {
      await using capture = await startLiveCapture(endpoints, { tools })
      throw new Error(`${capture.tool} captures`)
    } catch (error) {
      if (error instanceof CaptureError) return error
      throw error
    }
  }

  test('no tool is at hand', async () => {
    expect((await failure(absent, absent)).code).toBe('CAPTURE_NO_TOOL')
  })

  test('the tool may not: its reason is told, and how to allow it', async () => {
    const error = await failure(
      absent,
      saying(
        'dumpcap',
        'Capturing on \'any\'\ndumpcap: You do not have permission to capture on device "any".\n(socket: Operation not permitted)\n',
      ),
    )
    expect(error.code).toBe('CAPTURE_NOT_PERMITTED')
    expect(error.sentence.en).toBe(
      'dumpcap may not capture packets here: You do not have permission to capture on device "any".',
    )
    expect(error.hint.zh).toContain('setcap')
  })

  test('the tool cannot: its reason is told', async () => {
    const error = await failure(saying('tcpdump', 'tcpdump: nosuch: No such device exists\n(No such device exists)\n'))
    expect(error.code).toBe('CAPTURE_FAILED')
    expect(error.sentence.en).toBe('tcpdump could not capture: nosuch: No such device exists.')
  })

  test('a tool that ends by itself later is told, and what is followed ends', async () => {
    const tool: CaptureTool = {
      name: 'tcpdump',
      commands: [process.execPath],
      arguments: () => ['-e', `process.stderr.write('tcpdump: listening on lo\\n'); process.stdin.on('end', () => {})`],
      ready: /listening on /,
    }
    const failures = new EventEmitter()
    const failed = once(failures, 'failed')
    await using capture = await startLiveCapture(endpoints, {
      tools: [tool],
      failed: (error) => failures.emit('failed', error),
    })
    const [endpointOfServer = { address: '', port: 0 }] = endpoints
    expect(await capture.follow({ address: '127.0.0.1', port: 1 }, endpointOfServer, 0, () => {})).toBe(false)
    expect(await failed).toMatchObject([{ code: 'CAPTURE_FAILED' }])
  })

  test('what the tool writes is no capture: it is told, and nothing is thrown', async () => {
    const script = `process.stderr.write('listening on lo\\n'); process.stdout.write('no capture'); setInterval(() => {}, 1000)`
    const tool: CaptureTool = {
      name: 'tcpdump',
      commands: [process.execPath],
      arguments: () => ['-e', script],
      ready: /listening on /,
    }
    const failures = new EventEmitter()
    const failed = once(failures, 'failed')
    await using capture = await startLiveCapture(endpoints, {
      tools: [tool],
      failed: (error) => failures.emit('failed', error),
    })
    expect(await failed).toMatchObject([{ code: 'CAPTURE_UNKNOWN_FORMAT' }])
    expect(capture.tool).toBe('tcpdump')
  })
})
