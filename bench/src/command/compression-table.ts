import { compression, type CompressionOptions } from 'centouno'
import { pair, type Pair } from 'centouno/testing'
import { sampleJson } from '../load/compressed-messages.ts'
import { markdownTable } from '../report/table.ts'

/** As many as keep the contexts of one out of the caches of the next. */
const connections = 16
const differentMessages = 64
const rounds = 7
/** Bytes of text per round and connection. */
const bytesPerRound = 64 * 1024

const shapes: readonly (readonly [level: number, windowBits: number, memoryLevel: number])[] = [
  [1, 13, 5],
  [3, 11, 5],
  [3, 13, 5],
  [3, 13, 8],
  [3, 15, 8],
  [6, 13, 5],
  [6, 15, 8],
]

type Setting = Partial<CompressionOptions> | false

/**
 * What a level, a window and a memory level cost and save: JSON from one end to the other of sockets in memory, compressed
 * and inflated. The least of some rounds that take turns, so that a busy machine shows as little as can be.
 */
export async function compressionTable(): Promise<string> {
  const parts: string[] = []
  for (const length of [1024, 16 * 1024]) {
    const messages = sampleJson(differentMessages, length)
    const taking = await measure(messages, [false, ...shapes.map((shape) => setting(shape, true))])
    const alone = await measure(messages, [false, ...shapes.map((shape) => setting(shape, false))])
    const line = (name: string, index: number): string[] => [
      name,
      taking[index]?.cpu.toFixed(1) ?? '',
      percent(taking[index]?.ratio),
      // Longer messages bring a context that inflates with the same message.
      index === 0 || length > 1024 ? '' : `${Math.round((taking[index]?.contextBytes ?? 0) / 1024)}`,
      index === 0 ? '' : (alone[index]?.cpu.toFixed(1) ?? ''),
      index === 0 ? '' : percent(alone[index]?.ratio),
    ]
    const header = ['level, window, memory', 'takeover: CPU µs', 'size', 'KiB of a context', 'alone: CPU µs', 'size']
    const lines = shapes.map(([level, windowBits, memoryLevel], index) =>
      line(`${level}, ${windowBits}, ${memoryLevel}`, index + 1),
    )
    parts.push(
      `${length / 1024} KiB of JSON, sent and received:\n`,
      markdownTable(header, [line('not compressed', 0), ...lines]),
      '',
    )
  }
  return parts.join('\n')
}

function setting([level, windowBits, memoryLevel]: (typeof shapes)[number], takeover: boolean): Setting {
  return { level, windowBits, memoryLevel, takeover }
}

interface Measured {
  /** Microseconds per message. */
  cpu: number
  /** Bytes sent over bytes of text. */
  ratio: number
  /** Of one context that compresses, as the budget counts it. */
  contextBytes: number
}

async function measure(messages: readonly string[], settings: readonly Setting[]): Promise<Measured[]> {
  const found = settings.map((): Measured => ({ cpu: Infinity, ratio: 1, contextBytes: 0 }))
  const count = Math.max(messages.length, Math.round(bytesPerRound / (messages[0]?.length ?? 1)))
  for (let round = 0; round < rounds; round++) {
    for (const [index, chosen] of settings.entries()) {
      const pairs = Array.from({ length: connections }, () => reading(chosen))
      const contextBytes = await begin(pairs, messages)
      // Beyond this, contexts and windows are as they stay.
      await send(pairs, messages, count)
      const sentBefore = sum(pairs)
      const began = process.cpuUsage()
      await send(pairs, messages, count)
      const { user, system } = process.cpuUsage(began)
      const one = found[index] as Measured
      one.cpu = Math.min(one.cpu, (user + system) / (count * connections))
      const text = Array.from({ length: count }, (_, at) => messages[at % messages.length]?.length ?? 0)
      one.ratio = (sum(pairs) - sentBefore) / (connections * text.reduce((all, each) => all + each, 0))
      one.contextBytes = contextBytes
      for (const { client, server } of pairs) {
        client.terminate()
        server.terminate()
      }
    }
  }
  return found
}

function reading(chosen: Setting): Pair {
  const made = pair({ compression: chosen })
  made.client.consume({ message: () => undefined, closed: () => undefined })
  return made
}

/** The first message goes by the context that all share, the second brings one for each connection. */
async function begin(pairs: readonly Pair[], messages: readonly string[]): Promise<number> {
  await send(pairs, messages, 1)
  const before = compression.held
  await send(pairs, messages, 1)
  return (compression.held - before) / pairs.length
}

async function send(pairs: readonly Pair[], messages: readonly string[], count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const message = messages[at % messages.length] ?? ''
    for (const { server } of pairs) await server.send(message)
  }
}

function sum(pairs: readonly Pair[]): number {
  return pairs.reduce((all, { toClient }) => all + toClient.bytes, 0)
}

function percent(ratio: number | undefined): string {
  return ratio === undefined ? '' : `${Math.round(100 * ratio)} %`
}
