import type {
  Closing,
  ConnectionReport,
  ReportChange,
  RequestRecord,
  ResponseRecord,
  RuleVerdict,
  StageRecord,
  Verdict,
} from 'centouno/telling'
import type { AgentNews, LogEntry } from '../../src/agent/agent-message.ts'
import { nextFrame } from './frame-key.ts'
import type { FrameCounts, FrameKey } from './frame-key.ts'
import { climb, emptyLadder } from './ladder-model.ts'
import type { LadderView } from './ladder-model.ts'

/**
 * Where the page's one connection stands. `failed`: it never opened. `lost`: the agent went away, and took the
 * connection with it.
 */
export type Phase = 'idle' | 'connecting' | 'open' | 'closing' | 'closed' | 'failed' | 'lost'

/** How a connection ended, as it travels in JSON. */
export type ToldClosing = Omit<Closing, 'error'>

/** A line of the log with its number, counted from 1 over the whole connection. */
export interface NumberedEntry {
  readonly number: number
  readonly entry: LogEntry
  /** The frame that carried it, or ended it. */
  readonly frame: FrameKey
}

/** An order the agent could not carry out. */
export interface Trouble {
  readonly code: string
  readonly sentence: string
}

/** One connection, as far as it has been told. */
export interface ConnectionView {
  /** Empty before the first attempt. */
  readonly id: string
  readonly url: string
  readonly phase: Phase
  readonly stages: readonly StageRecord[]
  readonly request: RequestRecord | null
  readonly response: ResponseRecord | null
  readonly rules: readonly RuleVerdict[]
  readonly verdict: Verdict | null
  readonly startedAt: string
  readonly closing: ToldClosing | null
  /** The newest lines, at most `logCap`. */
  readonly log: readonly NumberedEntry[]
  /** Lines logged so far, the forgotten ones included. */
  readonly logged: number
  /** Messages and control frames logged so far, by direction and kind. */
  readonly counts: FrameCounts
  readonly ladder: LadderView
}

/** Everything the page shows. */
export interface PageView {
  /** The demo server's addresses; null until the agent has said hello. */
  readonly demo: { readonly echo: string; readonly chat: string; readonly time: string } | null
  readonly version: string
  readonly trouble: Trouble | null
  readonly connection: ConnectionView
}

/** Lines of the log that are kept and shown: enough to read, few enough to draw. */
export const logCap = 400

const noConnection: ConnectionView = {
  id: '',
  url: '',
  phase: 'idle',
  stages: [],
  request: null,
  response: null,
  rules: [],
  verdict: null,
  startedAt: '',
  closing: null,
  log: [],
  logged: 0,
  counts: {},
  ladder: emptyLadder,
}

/** The page before the agent has said anything. */
export const emptyPage: PageView = { demo: null, version: '', trouble: null, connection: noConnection }

/** A new attempt begins; what the last one left is forgotten. */
export function beginAttempt(page: PageView, id: string, url: string): PageView {
  return { ...page, trouble: null, connection: { ...noConnection, id, url, phase: 'connecting' } }
}

/** The page asked for the closing handshake. */
export function beginClosing(page: PageView): PageView {
  return page.connection.phase === 'open' ? withConnection(page, { phase: 'closing' }) : page
}

/** The agent is gone, and a connection it held is gone with it. */
export function agentLost(page: PageView): PageView {
  return isAlive(page.connection.phase) ? withConnection(page, { phase: 'lost' }) : page
}

/** What went wrong has been read. */
export function dismissTrouble(page: PageView): PageView {
  return { ...page, trouble: null }
}

/** True while there is something to cancel or to close. */
export function isAlive(phase: Phase): boolean {
  return phase === 'connecting' || phase === 'open' || phase === 'closing'
}

/** Stands in for the verdict while there is none. */
const noVerdict: Verdict = { ok: false, stage: 'resolve', code: '', sentence: '', hint: '', details: {} }

/** The report as far as it has been told; null before the first stage. */
export function reportSoFar(connection: ConnectionView): ConnectionReport | null {
  const { url, startedAt, verdict, stages, request, response, rules } = connection
  if (stages.length === 0 && verdict === null) return null
  return { url, startedAt, verdict: verdict ?? noVerdict, stages, request, response, rules }
}

/** Applies news in the order they came; rungs all at once, for there may be thousands of them. */
export function applyAll(page: PageView, batch: readonly AgentNews[]): PageView {
  const told = batch.reduce(applyNews, page)
  const { id, ladder } = told.connection
  const rungs = batch.flatMap((news) => (news.news === 'rung' && news.id === id ? [news.rung] : []))
  return rungs.length === 0 ? told : withConnection(told, { ladder: climb(ladder, rungs) })
}

/** Applies one piece of news, unless it is a rung. News of an earlier connection are old news and change nothing. */
export function applyNews(page: PageView, news: AgentNews): PageView {
  if (news.news === 'hello') return { ...page, demo: news.demo, version: news.version }
  const mine = news.id === page.connection.id
  if (news.news === 'trouble') return mine || news.id === '' ? applyTrouble(page, news) : page
  if (!mine) return page
  switch (news.news) {
    case 'change':
      return withConnection(page, changed(page.connection, news.change))
    case 'report':
      return withConnection(page, reported(page.connection, news.report))
    case 'message':
      return withConnection(page, logged(page.connection, news.entry))
    case 'rung':
      return page
    case 'closed':
      return withConnection(page, { phase: 'closed', closing: news.closing })
  }
}

function withConnection(page: PageView, part: Partial<ConnectionView>): PageView {
  return { ...page, connection: { ...page.connection, ...part } }
}

function applyTrouble(page: PageView, { code, sentence }: Trouble): PageView {
  return { ...withConnection(page, { phase: phaseAfterTrouble(page.connection) }), trouble: { code, sentence } }
}

/** An attempt that ends in trouble gets no report, and an order to close that was refused closes nothing. */
function phaseAfterTrouble({ phase }: ConnectionView): Phase {
  if (phase === 'connecting') return 'failed'
  return phase === 'closing' ? 'open' : phase
}

function changed(connection: ConnectionView, change: ReportChange): Partial<ConnectionView> {
  switch (change.kind) {
    case 'stage':
      return { stages: withStage(connection.stages, change.stage) }
    case 'request':
      return { request: change.request }
    case 'response':
      return { response: change.response }
    case 'rules':
      return { rules: change.rules }
    case 'verdict':
      return { verdict: change.verdict }
  }
}

/** A stage is told when it begins and again when it ends: the later telling replaces the earlier. */
function withStage(stages: readonly StageRecord[], stage: StageRecord): readonly StageRecord[] {
  const at = stages.findIndex(({ name }) => name === stage.name)
  return at === -1 ? [...stages, stage] : stages.with(at, stage)
}

function reported(connection: ConnectionView, report: ConnectionReport): Partial<ConnectionView> {
  const { url, startedAt, verdict, stages, request, response, rules } = report
  const settled = connection.phase !== 'connecting' && connection.phase !== 'failed'
  const phase = settled ? connection.phase : verdict.ok ? 'open' : 'failed'
  return { url, startedAt, verdict, stages, request, response, rules, phase }
}

function logged(connection: ConnectionView, entry: LogEntry): Partial<ConnectionView> {
  const number = connection.logged + 1
  const kept = connection.log.length < logCap ? connection.log : connection.log.slice(1 - logCap)
  const [frame, counts] = nextFrame(connection.counts, entry.direction, entry.kind)
  return { log: [...kept, { number, entry, frame }], logged: number, counts }
}
