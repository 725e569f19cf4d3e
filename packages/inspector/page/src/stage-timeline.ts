import type { StageFacts, StageName, StageRecord, Text } from 'centouno/telling'
import { factValue } from '../../src/telling/fact-words.ts'
import type { ConnectionView } from './connection-model.ts'

/** `unreached`: the connection failed before it came to this stage. */
export type StageState = 'waiting' | 'going' | 'done' | 'failed' | 'unreached'

/** One stage as the page draws it. */
export interface StageLine {
  readonly name: StageName
  readonly state: StageState
  /** Null where no time was told. */
  readonly startMs: number | null
  readonly durationMs: number | null
  /** The bar, in percent of the waterfall; null when there is nothing to draw. */
  readonly bar: { readonly left: number; readonly width: number } | null
  readonly facts: readonly (readonly [name: string, value: Text])[]
}

const order: readonly StageName[] = ['resolve', 'connect', 'proxy', 'secure', 'upgrade', 'open', 'close', 'disconnect']
/** The stages that make the waterfall's scale: what comes after them lasts as long as the user likes. */
const establishing: ReadonlySet<StageName> = new Set(['resolve', 'connect', 'proxy', 'secure', 'upgrade'])
/** A bar thinner than this cannot be seen. */
const leastWidth = 0.75

/** The stages of a connection in their order, the ones still to come included. */
export function stageTimeline(connection: ConnectionView): readonly StageLine[] {
  const records = new Map(connection.stages.map((record) => [record.name, record]))
  const scale = timeScale(connection.stages)
  return order
    .filter((name) => records.has(name) || isExpected(name, connection.url))
    .map((name) => {
      const record = records.get(name)
      return {
        name,
        state: stateOf(name, record, connection),
        startMs: record?.startMs ?? null,
        durationMs: record === undefined || record.endMs === null ? null : record.endMs - record.startMs,
        bar: record === undefined ? null : barOf(record, scale),
        facts: record === undefined ? [] : factsOf(record),
      }
    })
}

/** The time until it was open or had failed; null while it goes on. */
export function establishmentMs(connection: ConnectionView): number | null {
  const ends = connection.stages.filter(({ name }) => establishing.has(name)).map(({ endMs }) => endMs)
  const last = ends.at(-1)
  return connection.verdict === null || last === undefined ? null : last
}

function isExpected(name: StageName, url: string): boolean {
  if (name === 'proxy') return false
  return name !== 'secure' || /^(wss|https):/i.test(url.trim())
}

/** The time the waterfall spans. It begins with the first stage, so that a slow start of the agent takes no room. */
interface TimeScale {
  readonly fromMs: number
  readonly spanMs: number
}

function timeScale(stages: readonly StageRecord[]): TimeScale {
  const shown = stages.filter(({ name }) => establishing.has(name))
  const fromMs = Math.min(...shown.map(({ startMs }) => startMs))
  // A stage that goes on is given as much room as everything before it: enough to be seen, whenever it will end.
  const toMs = Math.max(...shown.map(({ startMs, endMs }) => endMs ?? startMs + (startMs - fromMs)))
  return { fromMs, spanMs: Math.max(0.001, toMs - fromMs) }
}

function barOf({ name, startMs, endMs }: StageRecord, { fromMs, spanMs }: TimeScale): StageLine['bar'] {
  if (!establishing.has(name)) return null
  const left = Math.min(((startMs - fromMs) / spanMs) * 100, 100 - leastWidth)
  const right = endMs === null ? 100 : ((endMs - fromMs) / spanMs) * 100
  return { left, width: Math.max(right - left, leastWidth) }
}

function stateOf(name: StageName, record: StageRecord | undefined, connection: ConnectionView): StageState {
  const { phase, verdict, closing } = connection
  if (record?.ok === false) return 'failed'
  if (name === 'open' && verdict?.ok === true) return phase === 'open' || phase === 'connecting' ? 'going' : 'done'
  if (record !== undefined && record.endMs !== null) return 'done'
  // A closing is told as a whole; the stages it walked may not have been told one by one.
  if (name === 'close' && closing !== null) return closing.clean ? 'done' : 'failed'
  if (name === 'disconnect' && closing !== null) return 'done'
  if (phase === 'failed' || phase === 'lost') return 'unreached'
  if (record !== undefined || (name === 'close' && phase === 'closing')) return 'going'
  return 'waiting'
}

function factsOf(record: StageRecord): StageLine['facts'] {
  const bytes: StageFacts = {
    ...(record.bytesSent === null ? {} : { bytesSent: record.bytesSent }),
    ...(record.bytesReceived === null ? {} : { bytesReceived: record.bytesReceived }),
  }
  return Object.entries({ ...record.facts, ...bytes }).map(([name, value]) => [name, factValue(name, value)])
}

/** Milliseconds as one reads them: `0.42 ms`, `12.3 ms`, `1.24 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10_000 ? 1 : 2)} s`
  if (ms >= 100) return `${ms.toFixed(0)} ms`
  return `${ms.toFixed(ms >= 10 ? 1 : 2)} ms`
}
